"""The API's schema at its address, and the page about it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from brygga.core.api import ApiView
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


@login_not_required
@require_safe
def api_docs(request: BryggaRequest) -> HttpResponse:
    """How to read our data by program: each address with an example, and how to get a token."""
    rows = []
    for operation in api_documents.operations(_language()):
        path = operation.path.replace("{public_id}", EXAMPLE_ID) + EXAMPLE_QUESTIONS.get(operation.name, "")
        rows.append({"operation": operation, "address": request.build_absolute_uri(path)})
    context = {"rows": rows, "schema_url": request.build_absolute_uri(reverse("api-schema"))}
    return render(request, "pages/api_docs.html", context)
