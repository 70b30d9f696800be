"""Challenges: what public bodies say that they cannot solve alone."""
