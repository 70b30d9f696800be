"""Every service that asks "may I?", and who may. The second wall behind the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from brygga.organisations import services as organisations
from brygga.organisations.models import Invitation, Membership
from brygga.search import services as searches
from brygga.search.models import SavedSearch
from brygga.taxonomy.enums import SupportKind
from brygga.users.models import User
from funders import services as funders
from innovators import services as innovators
from innovators.models import JournalEntry
from innovators.records import services as records
from intermediaries import services as intermediaries
from intermediaries.models import Flag
from matching.desk import deciding, recusing
from matching.desk import services as desk
from matching.desk.enums import Stage
from matching.desk.models import Recusal
from matching.engine import services as engine
from matching.learning import services as learning
from matching.meeting import selectors as meeting_reads
from matching.meeting import services as meeting
from matching.meeting.conversation import ending, reporting
from matching.meeting.conversation import services as talk
from matching.meeting.conversation.models import Message, MessageReport
from matching.meeting.models import Introduction
from matching.meeting.times import services as times
from matching.meeting.times.models import MeetingProposal
from matching.offering import services as offering
from tests.permissions.world import World

WRITERS, OWNERS, GIVERS, STAFF = ("editor", "owner"), ("owner",), ("giver",), ("staff",)


@dataclass(frozen=True)
class Verb:
    """A call, and the roles it is not refused to (it may refuse them for another reason)."""

    name: str
    allowed: tuple[str, ...]
    call: Callable[[World, User], Any]

    def __str__(self) -> str:
        return self.name


def is_refused(verb: Verb, world: World, role: str) -> bool:
    """Say whether the service answers that this person may not."""
    person = world.people[role]
    assert person is not None
    actor = User.objects.get(pk=person.pk)  # without the roles that an earlier call has looked up
    try:
        verb.call(world, actor)
    except PermissionDenied:
        return True
    except Exception as error:
        assert not isinstance(error, TypeError | AttributeError | KeyError), error
    return False


def _call(service: Callable[..., Any], **arguments: Callable[[World], Any]) -> Callable[[World, User], Any]:
    def call(world: World, actor: User) -> Any:
        filled = {name: make(world) for name, make in arguments.items()}
        return service(**filled, actor=actor, now=timezone.now())

    return call


def _initiative(name: str) -> Callable[[World], Any]:
    return lambda world: type(world.initiatives[name]).objects.get(pk=world.initiatives[name].pk)


def _offer(name: str) -> Callable[[World], Any]:
    return lambda world: type(world.offers[name]).objects.get(pk=world.offers[name].pk)


def _organisation(name: str) -> Callable[[World], Any]:
    return lambda world: world.organisations[name]


def _introduction(_: World) -> Any:
    return Introduction.objects.select_related("initiative", "offer").get(state="asked")


def _conversation(_: World) -> Any:
    return Introduction.objects.select_related("initiative", "offer").get(state="accepted", ended_at=None)


def _ended(_: World) -> Any:
    """The giver has ended it."""
    return Introduction.objects.select_related("initiative", "offer").get(ended_side="offer")


def _message(_: World) -> Any:
    """The giver has written it."""
    return Message.objects.select_related("introduction__initiative", "introduction__offer").get()


def _report(world: World) -> Any:
    return MessageReport.objects.create(message=_message(world), reason="fraud")


def _proposal(_: World) -> Any:
    return MeetingProposal.objects.select_related("introduction__initiative", "introduction__offer").get()


def _reader(world: World) -> Any:
    return Membership.objects.select_related("organisation").get(user=world.people["reader"])


def _entry(_: World) -> Any:
    return JournalEntry.objects.select_related("initiative").get(visibility="page")


def _is(value: Any) -> Callable[[World], Any]:
    return lambda _: value


def _recusal(world: World) -> Any:
    giver = world.people["giver"]
    return Recusal.objects.select_related("offer", "initiative").exclude(person=giver).get()


def _search(_: World) -> Any:
    return SavedSearch.objects.get()


_PAIR = {"offer": _offer("offer"), "initiative": _initiative("listed initiative")}
_ASIDE = {"offer": _offer("offer"), "initiative": _initiative("fitting initiative")}
_CONTACT = _is(meeting_reads.Contact(name="X", email="x@canary.example"))

VERBS = [
    Verb(
        "create_initiative",
        WRITERS,
        _call(innovators.create_initiative, organisation=_organisation("association")),
    ),
    Verb(
        "change_initiative",
        WRITERS,
        _call(
            innovators.change_initiative, initiative=_initiative("initiative"), changes=_is({"title": "Ny"})
        ),
    ),
    Verb(
        "publish_initiative",
        WRITERS,
        _call(innovators.publish_initiative, initiative=_initiative("draft initiative")),
    ),
    Verb(
        "pause_initiative", WRITERS, _call(innovators.pause_initiative, initiative=_initiative("initiative"))
    ),
    Verb(
        "close_initiative", WRITERS, _call(innovators.close_initiative, initiative=_initiative("initiative"))
    ),
    Verb(
        "delete_draft of an initiative",
        WRITERS,
        _call(innovators.delete_draft, initiative=_initiative("draft initiative")),
    ),
    Verb(
        "add_record",
        WRITERS,
        _call(
            records.add_record,
            kind=_is(JournalEntry),
            initiative=_initiative("initiative"),
            values=_is({"title": "Ny", "happened_on": date(2026, 1, 1), "parts": ["value"]}),
        ),
    ),
    Verb(
        "change_record",
        WRITERS,
        _call(records.change_record, record=_entry, values=_is({"title": "Ny"}), expected_revision=_is(None)),
    ),
    Verb("remove_record", WRITERS, _call(records.remove_record, record=_entry)),
    Verb("bring_back_record", WRITERS, _call(records.bring_back_record, record=_entry)),
    Verb("create_offer", GIVERS, _call(funders.create_offer, organisation=_organisation("foundation"))),
    Verb(
        "change_offer",
        GIVERS,
        _call(funders.change_offer, offer=_offer("offer"), changes=_is({"title": "Ny"})),
    ),
    Verb("publish_offer", GIVERS, _call(funders.publish_offer, offer=_offer("draft offer"))),
    Verb("pause_offer", GIVERS, _call(funders.pause_offer, offer=_offer("offer"))),
    Verb("close_offer", GIVERS, _call(funders.close_offer, offer=_offer("offer"))),
    Verb("delete_draft of an offer", GIVERS, _call(funders.delete_draft, offer=_offer("draft offer"))),
    Verb("shortlist", GIVERS, _call(desk.shortlist, **_PAIR)),
    Verb("dismiss", GIVERS, _call(desk.dismiss, **_PAIR, reason=_is("no_room"))),
    Verb("put_back", GIVERS, _call(desk.put_back, **_PAIR)),
    Verb("undo", GIVERS, _call(desk.undo, **_PAIR, step=_is("shortlisted"))),
    Verb(
        "note_opened by the initiative’s people",
        ("reader", *WRITERS),
        _call(desk.note_opened, **_PAIR, side=_is("initiative")),
    ),
    Verb(
        "note_opened by the giver’s people",
        ("giver reader", *GIVERS),
        _call(desk.note_opened, **_PAIR, side=_is("offer")),
    ),
    Verb(
        "note_gone_read of an initiative",
        WRITERS,
        _call(desk.note_gone_read, profile=_initiative("initiative")),
    ),
    Verb("note_gone_read of an offer", GIVERS, _call(desk.note_gone_read, profile=_offer("offer"))),
    Verb(
        "reset_learning",
        GIVERS,
        _call(learning.reset_learning, organisation=lambda world: world.offers["offer"].organisation),
    ),
    Verb(
        "undo_reset",
        GIVERS,
        _call(learning.undo_reset, organisation=lambda world: world.offers["offer"].organisation),
    ),
    Verb(
        "shortlist a draft",
        (),
        _call(desk.shortlist, offer=_offer("offer"), initiative=_initiative("draft initiative")),
    ),
    Verb(
        "ask_for_introduction",
        GIVERS,
        _call(meeting.ask_for_introduction, **_PAIR, message=_is("Hej"), contact=_CONTACT),
    ),
    Verb(
        "offer_support to an initiative",
        ("stranger", "giver reader", "giver", "intermediary", "staff"),
        _call(
            offering.offer_support,
            initiative=_initiative("initiative"),
            kind=_is("mentoring"),
            words=_is("Vi har tid."),
            who=_is("individual"),
            language=_is("sv"),
        ),
    ),
    Verb("move", GIVERS, _call(desk.move, **_PAIR, to=_is(Stage.IN_DIALOGUE))),
    Verb("move a case one stands aside from", (), _call(desk.move, **_ASIDE, to=_is(Stage.IN_DIALOGUE))),
    Verb("take_care", GIVERS, _call(desk.take_care, **_PAIR, assignee=_is(None), due_on=_is(None))),
    Verb("recuse", ("giver reader", *GIVERS), _call(recusing.recuse, **_PAIR)),
    Verb("lift", GIVERS, _call(recusing.lift, recusal=_recusal)),
    Verb(
        "decline a case",
        GIVERS,
        _call(
            deciding.decline,
            **_PAIR,
            reason=_is("other"),
            message=_is(""),
            is_told=_is(False),
            decided_on=_is(date(2026, 3, 1)),
        ),
    ),
    Verb(
        "support a case",
        GIVERS,
        _call(
            deciding.support,
            **_PAIR,
            given=_is(deciding.Given(SupportKind.GRANT, date(2026, 3, 1))),
            message=_is(""),
            is_told=_is(False),
        ),
    ),
    Verb("take_back a decision", GIVERS, _call(deciding.take_back, **_PAIR, outcome=_is(Stage.DECLINED))),
    Verb("accept", WRITERS, _call(meeting.accept, introduction=_introduction, contact=_CONTACT)),
    Verb("decline", WRITERS, _call(meeting.decline, introduction=_introduction)),
    Verb(
        "send_message",
        (*WRITERS, *GIVERS),
        _call(talk.send_message, introduction=_conversation, text=_is("Hej"), key=lambda _: uuid4()),
    ),
    Verb(
        "note_read of a conversation",
        ("reader", *WRITERS, "giver reader", *GIVERS),
        _call(talk.note_read, introduction=_conversation, up_to=_is(2**40)),
    ),
    Verb("end_conversation", (*WRITERS, *GIVERS), _call(ending.end_conversation, introduction=_conversation)),
    Verb(
        "reopen_conversation that the giver has ended",
        GIVERS,
        _call(ending.reopen_conversation, introduction=_ended),
    ),
    Verb(
        "report_message of the giver",
        WRITERS,
        _call(reporting.report_message, message=_message, reason=_is("fraud"), text=_is("")),
    ),
    Verb(
        "handle_report",
        STAFF,
        _call(
            reporting.handle_report,
            report=_report,
            seen=_is("open"),
            outcome=_is("hidden"),
            note=_is("Hot."),
        ),
    ),
    Verb(
        "propose_times",
        (*WRITERS, *GIVERS),
        _call(
            times.propose_times,
            introduction=_conversation,
            times=_is([]),
            minutes=_is(60),
            way=_is("place"),
            where=_is("Torget"),
            key=lambda _: uuid4(),
        ),
    ),
    Verb(
        "pick_time of the giver’s proposal",
        WRITERS,
        _call(times.pick_time, proposal=_proposal, picked=_is(None)),
    ),
    Verb(
        "ask_for_other_times than the giver’s", WRITERS, _call(times.ask_for_other_times, proposal=_proposal)
    ),
    Verb("take_back_times", GIVERS, _call(times.take_back_times, proposal=_proposal)),
    Verb("withdraw", GIVERS, _call(meeting.withdraw, introduction=_introduction)),
    Verb(
        "flag_initiative",
        ("intermediary",),
        _call(
            intermediaries.flag_initiative,
            initiative=_initiative("new initiative"),
            organisation=_organisation("intermediary"),
            reasons=_is(["scalable"]),
            text=_is("De växer."),
            evidence_url=_is(""),
            conflict=_is(""),
        ),
    ),
    Verb(
        "flag_initiative in the name of no intermediary",
        (),
        _call(
            intermediaries.flag_initiative,
            initiative=_initiative("new initiative"),
            organisation=_organisation("foundation"),
            reasons=_is(["scalable"]),
            text=_is("De växer."),
            evidence_url=_is(""),
            conflict=_is(""),
        ),
    ),
    Verb(
        "withdraw_flag",
        ("intermediary", "staff"),
        _call(intermediaries.withdraw_flag, flag=lambda _: Flag.objects.get(), reason=_is("Fel.")),
    ),
    Verb(
        "change_search",
        OWNERS,
        _call(searches.change_search, search=_search, name=_is("Ny"), rhythm=_is("weekly")),
    ),
    Verb("pause_search", OWNERS, _call(searches.pause_search, search=_search)),
    Verb("resume_search", OWNERS, _call(searches.resume_search, search=_search)),
    Verb("delete_search", OWNERS, _call(searches.delete_search, search=_search)),
    Verb("restore_search", OWNERS, _call(searches.restore_search, search=_search)),
    Verb(
        "invite",
        OWNERS,
        _call(
            organisations.invite,
            organisation=_organisation("association"),
            email=_is("ny@canary.example"),
            role=_is("editor"),
        ),
    ),
    Verb(
        "withdraw_invitation",
        OWNERS,
        _call(organisations.withdraw_invitation, invitation=lambda _: Invitation.objects.get()),
    ),
    Verb("change_role", OWNERS, _call(organisations.change_role, membership=_reader, role=_is("editor"))),
    Verb("remove_member", OWNERS, _call(organisations.remove_member, membership=_reader)),
    Verb(
        "change_organisation",
        WRITERS,
        _call(
            organisations.change_organisation,
            organisation=_organisation("association"),
            description=_is("Vi lagar."),
        ),
    ),
    Verb(
        "verify_organisation",
        STAFF,
        _call(organisations.verify_organisation, organisation=_organisation("association")),
    ),
    Verb("request_run", STAFF, _call(engine.request_run)),
    Verb("roll_back", STAFF, _call(engine.roll_back)),
]
