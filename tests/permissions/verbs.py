"""Every service that asks "may I?", and who may. The second wall behind the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from brygga.challenges import services as challenges
from brygga.challenges.models import Challenge
from brygga.core.pictures import check_picture
from brygga.organisations import services as organisations
from brygga.organisations.models import Invitation, Membership, VerificationRequest
from brygga.organisations.verification import services as verification
from brygga.search import services as searches
from brygga.search.models import SavedSearch
from brygga.taxonomy.enums import SupportKind
from brygga.users.models import User
from funders import services as funders
from funders.claiming import services as claiming
from funders.claiming.models import OfferClaim
from innovators import looking_over
from innovators import services as innovators
from innovators.adopting import services as adopters
from innovators.handing_over import services as handing_over
from innovators.models import Adopter, InitiativeHandover, InitiativePicture, JournalEntry
from innovators.pictures import services as pictures
from innovators.records import services as records
from intermediaries import services as intermediaries
from intermediaries.helping import services as helping
from intermediaries.models import Flag, HelpRequest
from matching.adopting import services as adopting
from matching.adopting.enums import AdoptionSide
from matching.adopting.models import AdoptionQuestion
from matching.applying import services as applying
from matching.applying.models import Application
from matching.challenges import services as challenge_answers
from matching.challenges.models import ChallengeAnswer
from matching.desk import deciding, recusing, several, undoing
from matching.desk import services as desk
from matching.desk.enums import Deed, Stage
from matching.desk.models import Recusal
from matching.desk.several import Change
from matching.engine import services as engine
from matching.following import services as following
from matching.following.models import Follow
from matching.intake import services as intake
from matching.intake.models import CaseImport
from matching.learning import services as learning
from matching.meeting import asking
from matching.meeting import selectors as meeting_reads
from matching.meeting import services as meeting
from matching.meeting.blocking import services as blocking
from matching.meeting.blocking.models import ContactBlock
from matching.meeting.conversation import ending, reporting
from matching.meeting.conversation import services as talk
from matching.meeting.conversation.models import Message, MessageReport
from matching.meeting.models import Introduction
from matching.meeting.proposing import services as proposing
from matching.meeting.proposing.models import Proposal
from matching.meeting.times import calling_off
from matching.meeting.times import services as times
from matching.meeting.times.models import MeetingProposal
from matching.offering import services as offering
from matching.together import services as together
from matching.together.models import TogetherQuestion
from matching.unsuited import services as unsuited
from matching.unsuited.enums import UnsuitedReason
from tests.factories.initiatives import TINY
from tests.permissions.world import World

WRITERS, OWNERS, GIVERS, STAFF = ("editor", "owner"), ("owner",), ("giver",), ("staff",)
# Of the verified public body.
BODY = ("intermediary",)


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


def _offers(world: World) -> list[Any]:
    return [_offer(name)(world) for name in ("offer", "paused offer")]


def _foundation(world: World) -> int:
    return world.organisations["foundation"].pk


def _organisation(name: str) -> Callable[[World], Any]:
    return lambda world: world.organisations[name]


def _help(_: World) -> Any:
    return HelpRequest.objects.get()


def _handover(_: World) -> Any:
    return InitiativeHandover.objects.select_related("initiative", "organisation", "from_organisation").get()


def _introduction(_: World) -> Any:
    return Introduction.objects.select_related("initiative", "offer").get(state="asked", asked_side="offer")


def _question(_: World) -> Any:
    """The initiative has asked."""
    return Introduction.objects.select_related("initiative", "offer").get(asked_side="initiative")


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


def _claim(world: World) -> Any:
    """The giver's foundation asks to take over an imported offer."""
    return OfferClaim.objects.create(
        offer=_offer("imported offer")(world),
        organisation=world.organisations["foundation"],
        way="website",
        evidence="Sidan",
    )


def _request(world: World) -> Any:
    """The association asks to be checked."""
    return VerificationRequest.objects.create(
        organisation=world.organisations["association"], signatory="Eva Lund"
    )


def _proposal(_: World) -> Any:
    return MeetingProposal.objects.select_related("introduction__initiative", "introduction__offer").get()


def _put_forward(world: World) -> Any:
    """The intermediary proposes that the two meet."""
    return _proposals().get(initiative=world.initiatives["listed initiative"])


def _put_forward_aside(world: World) -> Any:
    """It is about a case from which the giver stands aside."""
    return _proposals().get(initiative=world.initiatives["fitting initiative"])


def _proposals() -> Any:
    return Proposal.objects.select_related("initiative", "offer", "organisation")


def _reader(world: World) -> Any:
    return Membership.objects.select_related("organisation").get(user=world.people["reader"])


def _entry(_: World) -> Any:
    return JournalEntry.objects.select_related("initiative").get(visibility="page")


