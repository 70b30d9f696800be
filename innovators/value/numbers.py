"""Numbers of indicators: how large they may be and how they are written."""

from __future__ import annotations

from decimal import Decimal

from babel import numbers

from brygga.core.formatting import babel_locale, format_number

# What the column holds: twelve digits before the decimal mark, three after.
DECIMALS = 3
LARGEST = Decimal(10) ** 12 - 1
# From here on a number beside an axis is shortened: "1,2 mn".
_SHORTENED_FROM = 100_000


def written(number: Decimal) -> str:
    """Return "1 200" or "3,5": no decimals that say nothing, no break inside."""
    return format_number(plain(number)).replace(" ", "\u00a0")


def written_short(number: Decimal) -> str:
    """Return the number as it stands beside an axis."""
    if abs(number) < _SHORTENED_FROM:
        return written(number)
    return str(
        numbers.format_compact_decimal(plain(number), locale=babel_locale(), fraction_digits=1)
    ).replace(" ", "\u00a0")


def plain(number: Decimal) -> Decimal:
    """Return the number without zeros that say nothing: 12 for 12.000, 100 and not 1E+2."""
    bare = number.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare
