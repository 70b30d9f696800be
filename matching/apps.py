from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from brygga.core import warming  # noqa: PLC0415 - models are ready only now
        from matching import receivers, slots  # noqa: PLC0415 - as above
        from matching.adopting import leaving as adoption_contacts  # noqa: PLC0415 - as above
        from matching.adopting import slots as adopting_slots  # noqa: PLC0415 - as above
        from matching.answers import own_words  # noqa: PLC0415 - as above
        from matching.applying import slots as applying_slots  # noqa: PLC0415 - as above
        from matching.awards import slots as awards_slots  # noqa: PLC0415 - as above
        from matching.calendar import slots as calendar_slots  # noqa: PLC0415 - as above
        from matching.challenges import slots as challenges_slots  # noqa: PLC0415 - as above
        from matching.desk import leaving as cases  # noqa: PLC0415 - as above
        from matching.engine.checks import check_dense_model  # noqa: PLC0415 - as above
        from matching.engine.warming import load  # noqa: PLC0415 - as above
        from matching.following import catalogues, gathering, news  # noqa: PLC0415 - as above
        from matching.following import slots as following_slots  # noqa: PLC0415 - as above
        from matching.meeting import leaving as contacts  # noqa: PLC0415 - as above
        from matching.meeting.times import invitations  # noqa: PLC0415 - as above
        from matching.public.services import load_public_counts  # noqa: PLC0415 - as above
        from matching.quick.selectors import warm  # noqa: PLC0415 - as above
        from matching.together import slots as together_slots  # noqa: PLC0415 - as above

        register(check_dense_model)
        receivers.connect()
        # What is registered later stands nearer the top of one's own page: questions that wait before what one follows.
        following_slots.connect()
        slots.connect()
        adopting_slots.connect()
        applying_slots.connect()
        awards_slots.connect()
        calendar_slots.connect()
        challenges_slots.connect()
        own_words.connect()
        catalogues.connect()
        together_slots.connect()
        gathering.connect()
        news.connect()
        cases.connect()
        contacts.connect()
        adoption_contacts.connect()
        invitations.connect()
        warming.register("matching", load)
        warming.register("quick match", warm)
        warming.register("public counts", load_public_counts)
