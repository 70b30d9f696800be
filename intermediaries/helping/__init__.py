"""Somebody asks for help, and an intermediary in their county answers."""
