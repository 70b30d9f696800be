"""The questions of an initiative, in the words of everyday and in the order of a conversation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.questions import Question, QuestionGroup, QuestionList, Text
from innovators.enums import REQUIRED_ANSWERS
from innovators.forms import answers, rows


def _ask(slug: str, title: Text, task: Text, form_class: type[AnswerForm], **more: Any) -> Question:
    return Question(slug, title, task, form_class, required=slug in REQUIRED_ANSWERS, **more)


INITIATIVE_QUESTIONS = QuestionList(
    groups=(
        QuestionGroup(
            _("What you want"),
            (
                _ask(
                    "change",
                    _("What do you want to change?"),
                    _("The change you want"),
                    answers.ChangeForm,
                    hint=_("What will be different, and for whom? Write as you would tell a neighbour."),
                    why=_(
                        "This is shown first on your page, and it is what we compare most with what "
                        "others want to support."
                    ),
                ),
                _ask(
                    "title",
                    _("What do you call it?"),
                    _("Name"),
                    answers.TitleForm,
                    hint=_("A short name that is easy to remember and to say aloud."),
                ),
                _ask(
                    "description",
                    _("What do you do, or what do you want to do?"),
                    _("What you do"),
                    answers.DescriptionForm,
                    hint=_("Tell us about the idea, what you have tried and what you have seen so far."),
                    why=_("Those who give support want to understand how it works in practice."),
                ),
            ),
        ),
        QuestionGroup(
            _("Who and what it is about"),
            (
                _ask(
                    "people",
                    _("Who is affected, and how do they take part?"),
                    _("Who is affected"),
                    answers.PeopleForm,
                    hint=_("Think of those who live with what you want to change."),
                    why=_("Many who give support ask that those concerned have a say."),
                ),
                _ask(
                    "target-groups",
                    _("Which groups is it for?"),
                    _("Groups"),
                    answers.TargetGroupsForm,
                    hint=_("Choose as many as fit. We tag the initiative, never a person."),
                    why=_("Much support is meant for certain groups."),
                ),
                _ask(
                    "themes",
                    _("What is it about?"),
                    _("Themes"),
                    answers.ThemesForm,
                    hint=_("Open the parts that are close and tick what fits. A few are enough."),
                    why=_("Much support is meant for certain themes."),
                ),
            ),
        ),
        QuestionGroup(
            _("Where and when"),
            (
                _ask(
                    "places",
                    _("Where do you work, or where do you want to begin?"),
                    _("Where you work"),
                    answers.WorksInForm,
                    why=_("We compare where the work happens, not where somebody is registered."),
                ),
                _ask(
                    "spread",
                    _("Where could it spread?"),
                    _("Where it could spread"),
                    answers.SpreadForm,
                    why=_("Some look for things that have worked elsewhere."),
                ),
                _ask(
                    "started",
                    _("When did you start?"),
                    _("When you started"),
                    answers.StartedForm,
                    why=_("Some support is for those who are just beginning, some for those who have tried."),
                ),
            ),
        ),
        QuestionGroup(
            _("How you work"),
            (
                _ask(
                    "process",
                    _("What are you doing right now?"),
                    _("What you are doing now"),
                    answers.ProcessForm,
                    hint=_("Choose as many as fit. The parts have no order; most go back and forth."),
                    why=_("Support is often meant for certain parts of the work."),
                ),
                _ask(
                    "evidence",
                    _("What shows how far you have come?"),
                    _("What shows how far you have come"),
                    answers.EvidenceForm,
                    hint=_(
                        "A test, figures, an evaluation or a letter from somebody who backs you. "
                        "For example: Eleven people tried it in March, and nine came back."
                    ),
                    why=_("Those who give support want to see what you have tried. It need not be much."),
                ),
                _ask(
                    "methods",
                    _("Which ways of working do you use?"),
                    _("Ways of working"),
                    answers.MethodsForm,
                ),
                _ask(
                    "kinds",
                    _("What is it that is new?"),
                    _("What is new"),
                    answers.KindsForm,
                    hint=_("New here is enough. It need not be new to the world."),
                ),
                _ask(
                    "core",
                    _("What must stay the same if others do it too?"),
                    _("What must stay the same"),
                    answers.CoreForm,
                    why=_("It helps those who want to take up your idea in another place."),
                ),
                _ask(
                    "after",
                    _("In what form will it live on?"),
                    _("Form after the project"),
                    answers.AfterForm,
                    hint=_("If it is a project: what happens when it ends?"),
                ),
            ),
        ),
        QuestionGroup(
            _("Who you are"),
            (
                _ask(
                    "legal",
                    _("Do you have an organisation number?"),
                    _("Organisation number"),
                    answers.LegalForm,
                    hint=_("“No” is a common answer. There is support for you too."),
                    why=_("Some may only give support to those who have a number."),
                ),
                _ask(
                    "actors",
                    _("Who else takes part?"),
                    _("Others who take part"),
                    rows.ActorsForm,
                    hint=_(
                        "Associations, companies, authorities, people. You who own this need not be added."
                    ),
                    why=_("Some support asks that several kinds of parties work together."),
                ),
                _ask(
                    "drivers",
                    _("What drives you?"),
                    _("What drives you"),
                    answers.DriversForm,
                    hint=_("Choose what matters most."),
                    why=_("Givers have drivers too. It goes best when they meet."),
                ),
            ),
        ),
        QuestionGroup(
            _("What you need"),
            (
                _ask(
                    "needs",
                    _("What do you need?"),
                    _("What you need"),
                    rows.NeedsForm,
                    hint=_("Money is only some of it. Guess an amount rather than leave it out."),
                    why=_("We look for those who give just that."),
                ),
                _ask(
                    "declined",
                    _("Is there any form of support you say no to?"),
                    _("What you say no to"),
                    answers.DeclinedForm,
                    why=_("Then we do not suggest it, and those who give can see what would suit you."),
                ),
            ),
        ),
        QuestionGroup(
            _("How it is shown"),
            (
                _ask(
                    "links",
                    _("Where can people read more?"),
                    _("Links"),
                    answers.LinksForm,
                ),
                _ask(
                    "second-language",
                    _("Do you want to describe it in a second language?"),
                    _("Second language"),
                    answers.SecondLanguageForm,
                    hint=_("Swedish if you wrote in English, English if you wrote in Swedish."),
                ),
                _ask(
                    "visibility",
                    _("Who may see it?"),
                    _("Who may see it"),
                    answers.VisibilityForm,
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
