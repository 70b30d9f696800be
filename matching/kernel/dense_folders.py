"""The folder that a dense model lies in: what must be there, and reading it.

`model.json` says what it is:

- `format`: 1.
- `name`: for people, 80 letters at most.
- `dimensions`: the length of its vectors.
- `kind`: `words` or `loader`.

Kind `words`, static vectors of words: `words.txt` has one word a line (UTF-8), each once and as
`brygga.language.words_of` gives it; `vectors.npy` has their vectors in the same order, float32, shape (number of
words, dimensions). A text is the mean of its words' vectors, cut to unit length: words of the title count
`terms.TITLE_WEIGHT` times, stop words and figures not at all. A longer vector counts more, so that whoever makes the
file may weigh words by how rare they are. Words of several languages may stand in one file if their vectors lie in
one space.

Kind `loader`, for installed packages that read texts their own way: `loader` in `model.json` is
`package.module:function`. The function is called with the folder (a `Path`) and returns another, which takes a
sequence of `TextDocument` and returns their vectors; see `dense.DenseModel.vectors` for what it owes.

All files in the folder, those in folders below it too, make the digest: another file is another model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from brygga.language import is_stop_word, words_of
from matching.kernel.terms import TITLE_WEIGHT, TextDocument

FORMAT = 1
MOST_DIMENSIONS = 8_192
MOST_NAME = 80
DESCRIPTION, WORDS, VECTORS = "model.json", "words.txt", "vectors.npy"
_ROWS_AT_ONCE = 65_536

#: What a model does with texts.
Made = Callable[[Sequence[TextDocument]], NDArray[Any]]


class DenseModelError(ValueError):
    """The folder of a dense model is not as it must be; the message is for whoever runs the place."""


def digest_of(folder: str | Path) -> str:
    """Return the sha256 over the names and contents of all files in a folder, as 64 hexadecimal digits."""
    place = _existing(folder)
    whole = hashlib.sha256()
    try:
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256")
            whole.update(f"{path.relative_to(place).as_posix()}\0{content.hexdigest()}\n".encode())
    except OSError as error:
        raise DenseModelError(f"{error.filename}: cannot be read. Let Brygga's processes read it.") from error
    return whole.hexdigest()


def opened(folder: str | Path) -> tuple[str, int, Made]:
    """Return a model's name, its dimensions and what it does with texts. Raises DenseModelError."""
    place = _existing(folder)
    description = _description(place / DESCRIPTION)
    name, dimensions = description["name"], description["dimensions"]
    if description["kind"] == "words":
        return name, dimensions, _WordVectors(_words(place / WORDS), place / VECTORS, dimensions)
    return name, dimensions, _from_loader(place, description.get("loader"))


def check_folder(folder: str | Path) -> None:
    """Look through a folder without loading what an installed package would.

    Parameters
    ----------
    folder : str or Path
        As the module says. Cost: one reading of its word file, a second for some hundred thousand words.

    Returns
    -------
    None
        When nothing is wrong.

    Raises
    ------
    DenseModelError
        For the first thing that is wrong: it names the file and says what to do.
    """
    place = _existing(folder)
    description = _description(place / DESCRIPTION)
    if description["kind"] == "words":
        opened(place)
        return
    module = _named_loader(place, description.get("loader"))[0]
    # Only whether it is installed: importing it may take seconds, and hundreds of megabytes.
    if find_spec(module.partition(".")[0]) is None:
        raise _not_there(place, module)


def _existing(folder: str | Path) -> Path:
    place = Path(folder)
    if not place.is_dir():
        raise DenseModelError(
            f"{folder}: there is no such folder. Put the model there, or name another folder."
        )
    return place


