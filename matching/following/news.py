"""News from what somebody follows, gathered for one mail: the lines of their list that they have not read."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext

from brygga.notifications.enums import FOLLOWED_KINDS, NoticeKind, TipsTopic
from brygga.notifications.models import Notice
from brygga.notifications.selectors import telling
from brygga.notifications.tips import Tips, TipsGroup, TipsLine, register
from brygga.users.models import User
from innovators.enums import Visibility
from innovators.models import Initiative
from matching.following.catalogues import name_of_initiative, one_line
from matching.following.gathering import MOST_GROUPS, MOST_LINES, NEWS_FOR
from matching.following.models import ToldNews


def connect() -> None:
    """Hang it up; doing it again changes nothing."""
    register(TipsTopic.FOLLOWED, news_of_followed)


def news_of_followed(user: User, now: datetime) -> Tips | None:
    """Return what is new and unread of what the person follows, and note it as told. Constant queries.

    A mail is read on more screens than a page behind a sign-in: an initiative that only some may see is not named.
    """
    told = ToldNews.objects.filter(notice=OuterRef("pk"))
    rows = list(
        Notice.objects.filter(
            ~Exists(told),
            user=user,
            kind__in=FOLLOWED_KINDS,
            read_at=None,
            created_at__gt=now - NEWS_FOR,
            created_at__lte=now,
        ).order_by("parameters__initiative", "-created_at", "-pk")
    )
    if not rows:
        return None
    ToldNews.objects.bulk_create([ToldNews(notice=row) for row in rows], ignore_conflicts=True)
    found = Initiative.objects.select_related("organisation").filter(
        public_id__in={row.parameters["initiative"] for row in rows}
    )
    initiatives = {one.public_id: one for one in found}
    visible = set(found.published().visible_to(user).values_list("public_id", flat=True))
    groups, number = [], 0
    for public_id, members in groupby(rows, key=lambda row: str(row.parameters["initiative"])):
        initiative = initiatives.get(public_id)
        news = [row for row in members if public_id in visible or row.kind == NoticeKind.FOLLOWED_CLOSED]
        if initiative is not None and news:
            groups.append(_group(initiative, news))
            number += len(news)
    if not groups:
        return None
    return Tips(number, tuple(groups[:MOST_GROUPS]), max(0, len(groups) - MOST_GROUPS))


def _group(initiative: Initiative, news: list[Notice]) -> TipsGroup:
    there = reverse("notifications:list")
    if initiative.visibility != Visibility.EVERYONE:
        return TipsGroup(gettext("An initiative that not everybody may see"), (), len(news), there)
    lines = []
    for row in news[:MOST_LINES]:
        words = telling(row)
        lines.append(TipsLine(one_line(words.subject), "", words.address or there))
    about = name_of_initiative(initiative).title
    page = reverse("innovators:detail", args=[initiative.public_id]) if initiative.is_published else there
    return TipsGroup(about, tuple(lines), len(news) - len(lines), page)
