"""Tips: what may interest somebody, gathered by the apps above and sent in one mail. See `digest`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from brygga.notifications.enums import TipsTopic
from brygga.users.models import User


@dataclass(frozen=True)
class TipsLine:
    """A profile that everybody may see: its public title, whose it is, where it is, and why it is told of."""

    title: str
    owner: str
    path: str
    why: str = ""


@dataclass(frozen=True)
class TipsGroup:
    """What is new to one of the person's own profiles. `more` are not named."""

    about: str
    lines: tuple[TipsLine, ...]
    more: int
    path: str


@dataclass(frozen=True)
class Tips:
    """`number` things in all, in groups; those of `more_groups` profiles are not shown."""

    number: int
    groups: tuple[TipsGroup, ...]
    more_groups: int = 0


# Returns what is new to a person, in the language that is on, or None. It notes in the caller's
# transaction that the person has been told, and never returns the same again.
Provider = Callable[[User, datetime], Tips | None]

_providers: dict[TipsTopic, Provider] = {}


def register(topic: TipsTopic, provider: Provider) -> None:
    """Hang up what gathers a topic. Filled from above in `AppConfig.ready()`."""
    _providers[topic] = provider


def gather(topic: TipsTopic | str, user: User, now: datetime) -> Tips | None:
    provider = _providers.get(TipsTopic(topic))
    return provider(user, now) if provider is not None else None


# Returns what was published between two moments that everybody may see, in the language that is on.
NewsProvider = Callable[[datetime, datetime], tuple[TipsGroup, ...]]

_news: list[NewsProvider] = []


def register_news(provider: NewsProvider) -> None:
    """Let a provider fill the newsletter. Registering the same callable again changes nothing."""
    if provider not in _news:
        _news.append(provider)


def gather_news(since: datetime, until: datetime) -> tuple[TipsGroup, ...]:
    return tuple(group for provider in _news for group in provider(since, until) if group.lines)
