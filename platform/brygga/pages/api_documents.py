"""The API's schema, for programs and, in words, for people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular has no types here
    """How a personal token is sent. Registered by being imported."""

    target_class = "brygga.users.authentication.ApiTokenAuthentication"
    name = "personal_token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on the account's page. It names what it may do, and it expires.",
        }


@lru_cache(maxsize=2)
def schema(language: str) -> dict[str, Any]:
    """Return the OpenAPI document. Made once for each language in a process."""
    with override(language):
        made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the same
    return made


@dataclass(frozen=True)
class ParameterLine:
    """A parameter for people: its values are named where they are few and fixed."""

    name: str
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """An address of the API for people."""

    name: str
    tag: str
    path: str
    summary: str
    description: str
    parameters: tuple[ParameterLine, ...]
    needs_token: bool


def operations(language: str) -> list[Operation]:
    """Return every address of the schema, in its order."""
    return [
        Operation(
            name=operation["operationId"],
            tag=operation["tags"][0],
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            parameters=tuple(
                _line(parameter)
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query"
            ),
            needs_token={} not in operation["security"],
        )
        for path, methods in schema(language)["paths"].items()
        for operation in methods.values()
    ]


def _line(parameter: dict[str, Any]) -> ParameterLine:
    described = parameter["schema"]
    values = described.get("items", described).get("enum", ())
    words = parameter.get("description", "").replace("`", "")
    return ParameterLine(parameter["name"], words, tuple(values))
