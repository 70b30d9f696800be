"""How often somebody may ask without an account, from one network address."""

from brygga.core.limits import Limit, is_within

__all__ = ["ASKING", "PLACES", "SAVING", "Limit", "is_within"]

#: A library or a school is one address with many people behind it.
ASKING = Limit("ask", 40, 5 * 60)
SAVING = Limit("save", 10, 10 * 60)
PLACES = Limit("places", 300, 60)
