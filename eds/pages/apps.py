from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "eds.pages"
    label = "pages"

    def ready(self) -> None:
        from eds.assessments import contracts
        from eds.ui import menu

        from . import frame, timeline
        from .mails import kinds, telling

        menu.register(frame.menu, anonymous=True)
        menu.register_footer(frame.footer, anonymous=True)
        menu.register_organisation(frame.organisation)
        contracts.timeline_source(timeline.moves)
        contracts.timeline_source(timeline.scope)
        kinds.register_all()
        contracts.phase_effect(telling.tell_of_phase)
        contracts.publish_effect(telling.tell_of_publication)
