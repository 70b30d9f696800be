"""The kernel's codes are the taxonomy's, which it may not import."""

import pytest

from brygga.taxonomy import enums
from matching.kernel import codes


@pytest.mark.parametrize(
    ("enum", "order"),
    [
        (enums.OrganisationKind, codes.ORGANISATION_KINDS),
        (enums.SupportKind, codes.SUPPORT_KINDS),
        (enums.ProcessPart, codes.PROCESS_PARTS),
        (enums.Driver, codes.DRIVERS),
        (enums.FormAfter, codes.FORMS_AFTER),
    ],
)
def test_codes_are_those_of_the_taxonomy(enum, order):
    assert sorted(enum.values) == sorted(order)
