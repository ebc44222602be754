from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "eds.pages"
    label = "pages"

    def ready(self) -> None:
        from eds.assessments import contracts
        from eds.ui import menu

        from . import frame, timeline

        menu.register(frame.menu, anonymous=True)
        menu.register_footer(frame.footer, anonymous=True)
        menu.register_organisation(frame.organisation)
        contracts.timeline_source(timeline.moves)
