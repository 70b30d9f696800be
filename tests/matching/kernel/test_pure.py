"""The kernel and the language package stand alone, and their examples are true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import brygga.language
import matching.kernel

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (matching.kernel, brygga.language)
    for module in pkgutil.iter_modules(package.__path__)
]


def test_kernel_imports_without_django():
    program = (
        "import sys\n"
        "for name in ('django', 'celery', 'redis', 'psycopg'): sys.modules[name] = None\n"
        f"import importlib\nfor name in {MODULES!r}: importlib.import_module(name)\n"
        "ours = {'brygga', 'matching', 'innovators', 'funders', 'intermediaries'}\n"
        "loaded = {m for m in sys.modules if m.split('.')[0] in ours}\n"
        "strange = {m for m in loaded if not m.startswith(('brygga.language', 'matching.kernel'))}\n"
        "assert strange == {'brygga', 'matching'}, strange\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
