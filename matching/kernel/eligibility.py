"""May they meet: one three-valued verdict per requirement and pair.

FITS, UNCLEAR (a fact is missing) or DOES_NOT_FIT (the rule is broken by a known fact); NO_RULE where
the giver has stated nothing. A missing fact never gives DOES_NOT_FIT. The verdict of a pair is the
worst of its requirements; a pair without any rule fits.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.kernel import codes
from matching.kernel.arrays import GIVEN, NONE, UNKNOWN, InitiativeArrays, OfferArrays, any_of
from matching.kernel.trees import Tree

Verdicts = NDArray[np.int8]
_Mask = NDArray[np.bool_]


def requirement_verdicts(initiatives: InitiativeArrays, offers: OfferArrays, now_day: float) -> Verdicts:
    """Return every requirement's verdict for every pair.

    Parameters
    ----------
    initiatives
        n rows (a block: memory is n · m · R bytes).
    offers
        m rows.
    now_day
        Today, as days since 1970-01-01 in Stockholm.

    Returns
    -------
    ndarray of shape (n, m, R), int8, in the order of `codes.REQUIREMENTS`
        Cost O(n · m · (R + K + S)) plus the shared postings of areas.
    """
    result = np.zeros((len(initiatives), len(offers), len(codes.REQUIREMENTS)), dtype=np.int8)
    for place, name in enumerate(codes.REQUIREMENTS):
        if name == "dates":
            result[:, :, place] = dates_verdicts(offers, now_day)[None, :]
        else:
            result[:, :, place] = RULES[name](initiatives, offers)
    return result


def overall_verdict(verdicts: Verdicts) -> Verdicts:
    """Return the worst verdict over the last axis, FITS where no rule is known.

    Parameters
    ----------
    verdicts : ndarray of shape (..., R), int8

    Returns
    -------
    ndarray of shape (...), int8
        One of `codes`' verdicts. Cost O(size of verdicts).
    """
    worst: Verdicts = verdicts.max(axis=-1, initial=codes.FITS)
    return worst


def _verdict(*, rule: _Mask, fits: _Mask, unknown: _Mask) -> Verdicts:
    """Put three masks together; `fits` wins over `unknown`, and without a rule there is none."""
    answer = np.where(fits, codes.FITS, np.where(unknown, codes.UNCLEAR, codes.DOES_NOT_FIT))
    return np.where(rule, answer, codes.NO_RULE).astype(np.int8)


def _by_state(state: NDArray[np.int8], *, fits: _Mask, unknown: _Mask) -> Verdicts:
    """As `_verdict`, where the offer's list may also be said to be open to all, which fits."""
    return _verdict(rule=(state != UNKNOWN)[None, :], fits=fits | (state == NONE)[None, :], unknown=unknown)


def _shared(first: _Mask, second: _Mask) -> _Mask:
    """Say which pairs have a choice in common: (n, c) and (m, c) give (n, m)."""
    # Zeros and ones: some builds of BLAS raise the flag for invalid values though the product is right.
    with np.errstate(invalid="ignore"):
        return (first.astype(np.float32) @ second.astype(np.float32).T) > 0