def _description(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DenseModelError(
            f"{path}: cannot be read. It must say format, name, dimensions and kind of the model."
        ) from error
    except ValueError as error:
        raise DenseModelError(f"{path}: is no JSON ({error}). Write it anew.") from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise DenseModelError(
            f'{path}: another format. Write "format": {FORMAT}, and the rest as that format has it.'
        )
    name, dimensions = read.get("name"), read.get("dimensions")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MOST_NAME:
        raise DenseModelError(f'{path}: "name" must be a name of at most {MOST_NAME} letters.')
    if type(dimensions) is not int or not 0 < dimensions <= MOST_DIMENSIONS:
        raise DenseModelError(f'{path}: "dimensions" must be a whole number from 1 to {MOST_DIMENSIONS}.')
    if read.get("kind") not in ("words", "loader"):
        raise DenseModelError(f'{path}: "kind" must be "words" or "loader".')
    return read


def _words(path: Path) -> dict[str, int]:
    """Return word -> row."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DenseModelError(f"{path}: cannot be read. It must have one word a line.") from error
    except UnicodeDecodeError as error:
        raise DenseModelError(f"{path}: is not UTF-8. Save it as UTF-8.") from error
    if not lines:
        raise DenseModelError(f"{path}: is empty. It must have one word a line.")
    if words_of("\n".join(lines)) != lines:
        place = next((place for place, line in enumerate(lines) if words_of(line) != [line]), 0)
        raise DenseModelError(
            f"{path}: line {place + 1}, {lines[place]!r}, is not one word as texts are read: it would be read as "
            f"{words_of(lines[place])}. Write it so, or take it out with its vector."
        )
    rows = {word: row for row, word in enumerate(lines)}
    if len(rows) < len(lines):
        twice = next(word for row, word in enumerate(lines) if rows[word] != row)
        raise DenseModelError(f"{path}: {twice!r} stands there twice. Take one out, with its vector.")
    return rows


class _WordVectors:
    """A text as the mean of the vectors of its words, which stay on the disk, mapped into memory."""

    def __init__(self, rows: dict[str, int], path: Path, dimensions: int) -> None:
        self._rows = rows
        try:
            self._vectors: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DenseModelError(
                f"{path}: cannot be read as an array ({error}). Write it with numpy.save."
            ) from error
        shape = (len(rows), dimensions)
        if self._vectors.dtype != np.float32 or self._vectors.shape != shape:
            raise DenseModelError(
                f"{path}: {self._vectors.dtype} of shape {self._vectors.shape}. It must be float32 of shape {shape}: "
                f"one row for each line of {WORDS}, as many columns as {DESCRIPTION} says."
            )
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            if not np.isfinite(self._vectors[first : first + _ROWS_AT_ONCE]).all():
                raise DenseModelError(
                    f"{path}: some numbers in it are none (nan, inf). Make it anew without them."
                )

    def __call__(self, documents: Sequence[TextDocument]) -> NDArray[np.float64]:
        result = np.zeros((len(documents), self._vectors.shape[1]))
        for place, document in enumerate(documents):
            language = document.resolved_language()
            rows, weights = [], []
            for text, weight in ((document.title, TITLE_WEIGHT), (document.body, 1.0)):
                for word in words_of(text):
                    row = self._rows.get(word)
                    if row is not None and not word.isdigit() and not is_stop_word(word, language):
                        rows.append(row)
                        weights.append(weight)
            if rows:
                result[place] = np.array(weights) @ self._vectors[rows].astype(np.float64)
        # The mean and the sum have the same direction, and only that is kept.
        return result


def _named_loader(folder: Path, loader: object) -> tuple[str, str]:
    """Return module and function."""
    module, _, function = loader.partition(":") if isinstance(loader, str) else ("", "", "")
    if not module or module.startswith(".") or not function:
        raise DenseModelError(f'{folder / DESCRIPTION}: "loader" must be written as package.module:function.')
    return module, function


def _not_there(folder: Path, what: object) -> DenseModelError:
    return DenseModelError(
        f'{folder / DESCRIPTION}: "loader" is not there ({what}). Install its package where Brygga runs.'
    )


def _from_loader(folder: Path, loader: object) -> Made:
    module, function = _named_loader(folder, loader)
    try:
        load = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise _not_there(folder, error) from error
    try:
        made: Made = load(folder)
    except Exception as error:
        raise DenseModelError(
            f"{folder / DESCRIPTION}: {loader} could not load the model ({error!r})."
        ) from error
    if not callable(made):
        raise DenseModelError(
            f"{folder / DESCRIPTION}: {loader} must return a function that makes vectors of texts."
        )
    return made
