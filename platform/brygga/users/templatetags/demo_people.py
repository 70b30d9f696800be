"""The demo people on the sign-in page; nobody outside demo mode."""

from __future__ import annotations

from typing import Any

from django import template

from brygga.users.selectors import demo_groups

register = template.Library()


@register.simple_tag
def demo_people() -> list[dict[str, Any]]:
    return demo_groups()
