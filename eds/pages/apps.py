from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "eds.pages"
    label = "pages"

    def ready(self) -> None:
        from eds.ui import menu

        from . import frame

        menu.register(frame.menu, anonymous=True)
        menu.register_footer(frame.footer, anonymous=True)
        menu.register_organisation(frame.organisation)
