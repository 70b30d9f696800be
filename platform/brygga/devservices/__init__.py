"""The embedded PostgreSQL and Valkey of a machine that has none, and the one command that runs Brygga.

Standard library only, never Django: these modules run before settings can be loaded.
"""
