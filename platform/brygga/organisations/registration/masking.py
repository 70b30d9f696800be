"""Contact details in free texts: hidden from the public column, kept for the owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from brygga.language import ContactDetail, mask_contact_details


@dataclass(frozen=True)
class MaskedChanges:
    """`public` is safe to store where others read; `originals` holds what was written where it differs.

    A field that is among the texts and holds no contact details has None in `originals`: whatever was
    kept for it before is no longer what the owner means.
    """

    public: dict[str, Any]
    originals: dict[str, str | None]


def mask_changes(changes: Mapping[str, Any], text_fields: Iterable[str]) -> MaskedChanges:
    """Return the changes with e-mail addresses and phone numbers in `text_fields` hidden.

    So they are in lists of words that no entry matched; of those nothing is kept beside.
    """
    public = dict(changes)
    for field, value in changes.items():
        if field.endswith("_words") and isinstance(value, list | tuple):
            public[field] = [mask_contact_details(str(word)).text for word in value]
    originals: dict[str, str | None] = {}
    for field in text_fields:
        written = changes.get(field)
        if not isinstance(written, str):
            continue
        masked = mask_contact_details(written)
        public[field] = masked.text
        originals[field] = written if masked.found else None
    return MaskedChanges(public, originals)


def merge_private_texts(kept: Mapping[str, str], originals: Mapping[str, str | None]) -> dict[str, str]:
    """Return what to store as `private_texts` after a change."""
    merged = {**kept, **originals}
    return {field: text for field, text in merged.items() if text is not None}


def hidden_details(private_texts: Mapping[str, str], fields: Iterable[str]) -> list[ContactDetail]:
    """Return the details that others do not see in these fields, as the owner wrote them."""
    return [
        detail
        for field in fields
        if field in private_texts
        for detail in mask_contact_details(private_texts[field]).found
    ]


def private_texts_of(profile: Any) -> dict[str, str]:
    """Return what the owner wrote where the public text is masked. For the owner's own pages only."""
    contact = getattr(profile, "contact", None)
    return dict(contact.private_texts) if contact is not None else {}
