"""The API's schema and index at their addresses, and the page about both."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from brygga.core.api import ApiView
from brygga.core.api_documents import described
from brygga.core.http import BryggaRequest
from brygga.pages import api_documents

# What stands in for a public id in examples; no profile has one like it.
EXAMPLE_ID = "k7m2qxw9ta"
EXAMPLE_QUESTIONS = {
    "initiatives": "?area=SE-14&theme=employment&need=grant",
    "offers": "?area=SE-1480&support_kind=mentoring&open=now",
    "taxonomy": "?list=themes,target_groups",
}


def _language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"


@extend_schema(exclude=True)
class SchemaView(ApiView):
    """The OpenAPI document. Anybody may read it, with any token or none."""

    is_public = True
    authentication_classes = ()

    def get(self, request: Request) -> Response:
        return Response(api_documents.schema(_language()))


class IndexRowSerializer(serializers.Serializer[Any]):
    """One address of the API."""

    name = serializers.CharField()
    address = serializers.CharField(help_text="Write a public id where it says {public_id}.")
    summary = serializers.CharField(help_text="What is there, in the language asked for.")
    needs_token = serializers.BooleanField()


class IndexSerializer(serializers.Serializer[Any]):
    """Where everything is."""

    documentation = serializers.URLField(help_text="The page for people.")
    schema = serializers.URLField(help_text="The description for programs, OpenAPI 3.1.")
    addresses = IndexRowSerializer(many=True)


@described(
    operation="index",
    tag="index",
    summary=_("Every address of the API"),
    description=_("Start here: what there is, and where it is described."),
    answer=IndexSerializer,
    example={
        "documentation": "https://brygga.example/oppna-data/",
        "schema": "https://brygga.example/api/schema/",
        "addresses": [
            {
                "name": "taxonomy",
                "address": "https://brygga.example/api/v1/taxonomy/",
                "summary": "Kodlistorna, med namn på svenska och engelska",
                "needs_token": False,
            }
        ],
    },
)
class IndexView(ApiView):
    is_public = True
    scope = "read_profiles"

    def get(self, request: Request) -> Response:
        root = request.build_absolute_uri("/").rstrip("/")
        found = {
            "documentation": root + reverse("api-docs"),
            "schema": root + reverse("api-schema"),
            "addresses": [
                {
                    "name": one.name,
                    "address": root + one.path,
                    "summary": one.summary,
                    "needs_token": one.needs_token,
                }
                for one in api_documents.operations(_language())
            ],
        }
        return Response(IndexSerializer(found).data)


@login_not_required
@require_safe
def api_docs(request: BryggaRequest) -> HttpResponse:
    """How to read our data by program: each address with an example, and how to get a token."""
    rows: list[dict[str, Any]] = []
    for operation in api_documents.operations(_language()):
        path = operation.path.replace("{public_id}", EXAMPLE_ID) + EXAMPLE_QUESTIONS.get(operation.name, "")
        rows.append({"operation": operation, "address": request.build_absolute_uri(path)})
    context = {
        "rows": rows,
        "first": next(row for row in rows if row["operation"].name == "initiatives"),
        "schema_url": request.build_absolute_uri(reverse("api-schema")),
        "index_url": request.build_absolute_uri(reverse("api-index")),
    }
    return render(request, "pages/api_docs.html", context)
