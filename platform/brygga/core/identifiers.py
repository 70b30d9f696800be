"""Public identifiers: short, unguessable, without letters that are mistaken for one another."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def new_public_id() -> str:
    """Return ten characters drawn at random (about 49 bits), fit for an address and for reading aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
