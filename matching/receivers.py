"""What this app hears from below, and what it hangs up there. Connected once, when apps are ready."""

from __future__ import annotations

from brygga.organisations.signals import organisation_changed, organisation_verified
from funders.signals import offer_changed, offer_published, offer_withdrawn
from innovators.querysets import register_visibility_rule
from innovators.signals import initiative_changed, initiative_published, initiative_withdrawn
from matching.adopting.demo import load_demo_adopters
from matching.applying import receivers as applying
from matching.challenges.demo import load_demo_challenges
from matching.engine import receivers as engine
from matching.engine.visibility import fits_an_offer_of
from matching.exchange.stories import load_demo_desk, load_demo_promises
from matching.exchange.telling import load_demo_records
from matching.following import receivers as following
from matching.meeting import handed_over
from matching.meeting.conversation import receivers as conversation
from matching.offering.asking import ask_when_published, ask_when_verified
from matching.offering.services import put_on_shortlist
from matching.public.kept import note_change
from matching.signals import demo_loading, demo_matched
from matching.together import receivers as together


def connect() -> None:
    """Connect every receiver; doing it again changes nothing."""
    applying.connect()
    following.connect()
    together.connect()
    conversation.connect()
    handed_over.connect()
    for signal in (initiative_published, initiative_changed, initiative_withdrawn):
        signal.connect(engine.initiative_touched, dispatch_uid="matching.rescore_initiative")
    for signal in (offer_published, offer_changed, offer_withdrawn):
        signal.connect(engine.offer_touched, dispatch_uid="matching.rescore_offer")
    for signal in (
        *(initiative_published, initiative_changed, initiative_withdrawn),
        *(offer_published, offer_changed, offer_withdrawn),
    ):
        signal.connect(note_change, dispatch_uid="matching.public_counts")
    offer_published.connect(put_on_shortlist, dispatch_uid="matching.begun_for")
    # After the shortlist: who is asked about lies on it.
    offer_published.connect(ask_when_published, dispatch_uid="matching.ask_begun_for")
    organisation_verified.connect(ask_when_verified, dispatch_uid="matching.ask_when_verified")
    organisation_changed.connect(engine.owner_changed, dispatch_uid="matching.rescore_owner")
    register_visibility_rule(fits_an_offer_of)
    demo_loading.connect(load_demo_adopters, dispatch_uid="matching.demo_adopters")
    demo_loading.connect(load_demo_challenges, dispatch_uid="matching.demo_challenges")
    demo_loading.connect(load_demo_records, dispatch_uid="matching.demo_records")
    demo_loading.connect(load_demo_promises, dispatch_uid="matching.demo_promises")
    demo_matched.connect(load_demo_desk, dispatch_uid="matching.demo_desk")
