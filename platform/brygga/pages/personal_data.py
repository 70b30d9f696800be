"""Every kind of personal data we keep, why, and for how long: the privacy notice and the record of processing.

A test holds this list against the models: a new field with personal data needs an entry here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class PersonalData:
    """`fields` are model fields as "app.Model.field"."""

    what: StrPromise
    purpose: StrPromise
    legal_basis: StrPromise
    kept: StrPromise
    fields: tuple[str, ...]


CONTRACT = _("Agreement: you asked for the service.")
CONSENT = _("Your consent, which you can take back.")
INTEREST = _("Legitimate interest: a safe service that can be trusted.")

PERSONAL_DATA: tuple[PersonalData, ...] = (
    PersonalData(
        what=_("Your name, e-mail address and language"),
        purpose=_("So that you can sign in, get mails and work together with others."),
        legal_basis=CONTRACT,
        kept=_("Until you close your account."),
        fields=("users.User.email", "users.User.name", "users.User.language", "users.User.password"),
    ),
    PersonalData(
        what=_("Which organisations you belong to and what you may do there"),
        purpose=_("So that the right people can write and answer in an organisation's name."),
        legal_basis=CONTRACT,
        kept=_("Until you leave the organisation or close your account."),
        fields=("organisations.Membership.user",),
    ),
    PersonalData(
        what=_("The address of somebody who has been invited"),
        purpose=_("So that the invitation can be sent and accepted."),
        legal_basis=INTEREST,
        kept=_("As long as the organisation exists. The link stops working after 14 days."),
        fields=("organisations.Invitation.email",),
    ),
    PersonalData(
        what=_(
            "What you write when you ask us to check your organisation: who signs for it and what you add"
        ),
        purpose=_(
            "So that we can check who stands behind it. Only the owners and we who run the service read it."
        ),
        legal_basis=INTEREST,
        kept=_("Until we have answered, or you take the question back. Then it is thrown away."),
        fields=(
            "organisations.VerificationRequest.signatory",
            "organisations.VerificationRequest.words",
        ),
    ),
    PersonalData(
        what=_("Contact details for an initiative or a support offer"),
        purpose=_("So that two sides who have both said yes to an introduction can reach each other."),
        legal_basis=CONSENT,
        kept=_("Until you take them away or the initiative or offer is deleted."),
        fields=(
            "innovators.InitiativeContact.name",
            "innovators.InitiativeContact.email",
            "innovators.InitiativeContact.phone",
            "innovators.InitiativeContact.private_texts",
            "funders.OfferContact.name",
            "funders.OfferContact.email",
            "funders.OfferContact.phone",
            "funders.OfferContact.private_texts",
            "matching.SharedContact.name",
            "matching.SharedContact.email",
            "matching.SharedContact.phone",
            "matching.AdoptionContact.name",
            "matching.AdoptionContact.email",
            "matching.AdoptionContact.phone",
            "matching.TogetherContact.name",
            "matching.TogetherContact.email",
            "matching.TogetherContact.phone",
        ),
    ),
    PersonalData(
        what=_(
            "What you write and send to the other side when both have said yes, and how far you have read"
        ),
        purpose=_(
            "So that the two of you can talk and agree. Nobody but the people of your two organisations reads it; "
            "if one of you reports a message, we who run the service read that one."
        ),
        legal_basis=CONTRACT,
        kept=_(
            "As long as the two profiles exist. When you close your account, your name is taken away "
            "and files that you have sent are deleted."
        ),
        fields=(
            "matching.Attachment.added_by",
            "matching.Attachment.name",
            "matching.Attachment.file",
            "matching.Message.author",
            "matching.Message.text",
            "matching.ReadUpTo.message_id",
        ),
    ),
    PersonalData(
        what=_("What you write when you ask another initiative to do it together, and when you answer"),
        purpose=_("So that the two of you can decide. Only the people of your two organisations read it."),
        legal_basis=CONTRACT,
        kept=_("As long as the initiative exists. When you close your account, your name is taken away."),
        fields=(
            "matching.TogetherQuestion.message",
            "matching.TogetherQuestion.answer",
            "matching.TogetherQuestion.asked_by",
            "matching.TogetherQuestion.answered_by",
        ),
    ),
    PersonalData(
        what=_("Which initiatives you follow"),
        purpose=_(
            "So that you learn what happens there. Those who are behind it see how many follow, never who."
        ),
        legal_basis=CONTRACT,
        kept=_("Until you stop following, or close your account."),
        fields=("matching.Follow.user",),
    ),
    PersonalData(
        what=_("What you write when you report a message, and what we decide"),
        purpose=_(
            "So that we can stop threats and fraud. We who run the service read the report and the message "
            "that it is about; the other side is not shown the report."
        ),
        legal_basis=INTEREST,
        kept=_("As long as the message exists. When you close your account, your name is taken away."),
        fields=(
            "matching.MessageReport.reporter",
            "matching.MessageReport.text",
            "matching.MessageReport.note",
        ),
    ),
    PersonalData(
        what=_("The cells of a table of cases that you bring to your desk"),
        purpose=_("So that you can check the table before you take it in. Only you see it."),
        legal_basis=CONTRACT,
        kept=_("One day. The file itself is never kept. The cases that you take in stay on the desk."),
        fields=("matching.CaseImport.table",),
    ),
    PersonalData(
        what=_("Support that you meant to apply for elsewhere, and how you say that it went"),
        purpose=_(
            "So that your initiative has a list of its own, and others see how many applied and got the support. "
            "The giver is not told. We who run the service read what was hard, without your name."
        ),
        legal_basis=CONTRACT,
        kept=_("As long as the two profiles exist. When you close your account, your name is taken away."),
        fields=(
            "matching.Application.meant_by",
            "matching.Application.answered_by",
            "matching.Application.hard",
        ),
    ),
    PersonalData(
        what=_("Who asked that an initiative changes hands, and who answered"),
        purpose=_("So that both sides know who agreed to it."),
        legal_basis=CONTRACT,
        kept=_("As long as the initiative exists. When you close your account, your name is taken away."),
        fields=("innovators.InitiativeHandover.asked_by", "innovators.InitiativeHandover.answered_by"),
    ),
    PersonalData(
        what=_("Pictures that you put on an initiative’s page, and who did it"),
        purpose=_("So that others see what you do. Whoever may see the page may see them."),
        legal_basis=CONSENT,
        kept=_(
            "Until somebody of yours takes them away, or the initiative goes. Where and when they were taken is "
            "never kept. When you close your account, your name is taken away."
        ),
        fields=(
            "innovators.InitiativePicture.file",
            "innovators.InitiativePicture.alt",
            "innovators.InitiativePicture.added_by",
        ),
    ),
    PersonalData(
        what=_("What you write when you ask for help, and who helps"),
        purpose=_(
            "So that somebody near you can help. Intermediaries in your county read the text; only the one who "
            "says yes sees your name and address."
        ),
        legal_basis=CONTRACT,
        kept=_("Until you delete it, or close your account."),
        fields=(
            "intermediaries.HelpRequest.asked_by",
            "intermediaries.HelpRequest.text",
            "intermediaries.HelpRequest.taken_by",
        ),
    ),
    PersonalData(
        what=_("Who put support aside that does not suit your initiative"),
        purpose=_("So that colleagues know whom to ask. The giver is not told."),
        legal_basis=CONTRACT,
        kept=_("Until it is taken back. When you close your account, your name is taken away."),
        fields=("matching.Unsuited.put_by",),
    ),
    PersonalData(
        what=_("What you asked us to save before you had an account"),
        purpose=_(
            "So that you can go on with it once you have signed up. Your address is not in it, only a mark."
        ),
        legal_basis=CONSENT,
        kept=_("Seven days, or until you have signed in and gone on with it or deleted it."),
        fields=("innovators.KeptDraft.answers", "innovators.KeptDraft.address_mark"),
    ),
    PersonalData(
        what=_("Names of private individuals who take part in an initiative"),
        purpose=_("To show who is behind it. Shown to others only after that person has said yes."),
        legal_basis=CONSENT,
        kept=_("Until the initiative's owner takes the name away."),
        fields=("innovators.Actor.name",),
    ),
    PersonalData(
        what=_(
            "Who has written in an initiative’s journal, of its value or of its spread, by number and not by name"
        ),
        purpose=_("So that its own people can sort out mistakes. Nobody else is shown it."),
        legal_basis=INTEREST,
        kept=_("Until your account is closed; what you wrote belongs to the initiative."),
        fields=(
            "innovators.JournalEntry.written_by",
            "innovators.Indicator.written_by",
            "innovators.Measurement.written_by",
            "innovators.SpreadRecord.written_by",
        ),
    ),
    PersonalData(
        what=_("Names of private individuals who have taken up an initiative"),
        purpose=_("So that its own people remember who it is. The name is not shown to others."),
        legal_basis=INTEREST,
        kept=_("Until the initiative’s people take it away, and seven days more."),
        fields=("innovators.SpreadRecord.adopter",),
    ),
    PersonalData(
        what=_("Your name beside a judgement you have made for an intermediary"),
        purpose=_("So that everyone can see who finds an initiative promising."),
        legal_basis=INTEREST,
        kept=_("As long as the judgement stands and is on record."),
        fields=("intermediaries.Flag.flagged_by_name",),
    ),
    PersonalData(
        what=_(
            "Your name and words in an intermediary’s proposal that two others meet, and words of a no to one"
        ),
        purpose=_(
            "So that both of them can see who thinks so and why, and those who proposed it what was answered."
        ),
        legal_basis=INTEREST,
        kept=_("As long as the initiative and the support are here."),
        fields=(
            "matching.Proposal.proposed_by_name",
            "matching.Proposal.text",
            "matching.Proposal.answered_by",
            "matching.Proposal.answer",
        ),
    ),
    PersonalData(
        what=_("Searches that you follow, and what we have told you of"),
        purpose=_("So that we can write to you when something new fits, and only once."),
        legal_basis=CONTRACT,
        kept=_("Until you delete the search, and seven days more so that you can bring it back."),
        fields=("search.SavedSearch.name", "search.SavedSearch.query", "search.ToldHit.profile_id"),
    ),
    PersonalData(
        what=_("Which mails you want, and which matches we have written to you about"),
        purpose=_("So that you get the mails you chose, and each thing only once."),
        legal_basis=CONTRACT,
        kept=_("Until you close your account."),
        fields=("notifications.TipsMail.rhythm", "matching.ToldTip.user"),
    ),
    PersonalData(
        what=_("Your address, if you want the newsletter without an account"),
        purpose=_("So that we can send it to you."),
        legal_basis=CONSENT,
        kept=_("Until you stop it with one click. Seven days, if you have not confirmed it."),
        fields=("notifications.NewsletterReader.email",),
    ),
    PersonalData(
        what=_("Where you are signed in: time, network address and browser"),
        purpose=_("So that you can see and end sessions that are not yours."),
        legal_basis=INTEREST,
        kept=_("Until you sign out, or 30 days."),
        fields=("usersessions.UserSession.ip", "usersessions.UserSession.user_agent"),
    ),
    PersonalData(
        what=_("A log of important changes, by number and not by name"),
        purpose=_("So that mistakes and misuse can be found."),
        legal_basis=INTEREST,
        kept=_("As long as the service runs."),
        fields=("audit.AuditEvent.actor_id",),
    ),
    PersonalData(
        what=_("Mails on their way to you"),
        purpose=_("So that a mail is sent even if something stops for a while."),
        legal_basis=CONTRACT,
        kept=_("The text is deleted when the mail is sent, the rest after 30 days."),
        fields=("outbox.OutboxMessage.arguments",),
    ),
)
