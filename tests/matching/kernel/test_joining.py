"""Several encodings as one give what one encoding of all gives."""

import numpy as np
import pytest
from hypothesis import given

from matching.kernel.eligibility import requirement_verdicts
from matching.kernel.joining import joined
from tests.matching.kernel.cast import (
    OFFER,
    TAXONOMY,
    TODAY,
    Trees,
    collections,
    encode_offers,
    initiatives_of,
    offers_of,
)
from tests.matching.kernel.test_laws import laws


@laws
@given(collections())
def test_parts_judge_as_the_whole(both):
    facts, offer_facts = both
    initiatives = joined([initiatives_of(one) for one in facts])
    offers = joined([offers_of(one) for one in offer_facts])
    assert offers.keys == tuple(one.key for one in offer_facts)
    np.testing.assert_array_equal(
        requirement_verdicts(initiatives, offers, TODAY),
        requirement_verdicts(initiatives_of(*facts), offers_of(*offer_facts), TODAY),
    )


def test_parts_must_belong_together():
    with pytest.raises(ValueError, match="nothing"):
        joined([])
    with pytest.raises(ValueError, match="same Trees"):
        joined([offers_of(OFFER), encode_offers([OFFER], Trees(TAXONOMY))])
    with pytest.raises(ValueError, match="unique"):
        joined([offers_of(OFFER), offers_of(OFFER)])
