"""The one error of this package."""


class ServiceError(RuntimeError):
    """Something a person at the terminal has to know; the message is one plain line, or a few."""
