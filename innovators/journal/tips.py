"""A way of working that others have found good, for each part of the work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import ProcessPart

PART_TIPS = [
    (
        ProcessPart.UNDERSTAND.label,
        _("Ask five people who live with it: when was it last hard? Write down their own words."),
    ),
    (
        ProcessPart.ENVISION.label,
        _("Tell what an ordinary Tuesday looks like when you have made it. Let others add to the story."),
    ),
    (
        ProcessPart.MOBILISE.label,
        _("Draw a map of everybody who is touched by it. Who is missing, and who can open a door?"),
    ),
    (
        ProcessPart.DEVELOP.label,
        _(
            "Try the smallest piece that can teach you something. Decide beforehand what would change your mind."
        ),
    ),
    (
        ProcessPart.REALISE.label,
        _("Write down what must stay the same, so that others can do the rest in their own way."),
    ),
    (
        ProcessPart.VALUE.label,
        _("Choose one number and one story. Ask those it is for what has become better."),
    ),
]
