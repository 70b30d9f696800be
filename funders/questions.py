"""The questions of a support offer, in the words of everyday and in the order of a conversation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.questions import Question, QuestionGroup, QuestionList, Text
from funders.enums import REQUIRED_ANSWERS
from funders.forms import answers, requirements


def _ask(slug: str, title: Text, task: Text, form_class: type[AnswerForm], **more: Any) -> Question:
    return Question(slug, title, task, form_class, required=slug in REQUIRED_ANSWERS, **more)


_WHY_RULE = _(
    "Those who do not meet a must see why, and what would change it. Those who have not said are told what is missing."
)

OFFER_QUESTIONS = QuestionList(
    groups=(
        QuestionGroup(
            _("What you give"),
            (
                _ask(
                    "title",
                    _("What do you call the support?"),
                    _("Name"),
                    answers.TitleForm,
                    hint=_("Say what it is and for whom, for example “Premises for young people in Umeå”."),
                ),
                _ask(
                    "description",
                    _("What do you give, to whom, and why?"),
                    _("What, to whom and why"),
                    answers.DescriptionForm,
                    hint=_(
                        "Say what the support may be used for, what you do not support and what you hope for."
                    ),
                    why=_("People decide from this text whether to go on. It is also what we compare most."),
                ),
                _ask(
                    "support",
                    _("Which support, and how much?"),
                    _("Support and amounts"),
                    answers.SupportForm,
                    hint=_("Add a row for each kind. Time, knowledge and premises count as much as money."),
                ),
                _ask(
                    "capacity",
                    _("How many can get the support?"),
                    _("How many can get it"),
                    answers.CapacityForm,
                    hint=_("In one round, or in a year if one can apply at any time."),
                    why=_("People who apply want to know how good their chances are."),
                ),
                _ask(
                    "last-time",
                    _("How did it go last time?"),
                    _("Last time"),
                    answers.LastTimeForm,
                    hint=_("How many applied, and how many got the support. Leave it empty the first time."),
                    why=_("People who apply want to know how good their chances are."),
                ),
            ),
        ),
        QuestionGroup(
            _("Who may apply"),
            (
                _ask("who", _("Who may apply?"), _("Who may apply"), requirements.WhoForm, why=_WHY_RULE),
                _ask(
                    "legal",
                    _("Is an organisation number needed?"),
                    _("Organisation number"),
                    requirements.LegalForm,
                    hint=_("Many good initiatives have none yet, or let somebody else receive the money."),
                    why=_WHY_RULE,
                ),
                _ask(
                    "together",
                    _("Must several apply together?"),
                    _("Several together"),
                    requirements.TogetherForm,
                    why=_WHY_RULE,
                ),
                _ask(
                    "must-include",
                    _("Must somebody in particular take part?"),
                    _("Who must take part"),
                    requirements.MustIncludeForm,
                    hint=_("For example a municipality or a university. It need not be the one who leads."),
                    why=_WHY_RULE,
                ),
                _ask(
                    "age",
                    _("How long must the work or the organisation have existed?"),
                    _("Minimum age"),
                    requirements.AgeForm,
                    why=_WHY_RULE,
                ),
                _ask(
                    "co-funding",
                    _("How much of the cost must be covered in other ways?"),
                    _("Co-funding"),
                    requirements.CoFundingForm,
                    hint=_("In money or in work, by themselves or by others."),
                    why=_WHY_RULE,
                ),
                _ask(
                    "declined",
                    _("Is there anything you say no to?"),
                    _("What you say no to"),
                    requirements.DeclinedForm,
                    hint=_("Tick what you do not support. It is about how the work will live on."),
                    why=_WHY_RULE,
                ),
            ),
        ),
        QuestionGroup(
            _("Where and what"),
            (
                _ask(
                    "places",
                    _("Where may the support be used?"),
                    _("Where it may be used"),
                    requirements.OfferPlacesForm,
                    why=_("We compare with where the work happens, not with where somebody is registered."),
                ),
                _ask(
                    "themes",
                    _("What should the work be about?"),
                    _("Themes"),
                    requirements.ThemesForm,
                    hint=_("Open the parts that are close and tick what fits."),
                ),
                _ask(
                    "target-groups",
                    _("Whom should the work be for?"),
                    _("Groups"),
                    requirements.TargetGroupsForm,
                ),
                _ask(
                    "process",
                    _("Which part of the work may the support go to?"),
                    _("Part of the work"),
                    requirements.ProcessForm,
                    hint=_("The parts have no order; most go back and forth."),
                ),
                _ask(
                    "methods",
                    _("Are there ways of working you want to see?"),
                    _("Ways of working"),
                    answers.MethodsForm,
                    hint=_("A wish, never a must."),
                ),
                _ask(
                    "kinds",
                    _("Is there something new you want to see?"),
                    _("What is new"),
                    answers.KindsForm,
                    hint=_("A wish, never a must."),
                ),
                _ask(
                    "drivers",
                    _("What drives those you want to support?"),
                    _("What drives them"),
                    answers.DriversForm,
                    hint=_("Choose what matters most. A wish, never a must."),
                ),
            ),
        ),
        QuestionGroup(
            _("When and how one applies"),
            (
                _ask("times", _("When can one apply?"), _("When one can apply"), requirements.TimesForm),
                _ask(
                    "apply",
                    _("How does one apply?"),
                    _("How one applies"),
                    answers.ApplyForm,
                    hint=_("Many have never applied for anything before. Say how it goes, step by step."),
                ),
                _ask(
                    "hours",
                    _("How long does it take to apply?"),
                    _("Time to apply"),
                    answers.HoursForm,
                    why=_("People with little time want to know before they begin."),
                ),
                _ask(
                    "answer-days",
                    _("Within how many days do you answer?"),
                    _("When you answer"),
                    answers.AnswerDaysForm,
                    hint=_(
                        "Counted from the day they ask for contact or say yes to it. We remind you in time. If "
                        "you have not answered by then, we tell them that the time has run out, and that it "
                        "does not mean no."
                    ),
                    why=_("Waiting without knowing for how long is hard. A day lets people plan."),
                ),
                _ask(
                    "language",
                    _("In which language do you want to read?"),
                    _("Language"),
                    requirements.LanguageForm,
                    hint=_("It is also the language that this offer is written in."),
                ),
            ),
        ),
        QuestionGroup(
            _("How it is shown"),
            (
                _ask(
                    "second-language",
                    _("Do you want to describe it in a second language?"),
                    _("Second language"),
                    answers.SecondLanguageForm,
                    hint=_("Swedish if you wrote in English, English if you wrote in Swedish."),
                ),
                _ask(
                    "contact",
                    _("How can we put you in touch?"),
                    _("Contact"),
                    answers.ContactForm,
                    hint=_("Shown to nobody until both you and the other side have said yes."),
                ),
            ),
        ),
    )
)
