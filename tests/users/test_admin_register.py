"""What staff have in the admin is settled before anybody asks for a page."""

import subprocess
import sys

ASK = """
import django
django.setup()
from django.contrib import admin
before = list(admin.site._registry)
import brygga.urls
assert list(admin.site._registry) == before, "reading the addresses changes the register"
print(*sorted(model._meta.label for model in before))
"""


def test_the_register_is_whole_before_the_addresses_are_read_and_holds_no_sign_in() -> None:
    """Django's checks walk through the register and may be first to read the addresses: a late change stops them."""
    said = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    models = said.stdout.split()
    assert "users.User" in models
    assert not [label for label in models if label.startswith(("account.", "mfa.", "usersessions."))]
