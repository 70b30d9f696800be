"""Initiatives and offers that answer a challenge."""