def _is(value: Any) -> Callable[[World], Any]:
    return lambda _: value


def _recusal(world: World) -> Any:
    giver = world.people["giver"]
    return Recusal.objects.select_related("offer", "initiative").exclude(person=giver).get()


def _table(_: World) -> Any:
    """The giver has brought it, and not taken it in yet."""
    return CaseImport.objects.get(taken_at=None)


def _challenge(state: str) -> Callable[[World], Any]:
    return lambda _: Challenge.objects.select_related("organisation").get(state=state)


def _adopter(state: str) -> Callable[[World], Any]:
    return lambda _: Adopter.objects.select_related("organisation").get(state=state)


def _adoption(about: str) -> Callable[[World], Any]:
    related = ("adopter__organisation", "initiative__organisation")
    return lambda world: AdoptionQuestion.objects.select_related(*related).get(
        initiative=world.initiatives[about]
    )


def _answer(world: World) -> Any:
    related = ("challenge", "initiative", "offer")
    return ChallengeAnswer.objects.select_related(*related).get(initiative=world.initiatives["initiative"])


def _together(_: World) -> Any:
    return TogetherQuestion.objects.select_related("initiative__organisation", "organisation").get()


def _search(_: World) -> Any:
    return SavedSearch.objects.get()


def _application(_: World) -> Any:
    return Application.objects.select_related("initiative", "offer").get()


