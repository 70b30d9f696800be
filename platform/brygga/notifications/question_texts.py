"""What a notice consists of, and the notices of questions about contact, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from brygga.notifications.enums import NoticeKind

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class NoticeText:
    """`page` names the URL, `page_parameter` the parameter that holds its argument (empty: it has none),
    `query` what follows it. In a query stand public ids only.
    """

    subject: StrPromise
    what: StrPromise
    next: StrPromise
    why: StrPromise
    button: StrPromise
    page: str
    page_parameter: str
    query: str = ""


YOUR_ORGANISATION = _("You get this because you belong to the organisation it is about.")
_YOUR_QUESTION = _("You get this because you belong to the organisation that asked.")

QUESTIONS: dict[NoticeKind, NoticeText] = {
    NoticeKind.INTRODUCTION_ASKED: NoticeText(
        subject=_("%(organisation)s would like to get to know “%(title)s”"),
        what=_(
            "%(organisation)s has found your initiative “%(title)s” and asks for an introduction. "
            "It is about their support “%(offer_title)s”."
        ),
        next=_(
            "You decide now. Read what they write and answer yes or no. "
            "They see your contact details only if you say yes."
        ),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("Read and answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.INTRODUCTION_ACCEPTED: NoticeText(
        subject=_("“%(title)s” said yes to an introduction"),
        what=_("“%(title)s” accepted your request. It is about your support “%(offer_title)s”."),
        next=_("You take the next step: their contact details are on the page of the introduction."),
        why=_YOUR_QUESTION,
        button=_("See the contact details"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.INTRODUCTION_DECLINED: NoticeText(
        subject=_("“%(title)s” said no to an introduction"),
        what=_("“%(title)s” declined your request about “%(offer_title)s”."),
        next=_("You do not need to do anything. A no holds for at least two months."),
        why=_YOUR_QUESTION,
        button=_("See the answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.INTRODUCTION_WITHDRAWN: NoticeText(
        subject=_("A request about “%(title)s” was taken back"),
        what=_("%(organisation)s took back its request for an introduction to “%(title)s”."),
        next=_("You do not need to do anything. No contact details were shown."),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("See the request"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.INTRODUCTION_WAITS: NoticeText(
        subject=_("%(organisation)s still waits for your answer about “%(title)s”"),
        what=_(
            "Some time ago %(organisation)s asked to get to know your initiative “%(title)s”. "
            "It is about their support “%(offer_title)s”."
        ),
        next=_(
            "Answer yes or no when you can: a no is fine too, and then they know. "
            "There is no deadline, and we do not remind you again."
        ),
        why=_("You get this because you belong to the organisation behind the initiative."),
        button=_("Read and answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_WANTED: NoticeText(
        subject=_("“%(title)s” asks you for contact"),
        what=_(
            "%(organisation)s wants contact about your support “%(offer_title)s”. It is about “%(title)s”."
        ),
        next=_(
            "You decide now. Read what they write and answer yes or no. "
            "Neither of you sees the other’s contact details until you say yes."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_ACCEPTED: NoticeText(
        subject=_("%(organisation)s said yes to contact about “%(title)s”"),
        what=_(
            "%(organisation)s said yes to your question about the support “%(offer_title)s”. "
            "It is about “%(title)s”."
        ),
        next=_("You take the next step: how to reach them is on the page of your question."),
        why=_YOUR_QUESTION,
        button=_("See the contact details"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_DECLINED: NoticeText(
        subject=_("%(organisation)s has answered about “%(title)s”"),
        what=_(
            "%(organisation)s says no this time to contact about the support “%(offer_title)s”. "
            "That is no judgement of your idea."
        ),
        next=_("Read the answer. There you also find other support that fits."),
        why=_YOUR_QUESTION,
        button=_("See the answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_WITHDRAWN: NoticeText(
        subject=_("“%(title)s” has taken its question back"),
        what=_("%(organisation)s took back its question about your support “%(offer_title)s”."),
        next=_("You do not need to do anything. No contact details were shown."),
        why=YOUR_ORGANISATION,
        button=_("See the question"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_DUE: NoticeText(
        subject=_("Answer “%(title)s” by %(day)s"),
        what=_(
            "“%(title)s” has asked for contact about your support “%(offer_title)s”. "
            "You have promised an answer by %(day)s."
        ),
        next=_(
            "Answer yes or no. If you have not answered by then, they get an automatic answer that the time "
            "has run out. It does not turn them down."
        ),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
    NoticeKind.CONTACT_LATE: NoticeText(
        subject=_("“%(title)s” has got an automatic answer"),
        what=_(
            "You were to answer “%(title)s” by %(day)s about your support “%(offer_title)s”. They have now "
            "got an automatic answer: the time has run out, and that does not mean no."
        ),
        next=_("Their question is still open. Answer yes or no when you can."),
        why=YOUR_ORGANISATION,
        button=_("Read and answer"),
        page="matching:introduction",
        page_parameter="introduction",
    ),
}
