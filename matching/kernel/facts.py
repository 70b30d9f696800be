"""What the kernel needs to know of a profile, in plain Python: codes, lists, and None for unknown.

Whoever calls the kernel turns a row into one of these and nothing more. Everywhere:
None = nobody has said; an empty tuple = said to be none (an offer: no restriction). Codes are
those of `codes`; areas, themes and target groups are codes of the `Taxonomy` given beside them, and a
code that the taxonomy does not know counts as unresolved, never as a mismatch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.kernel.codes import ALWAYS_LEGAL_ENTITY, NEVER_LEGAL_ENTITY
from matching.kernel.terms import TextDocument

EMPTY_DOCUMENT = TextDocument()


@dataclass(frozen=True)
class Taxonomy:
    """The trees that codes live in.

    Parameters
    ----------
    areas, themes, target_groups
        Code -> code of its parent, or None at the top.
    neighbours
        County code -> codes of the counties beside it (need not be given both ways).
    """

    areas: Mapping[str, str | None]
    themes: Mapping[str, str | None]
    target_groups: Mapping[str, str | None]
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("areas", "themes", "target_groups"):
            tree: Mapping[str, str | None] = getattr(self, name)
            for code in tree:
                seen: set[str] = set()
                step: str | None = code
                while step is not None:
                    if step in seen:
                        raise ValueError(f"{name}: {code!r} is its own ancestor")
                    if step not in tree:
                        raise ValueError(f"{name}: the ancestor {step!r} of {code!r} is missing")
                    seen.add(step)
                    step = tree[step]


@dataclass(frozen=True)
class NeedFacts:
    """One thing an initiative needs. Amount in Swedish kronor, 0 = unknown; `urgency` > 0, 1 is ordinary."""

    kind: str
    amount: float | None = None
    hours: float | None = None
    urgency: float = 1.0


@dataclass(frozen=True)
class SupportFacts:
    """One thing an offer gives. Amounts in Swedish kronor for one case, 0 = unknown."""

    kind: str
    amount_min: float | None = None
    amount_max: float | None = None
    hours: float | None = None


@dataclass(frozen=True)
class AnsweredChallenge:
    """A public body's challenge that a profile says it answers. `key` > 0; `title` is what a reason calls it."""

    key: int
    title: str = ""


@dataclass(frozen=True)
class InitiativeFacts:
    """An initiative.

    Parameters
    ----------
    key
        Public id: breaks ties.
    organisation_id
        Owner; an offer of the same organisation is never a match.
    lead_kind, actor_kinds
        Kind of the owner; kinds of the other actors (None inside for an actor of unknown kind).
        Pass None, not an empty tuple, when the question about actors was never answered.
    legal_entity
        None lets kinds that always or never are one decide.
    works_in, may_spread_to
        Area codes; names that could not be resolved stand in `*_unresolved`, in words.
    themes_unresolved, target_groups_unresolved
        Free words the taxonomy does not know; put them into the text as well.
    needs
        None or empty: not stated.
    forms_not_accepted
        Support kinds that the initiative does not want.
    co_funding_percent
        What share of the costs it can carry itself.
    challenges
        The newest first; `codes.MOST_CHALLENGES` of them are read. To answer none is nothing that is missing.
    """

    key: str
    organisation_id: int | None = None
    lead_kind: str | None = None
    actor_kinds: tuple[str | None, ...] | None = None
    legal_entity: bool | None = None
    age_months: float | None = None
    works_in: tuple[str, ...] | None = None
    works_in_unresolved: tuple[str, ...] = ()
    may_spread_to: tuple[str, ...] | None = None
    themes: tuple[str, ...] | None = None
    themes_unresolved: tuple[str, ...] = ()
    target_groups: tuple[str, ...] | None = None
    target_groups_unresolved: tuple[str, ...] = ()
    process_parts: tuple[str, ...] | None = None
    needs: tuple[NeedFacts, ...] | None = None
    forms_not_accepted: tuple[str, ...] | None = None
    form_after: str | None = None
    drivers: tuple[str, ...] | None = None
    language: str | None = None
    co_funding_percent: float | None = None
    challenges: tuple[AnsweredChallenge, ...] = ()
    document: TextDocument = EMPTY_DOCUMENT

    @property
    def known_legal_entity(self) -> bool | None:
        """Whether it is a legal entity, by its own word or by its kind."""
        if self.legal_entity is not None:
            return self.legal_entity
        if self.lead_kind in ALWAYS_LEGAL_ENTITY:
            return True
        return False if self.lead_kind in NEVER_LEGAL_ENTITY else None

    @property
    def number_of_actors(self) -> int | None:
        """The lead and the others, or None when the others are unknown."""
        return None if self.actor_kinds is None else 1 + len(self.actor_kinds)


@dataclass(frozen=True)
class SupportedCase:
    """One thing that an offer, or else its giver, has supported before.

    Parameters
    ----------
    key
        Of the decision: gives the order.
    document
        Its text.
    initiative_key
        Public id of the initiative it went to, when that is here: for that one it never counts.
    decided_day
        Days since 1970-01-01, None when not known.
    name
        What it may be called in a reason; "" when it must not be named.
    is_borrowed
        Another award of the same giver, lent to an offer that has none of its own.
    """

    key: str
    document: TextDocument
    initiative_key: str | None = None
    decided_day: float | None = None
    name: str = ""
    is_borrowed: bool = False


@dataclass(frozen=True)
class OfferFacts:
    """An offer of support. None = no rule known; an empty tuple = said to be open to all.

    Parameters
    ----------
    applies_to
        Whom `eligible_organisation_kinds` speaks of: `lead`, `any` actor, or `all` actors.
    must_include_kinds
        Some actor must be of one of these.
    forms_not_accepted
        Support kinds, forms after the project, or drivers that the giver does not accept.
    languages
        Languages that applications may be in; a rule only when `strict` says so.
    opens_day, closes_day
        First and last day on which it can be applied for, as days since 1970-01-01 in Stockholm;
        None = already open, or rolling.
    strict
        Wishes that are rules here: of `codes.STRICT`.
    co_funding_percent
        Own share that the giver asks for.
    drivers
        Why the giver gives.
    history
        What has been supported before; an empty tuple when nothing is known.
    challenges
        As of an initiative.
    """

    key: str
    organisation_id: int | None = None
    eligible_organisation_kinds: tuple[str, ...] | None = None
    applies_to: str = "lead"
    must_include_kinds: tuple[str, ...] | None = None
    consortium_required: bool | None = None
    legal_entity_required: bool | None = None
    min_age_months: float | None = None
    areas: tuple[str, ...] | None = None
    areas_unresolved: tuple[str, ...] = ()
    themes: tuple[str, ...] | None = None
    themes_unresolved: tuple[str, ...] = ()
    target_groups: tuple[str, ...] | None = None
    target_groups_unresolved: tuple[str, ...] = ()
    process_parts: tuple[str, ...] | None = None
    support: tuple[SupportFacts, ...] | None = None
    forms_not_accepted: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    opens_day: float | None = None
    closes_day: float | None = None
    strict: tuple[str, ...] = ()
    co_funding_percent: float | None = None
    drivers: tuple[str, ...] | None = None
    history: tuple[SupportedCase, ...] = ()
    challenges: tuple[AnsweredChallenge, ...] = ()
    document: TextDocument = EMPTY_DOCUMENT
