"""How addresses of the API are described in its schema: pages of a list, errors, and examples of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from brygga.core.api import ApiView, Text

V = TypeVar("V", bound=type[ApiView])


class ErrorSerializer(serializers.Serializer[Any]):
    """What every error looks like. Texts are in Swedish or English, as `Accept-Language` asks."""

    detail = serializers.CharField(help_text="What went wrong, for a person to read.")
    errors = serializers.DictField(  # type: ignore[assignment]  # the field's name in the answer, not the serializer's own errors
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What is wrong with each parameter, by its name. Empty when it is not about one.",
    )


_ERRORS: Mapping[int, tuple[str, str, dict[str, list[str]]]] = {
    400: (
        "A parameter is unknown, or has a value that cannot be.",
        "The address holds something that we do not understand.",
        {"colour": ["There is no such parameter. Known here: q, area, theme."]},
    ),
    401: (
        "Nobody is signed in, or the token does not work.",
        "The token does not work. It may have expired or been removed.",
        {},
    ),
    403: ("The token may not do this.", "This token lacks the scope read_profiles.", {}),
    404: (
        "Nothing is there, or it may not be seen.",
        "There is nothing at this address, or you may not see it.",
        {},
    ),
    429: (
        "Asked too often. `Retry-After` says how many seconds to wait.",
        "Too many questions in a short time. Ask again in 40 seconds.",
        {},
    ),
}


def error_responses(*codes: int) -> dict[int, OpenApiResponse]:
    """Return the description of errors, each with an example."""
    return {
        code: OpenApiResponse(
            ErrorSerializer,
            _ERRORS[code][0],
            [
                OpenApiExample(
                    f"error-{code}",
                    {"detail": _ERRORS[code][1], "errors": _ERRORS[code][2]},
                    status_codes=[code],
                )
            ],
        )
        for code in codes
    }


def page_serializer(
    name: str, row: type[serializers.BaseSerializer[Any]]
) -> type[serializers.Serializer[Any]]:
    """Return the form of a page of a list whose rows look like `row`."""
    return type(
        name,
        (serializers.Serializer,),
        {
            "__doc__": "A page of a list, the newest first.",
            "count": serializers.IntegerField(
                help_text="How many there are in all; 10 000 means that many or more."
            ),
            "next": serializers.URLField(allow_null=True, help_text="The next page, or null on the last."),
            "results": row(many=True),
        },
    )


def described(
    *,
    operation: str,
    tag: str,
    summary: Text,
    answer: type[serializers.BaseSerializer[Any]],
    example: Any,
    description: Text = "",
    path: Mapping[str, Text] | None = None,
) -> Callable[[V], V]:
    """Describe a view with one `get`: what it is asked, what it answers, and every error it may answer."""

    def decorate(view: V) -> V:
        in_path = [
            OpenApiParameter(name, str, OpenApiParameter.PATH, description=text)
            for name, text in (path or {}).items()
        ]
        codes = [400, 401, 403, *([404] if in_path else []), 429]
        schema = extend_schema(
            operation_id=operation,
            tags=[tag],
            summary=summary,
            description=description,
            parameters=[*in_path, *view.parameters.documented()],
            responses={
                200: OpenApiResponse(answer, summary, [OpenApiExample(f"{operation}-example", example)]),
                **error_responses(*codes),
            },
        )
        method: Any = view
        method.get = schema(method.get)
        return view

    return decorate
