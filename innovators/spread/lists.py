"""What must stay the same and what may be adapted: written as text, read as a list."""

from __future__ import annotations

import re

_MARK = re.compile(r"^\s*(?:[-–—*•·]|\d{1,2}[.)])\s+")
LONGEST_ITEM = 300


def items_of(text: str) -> list[str]:
    """Return a text's lines as items, without the marks people put before them, each once.

    >>> items_of("- Ingen anmälan\\n2. Öppet kväll\\n\\n- Ingen anmälan")
    ['Ingen anmälan', 'Öppet kväll']
    """
    items: dict[str, None] = {}
    for line in text.splitlines():
        item = " ".join(_MARK.sub("", line).split())[:LONGEST_ITEM].rstrip()
        if item:
            items[item] = None
    return list(items)