def _other_organisation(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    same = initiatives.organisation[:, None] == offers.organisation[None, :]
    same &= (initiatives.organisation >= 0)[:, None]
    return np.where(same, codes.DOES_NOT_FIT, codes.NO_RULE).astype(np.int8)


def _organisation_kind(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    known_lead = initiatives.lead_kind >= 0
    lead = np.zeros_like(initiatives.actor_kinds)
    lead[np.flatnonzero(known_lead), initiatives.lead_kind[known_lead]] = True
    incomplete = ~initiatives.actors_complete[:, None]
    result = np.full((len(initiatives), len(offers)), codes.NO_RULE, dtype=np.int8)
    result[:, offers.eligible_state == NONE] = codes.FITS
    for whom in np.unique(offers.applies_to):
        # Few rules are meant for others than the lead: each kind is asked of its own offers alone.
        columns = np.flatnonzero((offers.eligible_state == GIVEN) & (offers.applies_to == whom))
        if not len(columns):
            continue
        eligible = offers.eligible_kinds[columns]
        if whom == 0:
            fits, unknown = _shared(lead, eligible), ~known_lead[:, None]
        elif whom == 1:
            fits, unknown = _shared(initiatives.actor_kinds, eligible), incomplete
        else:
            inside = ~_shared(initiatives.actor_kinds, ~eligible)
            fits, unknown = inside & ~incomplete, inside & incomplete
        answer = np.where(unknown, np.int8(codes.UNCLEAR), np.int8(codes.DOES_NOT_FIT))
        result[:, columns] = np.where(fits, np.int8(codes.FITS), answer)
    return result


def _must_include(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    return _by_state(
        offers.must_include_state,
        fits=_shared(initiatives.actor_kinds, offers.must_include),
        unknown=~initiatives.actors_complete[:, None],
    )


def _consortium(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    return _verdict(
        rule=(offers.consortium_required != UNKNOWN)[None, :],
        fits=(initiatives.number_of_actors >= 2)[:, None] | (offers.consortium_required == 0)[None, :],
        unknown=(initiatives.number_of_actors == UNKNOWN)[:, None],
    )


def _legal_entity(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    return _verdict(
        rule=(offers.legal_entity_required != UNKNOWN)[None, :],
        fits=(initiatives.legal_entity == 1)[:, None] | (offers.legal_entity_required == 0)[None, :],
        unknown=(initiatives.legal_entity == UNKNOWN)[:, None],
    )


def _age(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    with np.errstate(invalid="ignore"):
        old_enough = initiatives.age_months[:, None] >= offers.min_age_months[None, :]
    return _verdict(
        rule=~np.isnan(offers.min_age_months)[None, :],
        fits=old_enough | (offers.min_age_months <= 0)[None, :],
        unknown=np.isnan(initiatives.age_months)[:, None],
    )


def _area(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    # An area meets another when one contains the other: a national initiative works in the county
    # too, and an initiative of one municipality is inside the county that an offer is for.
    # The offers' side first: few ask about many initiatives, and what an offer reaches is small.
    related = (offers.areas @ initiatives.trees.areas.related) > 0
    reached = np.ascontiguousarray(related.T, dtype=np.float32)
    works = initiatives.works_in @ reached > 0
    spreads = initiatives.may_spread_to @ reached > 0
    unknown = (
        # Apart, but it may spread there: whether it would work there now is not said.
        spreads
        | (initiatives.works_in.sum(axis=1) == 0)[:, None]
        | initiatives.works_in_unresolved[:, None]
        | offers.areas_unresolved[None, :]
    )
    return _by_state(offers.areas_state, fits=works, unknown=unknown)


def dates_verdicts(offers: OfferArrays, now_day: float) -> Verdicts:
    """Return whether each offer is open, shape (m,): the same for every initiative."""
    # An offer that has not opened is no open offer; the rule it breaks names the day.
    is_open = (offers.opens_day <= now_day) & (now_day <= offers.closes_day)
    return np.where(is_open, codes.FITS, codes.DOES_NOT_FIT).astype(np.int8)


def _support_kind(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    needed = initiatives.need_urgency > 0
    return _verdict(
        rule=any_of(offers.kinds)[None, :],
        fits=_shared(needed, offers.kinds),
        unknown=~any_of(needed)[:, None],
    )


def _refused_by_initiative(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    return _verdict(
        rule=(initiatives.refused_state == GIVEN)[:, None] & any_of(offers.kinds)[None, :],
        fits=_shared(~initiatives.refused_kinds, offers.kinds),
        unknown=np.zeros((len(initiatives), len(offers)), dtype=bool),
    )


def _refused_by_offer(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    """Everything it needs is refused, its form after the project is, or all its drivers are."""
    shape = (len(initiatives), len(offers))
    result = np.zeros(shape, dtype=np.int8)
    form = np.zeros((len(initiatives), len(codes.FORMS_AFTER)), dtype=bool)
    known = initiatives.form_after >= 0
    form[np.flatnonzero(known), initiatives.form_after[known]] = True
    for chosen, refused in (
        (initiatives.need_urgency > 0, offers.refused_kinds),
        (form, offers.refused_forms_after),
        (initiatives.drivers, offers.refused_drivers),
    ):
        part = _verdict(
            rule=any_of(refused)[None, :],
            fits=_shared(chosen, ~refused),
            unknown=~any_of(chosen)[:, None],
        )
        np.maximum(result, part, out=result)
    return result


def _strict_tree(
    name: str, tree: Callable[[InitiativeArrays], Tree]
) -> Callable[[InitiativeArrays, OfferArrays], Verdicts]:
    """Make the rule of a wish with a tree: a shared code, or one that contains the other."""

    def verdicts(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
        if not _is_strict(offers, name).any():
            return np.zeros((len(initiatives), len(offers)), dtype=np.int8)
        mine: _Mask = getattr(initiatives, name)
        theirs: _Mask = getattr(offers, name)
        reach = (mine.astype(np.float32) @ tree(initiatives).related) > 0
        unresolved = (
            getattr(initiatives, f"{name}_unresolved")[:, None]
            | getattr(offers, f"{name}_unresolved")[None, :]
        )
        answer = _by_state(
            getattr(offers, f"{name}_state"),
            fits=_shared(reach, theirs),
            unknown=unresolved | ~any_of(mine)[:, None],
        )
        return np.where(_is_strict(offers, name), answer, codes.NO_RULE).astype(np.int8)

    return verdicts


def _is_strict(offers: OfferArrays, name: str) -> _Mask:
    return offers.strict[None, :, codes.STRICT.index(name)]


def _strict_process_parts(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    answer = _by_state(
        offers.process_parts_state,
        fits=_shared(initiatives.process_parts, offers.process_parts),
        unknown=~any_of(initiatives.process_parts)[:, None],
    )
    return np.where(_is_strict(offers, "process_parts"), answer, codes.NO_RULE).astype(np.int8)


def _strict_language(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    known = initiatives.language >= 0
    mine = np.zeros((len(initiatives), len(codes.LANGUAGES)), dtype=bool)
    mine[np.flatnonzero(known), initiatives.language[known]] = True
    answer = _by_state(offers.languages_state, fits=_shared(mine, offers.languages), unknown=~known[:, None])
    return np.where(_is_strict(offers, "language"), answer, codes.NO_RULE).astype(np.int8)


def _strict_amount(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    """The amount of some needed kind lies in its range, or that kind is offered without a range."""
    shape = (len(initiatives), len(offers))
    fits = np.zeros(shape, dtype=bool)
    # Where no needed kind is offered, the rule on support kinds answers and not this one.
    unknown = ~_shared(initiatives.need_urgency > 0, offers.kinds)
    ranged = offers.kinds & ~(np.isnan(offers.amount_min) & np.isnan(offers.amount_max))
    for kind in range(len(codes.SUPPORT_KINDS)):
        needed = (initiatives.need_urgency[:, kind] > 0)[:, None]
        if not (needed.any() and offers.kinds[:, kind].any()):
            continue
        asked = initiatives.need_amount[:, kind][:, None]
        with np.errstate(invalid="ignore"):
            outside = (asked < offers.amount_min[:, kind]) | (asked > offers.amount_max[:, kind])
        has_range = ranged[None, :, kind]
        fits |= needed & offers.kinds[None, :, kind] & ~(has_range & (outside | np.isnan(asked)))
        unknown |= needed & has_range & np.isnan(asked)
    answer = _verdict(rule=any_of(ranged)[None, :], fits=fits, unknown=unknown)
    return np.where(_is_strict(offers, "amount"), answer, codes.NO_RULE).astype(np.int8)


def _strict_co_funding(initiatives: InitiativeArrays, offers: OfferArrays) -> Verdicts:
    with np.errstate(invalid="ignore"):
        enough = initiatives.co_funding[:, None] >= offers.co_funding[None, :]
    answer = _verdict(
        rule=~np.isnan(offers.co_funding)[None, :],
        fits=enough | (offers.co_funding <= 0)[None, :],
        unknown=np.isnan(initiatives.co_funding)[:, None],
    )
    return np.where(_is_strict(offers, "co_funding"), answer, codes.NO_RULE).astype(np.int8)


RULES: dict[str, Callable[[InitiativeArrays, OfferArrays], Verdicts]] = {
    "other_organisation": _other_organisation,
    "organisation_kind": _organisation_kind,
    "must_include": _must_include,
    "consortium": _consortium,
    "legal_entity": _legal_entity,
    "age": _age,
    "area": _area,
    "support_kind": _support_kind,
    "forms_refused_by_initiative": _refused_by_initiative,
    "forms_refused_by_offer": _refused_by_offer,
    "strict_themes": _strict_tree("themes", lambda arrays: arrays.trees.themes),
    "strict_target_groups": _strict_tree("target_groups", lambda arrays: arrays.trees.target_groups),
    "strict_process_parts": _strict_process_parts,
    "strict_language": _strict_language,
    "strict_amount": _strict_amount,
    "strict_co_funding": _strict_co_funding,
}
