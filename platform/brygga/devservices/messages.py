"""Merges locale/<language>/LC_MESSAGES/*.po into django.mo, since a bare machine has no msgfmt.

Usage: `python -m brygga.devservices.messages [--strict]`

With --strict two catalogues that translate the same text differently are an error, not a remark.
"""

import sys
from pathlib import Path

from brygga.devservices.location import checkout_folder


class MessagesProblem(Exception):
    """A catalogue that cannot be read, or two that say different things."""


def compile_messages(locale: Path, *, strict: bool = False) -> list[str]:
    """Write every language's django.mo that is older than its catalogues; return what is to be told.

    Raises MessagesProblem when a catalogue is broken or, if `strict`, when two translate the same text
    differently. Otherwise the first one in the alphabet wins.
    """
    told: list[str] = []
    for folder in sorted(locale.glob("*/LC_MESSAGES")):
        sources = sorted(folder.glob("*.po"))
        target = folder / "django.mo"
        if sources and (strict or not _is_fresh(target, sources, folder)):
            count, conflicts = _merge(folder.parent.name, sources, target)
            if strict and conflicts:
                raise MessagesProblem("\n".join(conflicts))
            told += [*conflicts, f"{folder.parent.name}: {count} messages from {len(sources)} files"]
    return told


def _is_fresh(target: Path, sources: list[Path], folder: Path) -> bool:
    # The folder's own time changes when a catalogue is removed, but also when the target is replaced.
    if not target.exists():
        return False
    written = target.stat().st_mtime_ns
    return folder.stat().st_mtime_ns <= written and all(path.stat().st_mtime_ns < written for path in sources)


def _merge(language: str, sources: list[Path], target: Path) -> tuple[int, list[str]]:
    # Slow to import, and only needed when something changed.
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - see above
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - see above
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - see above

    merged = Catalog(locale=language)
    conflicts: list[str] = []
    seen: dict[tuple[object, object], tuple[object, str]] = {}
    for source in sources:
        with source.open("rb") as file:
            try:
                catalog = read_po(file, locale=language, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                raise MessagesProblem(f"{source}: {error}") from error
        for message in catalog:
            texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            if not message.id or not all(texts) or message.fuzzy:
                continue
            key = (message.context, message.id)
            earlier = seen.setdefault(key, (message.string, source.name))
            if earlier[0] != message.string:
                conflicts.append(
                    f"{message.id!r}: {earlier[0]!r} in {earlier[1]}, {message.string!r} in {source.name}"
                )
                continue
            merged.add(message.id, message.string, flags=message.flags, context=message.context)
    unfinished = target.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        write_mo(file, merged)
    unfinished.replace(target)
    # The rename touched the folder: the target must not look older than that.
    target.touch()
    return len(seen), conflicts


def main() -> int:
    try:
        for line in compile_messages(checkout_folder() / "locale", strict="--strict" in sys.argv[1:]):
            print(line)
    except MessagesProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