_PAIR = {"offer": _offer("offer"), "initiative": _initiative("listed initiative")}
_ASIDE = {"offer": _offer("offer"), "initiative": _initiative("fitting initiative")}
_NEW_PAIR = {"offer": _offer("offer"), "initiative": _initiative("new initiative")}
_TEXTS = {"text": _is("De passar."), "conflict": _is("")}
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
    Verb("begin a table", GIVERS, _call(intake.begin, offer=_offer("offer"), table=_is([["Namn"], ["a"]]))),
    Verb(
        "begin a table for a draft",
        (),
        _call(intake.begin, offer=_offer("draft offer"), table=_is([["Namn"], ["a"]])),
    ),
    Verb(
        "map_columns",
        GIVERS,
        _call(intake.map_columns, case_import=_table, columns=_is({}), stage=_is(Stage.SHORTLISTED)),
    ),
    Verb("take_in", GIVERS, _call(intake.take_in, case_import=_table, adds_notes=_is(False))),
    Verb("undo a table", GIVERS, _call(intake.undo, case_import=_table)),
    Verb("throw_away", GIVERS, _call(intake.throw_away, case_import=_table)),
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
    Verb("say_still_true", WRITERS, _call(looking_over.say_still_true, initiative=_initiative("initiative"))),
    Verb(
        "hand_over",
        OWNERS,
        _call(
            handing_over.hand_over,
            initiative=_initiative("initiative"),
            organisation=_organisation("intermediary"),
        ),
    ),
    Verb("accept_handover", GIVERS, _call(handing_over.accept, handover=_handover)),
    Verb("decline_handover", GIVERS, _call(handing_over.decline, handover=_handover)),
    Verb("withdraw_handover", OWNERS, _call(handing_over.withdraw, handover=_handover)),
    Verb(
        "add_picture",
        WRITERS,
        _call(
            pictures.add_picture,
            initiative=_initiative("initiative"),
            picture=lambda _: check_picture(TINY),
            alt=_is("Två cyklar"),
        ),
    ),
    Verb(
        "remove_picture",
        WRITERS,
        _call(pictures.remove_picture, picture=lambda _: InitiativePicture.objects.order_by("pk").first()),
    ),
    Verb(
        "give_help",
        BODY,
        _call(helping.give_help, request=_help, organisation=_organisation("intermediary")),
    ),
    Verb("forget_help", OWNERS, _call(helping.forget_help, request=_help)),
    Verb(
        "ask_for_help",
        ("reader", *WRITERS),
        _call(
            helping.ask_for_help, county=_is("SE-14"), text=_is("Hjälp"), initiative=_initiative("initiative")
        ),
    ),
    Verb(
        "put_support_aside",
        WRITERS,
        _call(
            unsuited.put_aside,
            initiative=_initiative("listed initiative"),
            offer=_offer("offer"),
            reason=_is(UnsuitedReason.AMOUNT),
        ),
    ),
    Verb(
        "take_support_back",
        WRITERS,
        _call(unsuited.take_back, initiative=_initiative("listed initiative"), offer=_offer("offer")),
    ),
    Verb(
        "mean_to_apply",
        WRITERS,
        _call(
            applying.mean_to_apply,
            offer=lambda _: _application(_).offer,
            initiative=_initiative("initiative"),
        ),
    ),
    Verb(
        "tell_how_it_went",
        WRITERS,
        _call(
            applying.tell_how_it_went,
            application=_application,
            answer=_is(applying.Answer("no")),
            seen=_is(0),
        ),
    ),
    Verb("forget_application", WRITERS, _call(applying.forget_application, application=_application)),
    Verb("move", GIVERS, _call(desk.move, **_PAIR, to=_is(Stage.IN_DIALOGUE))),
    Verb(
        "change_several",
        GIVERS,
        _call(several.change_several, offers=_offers, seen=_is([]), change=_is(Change(Deed.SHORTLIST))),
    ),
    Verb(
        "undo_several", GIVERS, _call(undoing.undo_several, organisation=_foundation, number=_is("unknown"))
    ),
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
    Verb(
        "ask_giver",
        WRITERS,
        _call(
            asking.ask_giver,
            initiative=_initiative("listed initiative"),
            offer=_offer("offer"),
            message=_is("Hej"),
            contact=_CONTACT,
        ),
    ),
    Verb(
        "accept the initiative’s question",
        GIVERS,
        _call(meeting.accept, introduction=_question, contact=_CONTACT),
    ),
    Verb("decline the initiative’s question", GIVERS, _call(meeting.decline, introduction=_question)),
    Verb("withdraw the initiative’s question", WRITERS, _call(meeting.withdraw, introduction=_question)),
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
    Verb("lift_block", WRITERS, _call(blocking.lift_block, block=lambda _: ContactBlock.objects.get())),
    Verb(
        "block_other_side of the giver",
        WRITERS,
        _call(blocking.block_other_side, introduction=_conversation, side=_is("initiative")),
    ),
    Verb("note_read_by_staff", STAFF, _call(reporting.note_read_by_staff, report=_report)),
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
    Verb(
        "call_off a meeting",
        (*WRITERS, *GIVERS),
        _call(calling_off.call_off, meeting=_proposal, text=_is(""), key=lambda _: uuid4()),
    ),
    Verb("withdraw", GIVERS, _call(meeting.withdraw, introduction=_introduction)),
    Verb(
        "propose that two meet",
        ("intermediary",),
        _call(proposing.propose, **_NEW_PAIR, organisation=_organisation("intermediary"), **_TEXTS),
    ),
    Verb(
        "propose in the name of no intermediary",
        (),
        _call(proposing.propose, **_NEW_PAIR, organisation=_organisation("foundation"), **_TEXTS),
    ),
    Verb(
        "take_up a proposal",
        (*WRITERS, *GIVERS),
        _call(proposing.take_up, proposal=_put_forward, message=_is("Hej"), contact=_CONTACT),
    ),
    Verb(
        "decline_proposal",
        (*WRITERS, *GIVERS),
        _call(proposing.decline_proposal, proposal=_put_forward),
    ),
    Verb(
        "decline_proposal of a case one stands aside from",
        WRITERS,
        _call(proposing.decline_proposal, proposal=_put_forward_aside),
    ),
    Verb(
        "withdraw_proposal",
        ("intermediary",),
        _call(proposing.withdraw_proposal, proposal=_put_forward),
    ),
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
    Verb(
        "require_two_steps",
        OWNERS,
        _call(organisations.require_two_steps, organisation=_organisation("association"), day=_is(date.max)),
    ),
    Verb(
        "stop_requiring_two_steps",
        OWNERS,
        _call(organisations.stop_requiring_two_steps, organisation=_organisation("association")),
    ),
    Verb(
        "ask_for_verification",
        OWNERS,
        _call(
            verification.ask_for_verification,
            organisation=_organisation("association"),
            signatory=_is("Eva Lund"),
        ),
    ),
    Verb(
        "take_back_verification",
        OWNERS,
        _call(verification.take_back_verification, verification=_request),
    ),
    Verb(
        "decide_verification",
        STAFF,
        _call(
            verification.decide_verification,
            verification=_request,
            outcome=_is("declined"),
            note=_is("Nej."),
            seen=_is(""),
        ),
    ),
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
    Verb(
        "ask_to_take_over",
        WRITERS,
        _call(
            claiming.ask_to_take_over,
            offer=_offer("imported offer"),
            organisation=_organisation("association"),
            way=_is("website"),
            evidence=_is("Sidan"),
        ),
    ),
    Verb("take_back_claim", GIVERS, _call(claiming.take_back_claim, claim=_claim)),
    Verb(
        "decide_claim",
        STAFF,
        _call(claiming.decide_claim, claim=_claim, outcome=_is("approved"), note=_is("Ja.")),
    ),
    Verb(
        "tell_challenge",
        BODY,
        _call(
            challenges.tell_challenge,
            organisation=_organisation("intermediary"),
            values=_is({"title": "Kvällar", "text": "Ingen buss."}),
        ),
    ),
    Verb(
        "tell_challenge of no public body",
        (),
        _call(
            challenges.tell_challenge, organisation=_organisation("foundation"), values=_is({"title": "x"})
        ),
    ),
    Verb(
        "change_challenge",
        BODY,
        _call(challenges.change_challenge, challenge=_challenge("published"), values=_is({"text": "Ny."})),
    ),
    Verb("publish_challenge", BODY, _call(challenges.publish_challenge, challenge=_challenge("draft"))),
    Verb("end_challenge", BODY, _call(challenges.end_challenge, challenge=_challenge("published"))),
    Verb("delete a challenge's draft", BODY, _call(challenges.delete_draft, challenge=_challenge("draft"))),
    Verb(
        "answer_challenge",
        WRITERS,
        _call(
            challenge_answers.answer_challenge,
            challenge=_challenge("published"),
            profile=_initiative("new initiative"),
        ),
    ),
    Verb(
        "answer_challenge with support",
        GIVERS,
        _call(challenge_answers.answer_challenge, challenge=_challenge("published"), profile=_offer("offer")),
    ),
    Verb("withdraw_answer", WRITERS, _call(challenge_answers.withdraw_answer, answer=_answer)),
    Verb(
        "remove_answer",
        BODY,
        _call(challenge_answers.remove_answer, answer=_answer, reason=_is("Hör inte hit.")),
    ),
    Verb(
        "follow",
        ("stranger", "giver reader", "giver", "intermediary", "staff"),
        _call(following.follow, initiative=_initiative("new initiative")),
    ),
    Verb(
        "follow what only some may see",
        ("giver reader", "giver", "staff"),
        _call(following.follow, initiative=_initiative("chosen initiative")),
    ),
    Verb(
        "stop_following",
        ("stranger",),
        lambda _, actor: following.stop_following(follow=Follow.objects.get(), actor=actor),
    ),
    Verb(
        "ask to do it together",
        GIVERS,
        _call(
            together.ask,
            initiative=_initiative("new initiative"),
            organisation=_organisation("foundation"),
            own=_is(None),
            message=_is("Hej"),
            contact=_CONTACT,
        ),
    ),
    Verb(
        "ask oneself to do it together",
        (),
        _call(
            together.ask,
            initiative=_initiative("initiative"),
            organisation=_organisation("association"),
            own=_is(None),
            message=_is("Hej"),
            contact=_CONTACT,
        ),
    ),
    Verb("accept to do it together", WRITERS, _call(together.accept, question=_together, contact=_CONTACT)),
    Verb("decline to do it together", WRITERS, _call(together.decline, question=_together)),
    Verb("withdraw what one asked", GIVERS, _call(together.withdraw, question=_together)),
    Verb("put_back_answer", BODY, _call(challenge_answers.put_back_answer, answer=_answer)),
    Verb(
        "register_adopter",
        BODY,
        _call(adopters.register_adopter, organisation=_organisation("intermediary"), values=_is({})),
    ),
    Verb(
        "change_adopter",
        BODY,
        _call(adopters.change_adopter, adopter=_adopter("published"), values=_is({"to_know": "Priset."})),
    ),
    Verb("publish_adopter", BODY, _call(adopters.publish_adopter, adopter=_adopter("draft"))),
    Verb("pause_adopter", BODY, _call(adopters.pause_adopter, adopter=_adopter("published"))),
    Verb("close_adopter", BODY, _call(adopters.close_adopter, adopter=_adopter("published"))),
    Verb("delete an adopter's draft", BODY, _call(adopters.delete_draft, adopter=_adopter("draft"))),
    Verb(
        "ask to take up",
        BODY,
        _call(
            adopting.ask,
            adopter=_adopter("published"),
            initiative=_initiative("paused initiative"),
            side=_is(AdoptionSide.ADOPTER),
            message=_is("Får vi komma?"),
            contact=_CONTACT,
        ),
    ),
    Verb(
        "offer to show how",
        WRITERS,
        _call(
            adopting.ask,
            adopter=_adopter("published"),
            initiative=_initiative("paused initiative"),
            side=_is(AdoptionSide.INITIATIVE),
            message=_is("Vi visar gärna."),
            contact=_CONTACT,
        ),
    ),
    Verb(
        "accept to talk about taking up",
        WRITERS,
        _call(adopting.accept, question=_adoption("initiative"), contact=_CONTACT),
    ),
    Verb(
        "accept to be shown how",
        BODY,
        _call(adopting.accept, question=_adoption("new initiative"), contact=_CONTACT),
    ),
    Verb(
        "decline to talk about taking up",
        WRITERS,
        _call(adopting.decline, question=_adoption("initiative")),
    ),
    Verb(
        "withdraw a question about taking up",
        BODY,
        _call(adopting.withdraw, question=_adoption("initiative")),
    ),
    Verb("tell_taken_up", WRITERS, _call(adopting.tell_taken_up, question=_adoption("listed initiative"))),
]
