"""Tips by mail: gathered once a week or at once, each thing told once, and stopped by one click."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext, override

from brygga.core.mornings import next_weekly_morning
from brygga.notifications.enums import TipsRhythm, TipsTopic
from brygga.notifications.models import TipsMail
from brygga.notifications.tips import Tips, gather
from brygga.organisations.enums import WRITING_ROLES
from brygga.outbox.mails import send_followed
from brygga.users.models import User

logger = structlog.get_logger(__name__)
MOST_AT_A_TIME = 500
#: "At once" is as often as somebody looks.
INSTANT_EVERY = timedelta(minutes=5)
AFTER_AN_ERROR = timedelta(hours=1)
#: A mail is found again for so long; then its link to the choices asks one to sign in.
CHOICES_LINK_FOR = timedelta(days=90)
#: What everybody who belongs to an organisation gets until they say otherwise. The rest begins with a choice.
FOR_MEMBERS = (TipsTopic.SUPPORT, TipsTopic.CASES)
_STOP_SALT, _CHOICES_SALT = "brygga.notifications.stop", "brygga.notifications.choices"


# -- what a person wants ---------------------------------------------------------------------------


def rhythms_of(user: User) -> dict[TipsTopic, TipsRhythm]:
    """Return how often the person wants each kind: once a week, where they have not chosen. One query."""
    chosen = dict(TipsMail.objects.filter(user=user).values_list("topic", "rhythm"))
    return {topic: TipsRhythm(chosen.get(topic.value, TipsRhythm.WEEKLY)) for topic in TipsTopic}


@transaction.atomic
def choose_rhythms(*, user: User, rhythms: Mapping[TipsTopic, TipsRhythm], now: datetime) -> None:
    """Choose how often to be told of each kind of thing."""
    for topic, rhythm in rhythms.items():
        wanted = {"rhythm": rhythm, "due_at": _next(rhythm, now)}
        TipsMail.objects.update_or_create(user=user, topic=topic, defaults=wanted)


@transaction.atomic
def begin_weekly(*, user: User, topic: TipsTopic, now: datetime) -> None:
    """Let somebody who has begun to follow something be told of it once a week. A choice they have made stays.

    Who has said no to all other tips gets none of these either, until they say so.
    """
    chosen = set(TipsMail.objects.filter(user=user).values_list("rhythm", flat=True))
    rhythm = TipsRhythm.OFF if chosen == {TipsRhythm.OFF.value} else TipsRhythm.WEEKLY
    TipsMail.objects.get_or_create(
        user=user, topic=topic, defaults={"rhythm": rhythm, "due_at": next_weekly_morning(now)}
    )


def has_begun(user: User, topic: TipsTopic) -> bool:
    """Return whether the person gets such mails, or has chosen not to."""
    return TipsMail.objects.filter(user=user, topic=topic).exists()


# -- links in mails --------------------------------------------------------------------------------


def stop_token(user: User, topic: TipsTopic | str) -> str:
    """Return what stops one kind of tips for one person, and can do nothing else. It does not grow old."""
    return signing.Signer(salt=_STOP_SALT).sign_object([user.pk, str(TipsTopic(topic))])


def stopped_by(token: str) -> tuple[User, TipsTopic] | None:
    """Return whose tips a link stops, and which kind; None for a wrong link."""
    try:
        number, topic = signing.Signer(salt=_STOP_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=number).first()
    return (user, TipsTopic(topic)) if user is not None else None


def choices_token(user: User) -> str:
    """Return what opens a person's choices of mails without signing in, for ninety days."""
    return signing.TimestampSigner(salt=_CHOICES_SALT).sign(str(user.pk))


def user_of_choices(token: str) -> User | None:
    """Return whose choices a link opens, or None when it is wrong. Raises signing.SignatureExpired."""
    try:
        number = signing.TimestampSigner(salt=_CHOICES_SALT).unsign(token, max_age=CHOICES_LINK_FOR)
    except signing.SignatureExpired:
        raise
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=number, is_active=True).first()


# -- telling ---------------------------------------------------------------------------------------


def tell_all_due(*, now: datetime) -> int:
    """Send everybody whose time has come what is new to them. Return how many mails were put in the outbox.

    Safe to run twice, and at once in two places.
    """
    _begin_for_new_people(now)
    sent = 0
    due = TipsMail.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    for number in list(due[:MOST_AT_A_TIME]):
        try:
            sent += tell_tips(number=number, now=now)
        except Exception as error:
            # One person's tips must not keep the others from getting theirs.
            logger.warning("tips_failed", number=number, error=type(error).__name__)
            TipsMail.objects.filter(pk=number).update(due_at=now + AFTER_AN_ERROR)
    return sent


@transaction.atomic
def tell_tips(*, number: int, now: datetime) -> bool:
    """Gather one person's tips of one kind, and put a mail in the outbox if there are any.

    What is told, the mail and the next time are written together: whoever is killed in the middle has
    done nothing, and of two at once the second finds that the time has moved on.
    """
    row = (
        TipsMail.objects.due(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(pk=number)
        .first()
    )
    if row is None:
        return False
    user, topic, due_at = row.user, TipsTopic(row.topic), row.due_at
    row.due_at = _next(TipsRhythm(row.rhythm), now)
    row.save(update_fields=["due_at"])
    with override(user.language):
        tips = gather(topic, user, now)
        if tips is None:
            return False
        return send_followed(
            key=f"tips-{row.pk}-{due_at:%Y%m%dT%H%M%S%f}",
            recipient=user.email,
            subject=_subject(topic, tips),
            template="emails/tips.txt",
            context={
                "tips": tips,
                "topic": topic,
                "choices": reverse("notifications:mails-by-link", args=[choices_token(user)]),
            },
            stop_path=reverse("notifications:stop", args=[stop_token(user, topic)]),
            now=now,
        )


def _begin_for_new_people(now: datetime) -> None:
    """Give those who have joined an organisation since the last time their first Tuesday."""
    people = User.objects.filter(is_active=True, memberships__role__in=WRITING_ROLES)
    for topic in FOR_MEMBERS:
        new = people.exclude(tips_mails__topic=topic).distinct().values_list("pk", flat=True)
        TipsMail.objects.bulk_create(
            [TipsMail(user_id=key, topic=topic, due_at=next_weekly_morning(now)) for key in new],
            ignore_conflicts=True,
        )


def _subject(topic: TipsTopic, tips: Tips) -> str:
    if topic == TipsTopic.FOLLOWED:
        words = ngettext(
            "%(number)s piece of news from what you follow",
            "%(number)s pieces of news from what you follow",
            tips.number,
        )
    elif topic == TipsTopic.CASES:
        words = ngettext(
            "%(number)s new initiative fits your support",
            "%(number)s new initiatives fit your support",
            tips.number,
        )
    else:
        words = ngettext(
            "%(number)s new offer of support fits you",
            "%(number)s new offers of support fit you",
            tips.number,
        )
    return words % {"number": tips.number}


def _next(rhythm: TipsRhythm, now: datetime) -> datetime:
    return now + INSTANT_EVERY if rhythm == TipsRhythm.INSTANT else next_weekly_morning(now)
