"""What the design system says when nobody has told it what to say: words that are neither Swedish nor English."""

from __future__ import annotations

import re

WORDS = (
    "tegn", "igjen", "Trykk", "fjerne", "Fjern", "Fjernet", "La til", "Legg til", "Du er her", "Bla i sider",
    "Forrige", "Neste", "Ingen valgte", "Valgte", "Ugyldig", "Naviger", "Tøm", "Lukk", "feil", 'forslag"',
)  # fmt: skip
_ANY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, WORDS))})(?!\w)")

#: Run in a page: what is seen or heard on it, with what scripts and style sheets have put there.
SAID = """(() => {
    const said = [];
    const read = root => {
        for (const one of root.querySelectorAll('*')) {
            for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'aria-description', 'data-label'])
                if (one.hasAttribute(name)) said.push(one.getAttribute(name));
            for (const part of ['::before', '::after']) {
                const content = getComputedStyle(one, part).content;
                if (content !== 'none' && content !== 'normal') said.push(content);
            }
            if (one.shadowRoot) { said.push(one.shadowRoot.textContent); read(one.shadowRoot); }
        }
    };
    read(document.body);
    return document.body.innerText + '\\n' + said.join('\\n');
})()"""


def norwegian_in(text: str) -> list[str]:
    """Return the Norwegian words of a text, each once."""
    return sorted(set(_ANY.findall(text)))
