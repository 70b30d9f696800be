"""What other parts call of the kernel says what goes in, what comes out, what it costs and which errors it raises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KERNEL = ROOT / "matching" / "kernel"
CALLERS = ("matching", "benchmarks", "innovators", "funders", "intermediaries")


def _functions() -> dict[tuple[str, str], ast.FunctionDef]:
    return {
        (path.stem, node.name): node
        for path in sorted(KERNEL.glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


def _called() -> set[tuple[str, str]]:
    """Return what is imported from a module of the kernel anywhere outside of it."""
    files = (path for part in CALLERS for path in (ROOT / part).rglob("*.py") if KERNEL not in path.parents)
    return {
        (node.module.rpartition(".")[2], name.name)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matching.kernel.")
        for name in node.names
    }


def _missing(function: ast.FunctionDef) -> list[str]:
    text = ast.get_docstring(function) or ""
    said = text.splitlines()
    taken = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
    wanted = ["Parameters"] if taken else []
    wanted.append("Yields" if any(isinstance(node, ast.Yield) for node in ast.walk(function)) else "Returns")
    if any(isinstance(node, ast.Raise) for node in ast.walk(function)):
        wanted.append("Raises")
    missing = [part for part in wanted if part not in said]
    return missing + ([] if "Cost" in text or "cost" in text else ["cost"])


def test_every_function_that_others_call_is_documented_whole() -> None:
    functions, called = _functions(), _called()
    public = sorted(called & functions.keys())
    assert len(public) > 40
    found = {f"{module}.{name}": _missing(functions[module, name]) for module, name in public}
    assert {name: missing for name, missing in found.items() if missing} == {}


@pytest.mark.parametrize("words", ["Cost", "Parameters"])
def test_what_is_missing_is_found(words: str) -> None:
    sections = ["Parameters\n    ----------\n    a", "Returns\n    -------\n    int\n        Cost O(1)."]
    whole = 'def f(a):\n    """Do.\n\n    ' + "\n\n    ".join(sections) + '\n    """\n'
    [complete, lacking] = [ast.parse(text).body[0] for text in (whole, whole.replace(words, "x"))]
    assert isinstance(complete, ast.FunctionDef) and isinstance(lacking, ast.FunctionDef)
    assert (_missing(complete), bool(_missing(lacking))) == ([], True)
