"""The pages of a registration: task list, one question, check your answers, all questions at once.

The apps above give a `Registration` and keep their own URLs, templates and services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from brygga.core.formatting import format_clock
from brygga.organisations import permissions
from brygga.organisations.registration.autosave_views import AUTOSAVE, autosave, keep_until_signed_in
from brygga.organisations.registration.documents import ODT, questions_as_document
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.kept_texts import forget_text, keep_text, kept_text
from brygga.organisations.registration.masking import hidden_details, private_texts_of
from brygga.organisations.registration.questions import Question, TaskStatus
from brygga.organisations.registration.reading import advice_on
from brygga.organisations.registration.row_forms import RowsForm
from brygga.organisations.registration.saving import Outcome, Registration, save_answer

FROM_CHECK = "check"
# The name of a button that asks what the answer would mean, without saving it.
PREVIEW = "preview"
# The name of the button that gives up what was typed for what is stored.
KEEP_STORED = "keep_stored"


def profile_for_writing(profiles: QuerySet[Any], user: Any, public_id: str) -> Any:
    """Return the profile if the user may change it; strangers meet 404, readers 403."""
    profile = profiles.select_related("organisation", "contact").filter(public_id=public_id).first()
    if profile is None or not permissions.is_member(user, profile.organisation_id):
        raise Http404
    if not permissions.can_write_for(user, profile.organisation_id):
        raise PermissionDenied
    return profile


def profile_for_members(profiles: QuerySet[Any], user: Any, public_id: str) -> Any:
    """Return the profile if the user belongs to its organisation in any role, else 404."""
    profile = profiles.select_related("organisation", "contact").filter(public_id=public_id).first()
    if profile is None or not permissions.is_member(user, profile.organisation_id):
        raise Http404
    return profile


def show_tasks(
    request: HttpRequest, registration: Registration, profile: Any, **context: Any
) -> HttpResponse:
    """The hub: every question with its status, any order."""
    questions = registration.questions
    groups = [
        {
            "title": group.title,
            "tasks": [task_row(registration, profile, question) for question in group.questions],
        }
        for group in questions.groups
    ]
    missing = questions.missing(profile)
    return render(
        request,
        f"{registration.templates}/tasks.html",
        {
            "profile": profile,
            "groups": groups,
            "number_done": questions.done(profile),
            "number_of_questions": len(questions),
            "missing": [
                {
                    "title": question.task,
                    "url": question_url(registration, profile, question),
                }
                for question in missing
            ],
            "check_url": registration.url("check", profile.public_id),
            "may_invite": permissions.can_manage_members(request.user, profile.organisation),
            **context,
        },
    )


def question_url(registration: Registration, profile: Any, question: Question, came_from: str = "") -> str:
    """Return the address of a question; with `came_from` the person is led back there after saving."""
    address = registration.url("question", profile.public_id, question.slug)
    return f"{address}?from={came_from}" if came_from else address


def task_row(registration: Registration, profile: Any, question: Question) -> dict[str, Any]:
    status = question.status(profile)
    hint: Any = question.why_blocked(profile) if status == TaskStatus.BLOCKED else ""
    if status == TaskStatus.TODO and question.required:
        hint = gettext("Needed before you publish.")
    return {
        "title": question.task,
        "url": question_url(registration, profile, question),
        "status": status.value,
        "hint": hint,
    }


def answer_question(
    request: HttpRequest, registration: Registration, public_id: str, slug: str
) -> HttpResponse:
    """One question: shown, saved, or shown again with what was typed.

    The view that calls this is open (`login_not_required`), so that what a person has typed while
    their session ended is kept until they have signed in again.
    """
    question = registration.questions.find(slug)
    if question is None:
        raise Http404
    here = registration.url("question", public_id, slug)
    if not request.user.is_authenticated:
        if AUTOSAVE in request.POST:
            return keep_until_signed_in(request, here)
        if request.method == "POST" and keep_text(request.session, here, request.POST):
            messages.info(
                request, gettext("You have been signed out. Sign in again: what you wrote is still here.")
            )
        return redirect_to_login(here)
    profile = registration.find(request.user, public_id)
    if request.method != "POST":
        return _show_question(
            request, registration, profile, question, _first_form(request, profile, question)
        )
    if AUTOSAVE in request.POST:
        return autosave(request, registration, profile, question)
    if KEEP_STORED in request.POST:
        forget_text(request.session, request.path)
        return HttpResponseRedirect(request.get_full_path())
    if issubclass(question.form_class, RowsForm) and ({"add_row", "remove_row"} & request.POST.keys()):
        rows = question.form_class.rearranged(request.POST, profile=profile, question=question)
        return _show_question(request, registration, profile, question, rows)
    if PREVIEW in request.POST:
        # Judged and shown with what it would mean; nothing is saved.
        form = question.form_class(request.POST, profile=profile, question=question)
        return _show_question(
            request, registration, profile, question, form, status=200 if form.is_valid() else 422
        )
    return _save_answer(request, registration, profile, question)


def _first_form(request: HttpRequest, profile: Any, question: Question) -> AnswerForm:
    kept = kept_text(request.session, request.path)
    if kept is None:
        return question.form_class(profile=profile, question=question)
    # Kept until saved: a person who wanders off after signing in still finds it.
    return question.form_class(kept, profile=profile, question=question)


def _save_answer(
    request: HttpRequest, registration: Registration, profile: Any, question: Question
) -> HttpResponse:
    attempt = save_answer(registration, profile, question, request.POST, user=request.user)
    if attempt.outcome == Outcome.OUTDATED:
        return _show_conflict(request, registration, attempt.profile, question, attempt.form)
    if attempt.outcome == Outcome.INVALID:
        return _show_question(request, registration, attempt.profile, question, attempt.form, status=422)
    forget_text(request.session, request.path)
    tell_saved(request, attempt.profile, question, attempt.form)
    return HttpResponseRedirect(_next_address(request, registration, attempt.profile, question))


def tell_saved(request: HttpRequest, profile: Any, question: Question, form: AnswerForm) -> None:
    """Say that an answer is saved, what was understood of it, and what of it others do not see."""
    messages.success(request, gettext("Saved %(time)s") % {"time": format_clock(profile.changed_at)})
    if (advice := advice_on(form.long_texts())).tips:
        messages.info(request, " ".join([gettext("A tip, no demand:"), *advice.tips]))
    for notice in form.notices():
        messages.info(request, notice)
    hidden = hidden_details(private_texts_of(profile), question.form_class.model_fields)
    if hidden:
        messages.warning(
            request,
            gettext(
                "We have hidden %(details)s from everyone else. Contact details are shown only when both "
                "sides have said yes to an introduction. You still see your own text."
            )
            % {"details": ", ".join(detail.written for detail in hidden)},
        )


def _next_address(request: HttpRequest, registration: Registration, profile: Any, question: Question) -> str:
    if request.GET.get("from") == FROM_CHECK:
        return registration.url("check", profile.public_id)
    following = registration.questions.after(question.slug)
    if "save_later" in request.POST or following is None:
        return registration.url("tasks", profile.public_id)
    return registration.url("question", profile.public_id, following.slug)


def _question_context(
    request: HttpRequest, registration: Registration, profile: Any, question: Question, form: AnswerForm
) -> dict[str, Any]:
    from_check = request.GET.get("from") == FROM_CHECK
    tasks = registration.url("tasks", profile.public_id)
    return {
        "profile": profile,
        "question": question,
        "form": form,
        "hidden_details": hidden_details(private_texts_of(profile), question.form_class.model_fields),
        "back_url": registration.url("check", profile.public_id) if from_check else tasks,
        "back_text": gettext("Back to your answers") if from_check else gettext("Back to the task list"),
        "save_text": gettext("Save") if from_check else gettext("Save and continue"),
        "save_later": not from_check,
        "advice": advice_on(form.long_texts()),
        # How the page came to hold what is typed in it, for the script that looks after it.
        "typed": "posted" if request.method == "POST" else "kept" if form.is_bound else "",
    }


def _show_question(
    request: HttpRequest,
    registration: Registration,
    profile: Any,
    question: Question,
    form: AnswerForm,
    status: int = 200,
) -> HttpResponse:
    template = question.template or getattr(form, "template", "") or f"{registration.templates}/question.html"
    context = _question_context(request, registration, profile, question, form)
    return render(request, template, context, status=status)


def _show_conflict(
    request: HttpRequest, registration: Registration, profile: Any, question: Question, form: AnswerForm
) -> HttpResponse:
    """The same answer has been changed meanwhile: show both, save nothing yet, lose nothing."""
    # Whoever leaves the page without choosing finds their text when they come back.
    keep_text(request.session, request.path, request.POST)
    mine = question.form_class(form.with_current_marks(), profile=profile, question=question)
    mine.is_valid()
    context = _question_context(request, registration, profile, question, mine)
    context |= {"theirs": question.written(profile), "theirs_at": profile.changed_at}
    template = question.template or getattr(mine, "template", "") or f"{registration.templates}/question.html"
    return render(request, template, context, status=409)


def answer_rows(registration: Registration, profile: Any, *, changeable: bool = True) -> list[dict[str, Any]]:
    """Return all answers in words, group by group, each with the way to change it."""
    return [
        {
            "title": group.title,
            "rows": [
                {
                    "label": question.task,
                    "value": question.written(profile),
                    "url": question_url(registration, profile, question, FROM_CHECK) if changeable else "",
                }
                for question in group.questions
            ],
        }
        for group in registration.questions.groups
    ]


def show_check(
    request: HttpRequest, registration: Registration, profile: Any, status: int = 200, **context: Any
) -> HttpResponse:
    """All answers before publishing, with what is still missing."""
    missing = registration.questions.missing(profile)
    return render(
        request,
        f"{registration.templates}/check.html",
        {
            "profile": profile,
            "groups": answer_rows(registration, profile),
            "missing": [
                {
                    "title": question.task,
                    "url": question_url(registration, profile, question, FROM_CHECK),
                }
                for question in missing
            ],
            "back_url": registration.url("tasks", profile.public_id),
            **context,
        },
        status=status,
    )


def show_questions(request: HttpRequest, registration: Registration, **context: Any) -> HttpResponse:
    """Every question at once: to read, to print, to talk about before starting."""
    return render(
        request,
        f"{registration.templates}/questions.html",
        {
            "groups": registration.questions.groups,
            "number_of_questions": len(registration.questions),
            **context,
        },
    )


def questions_as_text(registration: Registration, title: str) -> str:
    """Return every question as plain text with room for answers."""
    lines = [title, "=" * len(title), ""]
    for group in registration.questions.groups:
        lines += [str(group.title), "-" * len(str(group.title)), ""]
        for number, question in enumerate(group.questions, start=1):
            optional = "" if question.required else " " + gettext("(optional)")
            lines.append(f"{number}. {question.title}{optional}")
            lines += [f"   {text}" for text in (question.hint, question.why) if text]
            lines += ["", "", ""]
    return "\n".join(lines) + "\n"


def document_answer(
    registration: Registration, title: str, file_name: str, profile: Any | None = None
) -> HttpResponse:
    """Return every question as a document to download, with the answers so far when there is a profile."""
    document = questions_as_document(registration.questions, title, profile)
    response = HttpResponse(document, content_type=ODT)
    response["Content-Disposition"] = f'attachment; filename="{file_name}.odt"'
    return response
