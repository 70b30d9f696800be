"""Which profiles take part, and as which versions: small enough to ask for at every change.

A stamp is a number made of everything that a profile's facts depend on. Two lists of stamps tell which
profiles came, changed or went between them.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, F, Func, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from numpy.typing import NDArray

from matching.awards.selectors import history_stamp
from matching.challenges.models import ChallengeAnswer
from matching.engine.encoding import open_offers, published_initiatives

#: What PostgreSQL's binary form begins with, and a row of three numbers in it.
_HEADER = 19
_COLUMNS = ("key", "revision", "stamp")
_ROW = np.dtype(
    [("fields", ">i2"), *(part for name in _COLUMNS for part in ((f"{name}_length", ">i4"), (name, ">i8")))]
)


@dataclass(frozen=True)
class Stamps:
    """One side's profiles in the order of their primary keys; n rows."""

    keys: NDArray[np.int64]
    revisions: NDArray[np.int64]
    stamps: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def none(cls) -> Stamps:
        """Return no profiles."""
        nothing = np.empty(0, dtype=np.int64)
        return cls(nothing, nothing, nothing)

    def stamps_at(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which keys are here, and the stamps of those that are (0 of the others)."""
        if not len(self):
            return np.zeros(len(keys), dtype=bool), np.zeros(len(keys), dtype=np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        present = self.keys[places] == keys
        return present, np.where(present, self.stamps[places], 0)

    def newer_than(self, earlier: Stamps) -> NDArray[np.int64]:
        """Return the keys here that `earlier` lacks or knows with another stamp."""
        present, stamps = earlier.stamps_at(self.keys)
        newer: NDArray[np.int64] = self.keys[~present | (stamps != self.stamps)]
        return newer

    def differing(self, earlier: Stamps) -> list[int]:
        """Return the profiles that came, changed or went after `earlier`."""
        gone = earlier.keys[~self.stamps_at(earlier.keys)[0]]
        return [*self.newer_than(earlier).tolist(), *gone.tolist()]

    def revision_of(self, key: int) -> int | None:
        """Return a profile's revision, None when it takes no part."""
        place = int(np.searchsorted(self.keys, key))
        return int(self.revisions[place]) if place < len(self) and self.keys[place] == key else None


@dataclass(frozen=True)
class Profiles:
    """Both sides as somebody has read them."""

    initiatives: Stamps
    offers: Stamps

    @classmethod
    def now(cls, now: datetime) -> Profiles:
        """Read both sides' stamps."""
        return cls(stamps_of_initiatives(), stamps_of_offers(now))

    def digest(self, *more: object) -> str:
        """Return what this and `more` amount to, as 64 hexadecimal digits."""
        whole = hashlib.sha256(repr(more).encode())
        for side in (self.initiatives, self.offers):
            whole.update(side.keys.tobytes() + side.stamps.tobytes())
        return whole.hexdigest()

    def to_bytes(self) -> bytes:
        """Write it, for `from_bytes`."""
        file = io.BytesIO()
        np.savez(file, **{f"{side}_{name}": getattr(getattr(self, side), name) for side, name in _PARTS})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> Profiles:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(bytes(content)), allow_pickle=False) as read:
            parts: dict[str, dict[str, Any]] = {"initiatives": {}, "offers": {}}
            for side, name in _PARTS:
                parts[side][name] = read[f"{side}_{name}"]
        return cls(Stamps(**parts["initiatives"]), Stamps(**parts["offers"]))


_PARTS = [(side, name) for side in ("initiatives", "offers") for name in ("keys", "revisions", "stamps")]


def stamps_of_initiatives() -> Stamps:
    """Return every initiative that takes part. Two queries."""
    owner = ("organisation_id", "organisation__kind", "organisation__number", "organisation__founded_on")
    return _with_answers(_read(published_initiatives(), *owner), "initiative")


def stamps_of_offers(now: datetime) -> Stamps:
    """Return every offer that takes part. Two queries."""
    offers = _read(
        open_offers(now), "organisation_id", "organisation__kind", history_stamp("organisation_id")
    )
    return _with_answers(offers, "offer")


def _with_answers(profiles: Stamps, side: str) -> Stamps:
    """Let the stamps depend on the challenges that are answered, which few profiles do."""
    answers = ChallengeAnswer.objects.public().filter(**{f"{side}__isnull": False})
    found = np.array(list(answers.values_list(f"{side}_id", "challenge_id")), dtype=np.int64).reshape(-1, 2)
    if not len(found) or not len(profiles):
        return profiles
    places = np.minimum(np.searchsorted(profiles.keys, found[:, 0]), len(profiles) - 1)
    is_here = profiles.keys[places] == found[:, 0]
    stamps = profiles.stamps.view(np.uint64).copy()
    # Of several the sum, so that their order does not matter; scattered, so that sums seldom agree.
    np.add.at(stamps, places[is_here], _scattered(found[is_here, 1]))
    return Stamps(profiles.keys, profiles.revisions, stamps.view(np.int64))


def _scattered(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return numbers of 64 bits that look like chance, the same for the same number.

    Source: the last step of SplitMix64, Steele, Lea & Flood (2014), "Fast Splittable Pseudorandom Number
    Generators".
    """
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _read(rows: QuerySet[Any], *parts: str | Subquery) -> Stamps:
    words: list[Any] = [
        Coalesce(Cast(F(part) if isinstance(part, str) else part, TextField()), Value("-"))
        for part in ("public_id", "revision", *parts)
    ]
    # The names must not be those of the model's own columns.
    query = (
        rows.order_by("pk")
        .annotate(
            read_key=Cast(F("pk"), BigIntegerField()),
            read_revision=Cast(F("revision"), BigIntegerField()),
            read_stamp=Func(
                Func(Value("|"), *words, function="concat_ws"),
                Value(0),
                function="hashtextextended",
                output_field=BigIntegerField(),
            ),
        )
        .values_list("read_key", "read_revision", "read_stamp")
        .query
    )
    statement, parameters = query.sql_with_params()
    with (
        connection.cursor() as cursor,
        # The driver's own cursor: Django's, where it notes what is asked, takes no parameters.
        cursor.cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)", parameters) as copy,
    ):
        content = b"".join(bytes(piece) for piece in copy)
    # After the last row stands a count of -1.
    number = (len(content) - _HEADER - 2) // _ROW.itemsize
    table = np.frombuffer(content, dtype=_ROW, count=number, offset=_HEADER)
    return Stamps(*(table[name].astype(np.int64) for name in _COLUMNS))
