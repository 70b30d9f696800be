"""What every address of the REST API stands on: language, parameters, pages of a list, limits and errors.

JSON only, reading only, closed by default. Every error is `{"detail": text, "errors": {field: [texts]}}`
in the language that the caller asks for.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Choices, Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import activate, get_language_from_request, gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView
from rest_framework.views import exception_handler as framework_handler

M = TypeVar("M", bound=Model)
Text = str | Promise

PAGE_SIZE = 20
LARGEST_PAGE = 100
# As on pages: beyond that nobody counts.
MOST_COUNTED = 10_000
MOST_KNOWN_NAMED = 40


# -- errors ----------------------------------------------------------------------------------------


def error_body(detail: str, errors: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Return what every error looks like."""
    return {"detail": detail, "errors": {name: list(texts) for name, texts in (errors or {}).items()}}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error in plain words and one form. What nobody foresaw goes on to the 500 page."""
    response = framework_handler(error, context)
    if response is None:
        return None
    if isinstance(error, WrongParameters):
        response.data = error_body(
            gettext("The address holds something that we do not understand."), error.errors
        )
    else:
        response.data = error_body(_detail(error, response))
    return response


def _detail(error: Exception, response: Response) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return gettext("Sign in, or send a personal token.")
    if isinstance(error, exceptions.AuthenticationFailed):
        return gettext("The token does not work. It may have expired or been removed.")
    if isinstance(error, Http404 | exceptions.NotFound):
        return not_found_text()
    if isinstance(error, exceptions.MethodNotAllowed):
        return gettext("One can only read here: use GET.")
    if isinstance(error, exceptions.Throttled):
        seconds = response.get("Retry-After", "60")
        return gettext("Too many questions in a short time. Ask again in %(seconds)s seconds.") % {
            "seconds": seconds
        }
    if isinstance(error, exceptions.PermissionDenied) and error.detail:
        return str(error.detail)
    return gettext("You may not do this.")


def not_found_text() -> str:
    return gettext("There is nothing at this address, or you may not see it.")


class WrongParameters(exceptions.APIException):
    """The question in the address cannot be answered; `errors` says why, by parameter."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.errors = errors


# -- parameters ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """One thing that may be asked for in the address.

    `read` turns a value into what the view wants, or raises ValueError with a text for the caller.
    With `many` it may be repeated, or hold several values with commas between, and widens the result.
    """

    name: str
    description: Text
    read: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    example: str = ""

    def documented(self) -> OpenApiParameter:
        one = dict(self.schema)
        return OpenApiParameter(
            self.name,
            {"type": "array", "items": one} if self.many else one,
            OpenApiParameter.QUERY,
            description=self.description,
            explode=True if self.many else None,
            style="form" if self.many else None,
        )


class Parameters:
    """Every parameter of an address. Anything else in the address is an error, said by name."""

    def __init__(self, *parameters: Parameter) -> None:
        self.by_name = {parameter.name: parameter for parameter in parameters}

    def documented(self) -> list[OpenApiParameter | type[Any]]:
        return [parameter.documented() for parameter in self.by_name.values()]

    def read(self, request: Request) -> dict[str, Any]:
        """Return the value of each parameter that is given, a list where there may be several.

        Raises WrongParameters with everything that is wrong, not only the first.
        """
        errors: dict[str, list[str]] = {}
        found: dict[str, Any] = {}
        for name, values in request.query_params.lists():
            parameter = self.by_name.get(name)
            if parameter is None:
                known = ", ".join(self.by_name) or gettext("none")
                errors[name] = [
                    gettext("There is no such parameter. Known here: %(known)s.") % {"known": known}
                ]
                continue
            texts = [text for value in values for text in value.split(",")] if parameter.many else values
            if not parameter.many and len(values) > 1:
                errors[name] = [gettext("Give it once.")]
                continue
            read: list[Any] = []
            for text in texts:
                try:
                    read.append(parameter.read(text.strip()))
                except ValueError as error:
                    errors.setdefault(name, []).append(str(error))
            if name not in errors:
                found[name] = read if parameter.many else read[0]
        if errors:
            raise WrongParameters(errors)
        return found


def one_of(known: Callable[[], Sequence[str]], *, listed: str = "") -> Callable[[str], str]:
    """Return a reader of codes; `listed` names the list of the taxonomy that tells them when they are many."""

    def read(text: str) -> str:
        codes = known()
        if text in codes:
            return text
        wrong = gettext("We do not know “%(code)s”.") % {"code": text[:60]}
        if len(codes) <= MOST_KNOWN_NAMED:
            raise ValueError(wrong + " " + gettext("Known: %(codes)s.") % {"codes": ", ".join(codes)})
        raise ValueError(
            wrong + " " + gettext("All codes are at %(address)s.") % {"address": codes_address(listed)}
        )

    return read


def codes_address(name: str) -> str:
    """Return where the codes of a list can be read."""
    return f"{reverse('api-taxonomy')}?list={name}"


def of_choices(choices: type[Choices]) -> Callable[[str], str]:
    """Return a reader of a fixed list's codes."""
    return one_of(lambda: [str(value) for value in choices.values])


def read_words(text: str) -> str:
    """Read what to search for."""
    words = " ".join(text.replace("\x00", " ").split())
    if not words:
        raise ValueError(gettext("Write what to search for."))
    if len(words) > 200:
        raise ValueError(gettext("At most 200 characters."))
    return words


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 moment or day; without a zone it is Swedish time."""
    try:
        # In an address a plus sign means a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if moment is None and (day := parse_date(text)) is not None:
            moment = datetime.combine(day, time(), tzinfo=get_current_timezone())
        if moment is not None and is_naive(moment):
            moment = make_aware(moment)
        if moment is not None:
            moment.utctimetuple()  # the first and last day of the calendar have no other zone
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValueError(gettext("Write a day or a moment, such as 2026-11-22 or 2026-11-22T14:30:00Z."))
    return moment


def read_page_size(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    raise ValueError(gettext("Write a whole number from 1 to %(most)s.") % {"most": LARGEST_PAGE})


# -- pages of a list -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a page of a list ended: new rows before it move nothing."""

    moment: datetime
    number: int

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.moment.isoformat()} {self.number}".encode()).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Read the `cursor` of an earlier answer. Forging one shows nothing that is not shown anyway."""
    try:
        moment, number = urlsafe_b64decode(text.encode("ascii") + b"===").decode().split(" ")
        place = Place(datetime.fromisoformat(moment), int(number))
        if is_naive(place.moment) or not 0 <= place.number < 2**63 or not 1900 < place.moment.year < 9000:
            raise ValueError
    except (ValueError, binascii.Error, OverflowError) as error:
        raise ValueError(gettext("Take the address from “next” in the answer before.")) from error
    return place


PAGE_PARAMETERS = (
    Parameter(
        "page_size",
        _("How many at a time, at most 100."),
        read_page_size,
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
    ),
    Parameter("cursor", _("Where to go on. Follow `next` in the answer before."), read_place),
)


LAST_PAGE = 500


def read_page_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LAST_PAGE:
        return int(text)
    raise ValueError(gettext("Write a whole number from 1 to %(most)s.") % {"most": LAST_PAGE})


NUMBERED_PAGE_PARAMETERS = (
    PAGE_PARAMETERS[0],
    Parameter(
        "page",
        _("Which page: 1 is the first."),
        read_page_number,
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
    ),
)


@dataclass(frozen=True)
class PageOfRows(Generic[M]):
    """A page of a list."""

    rows: list[M]
    count: int
    next: str | None


def page_of(request: Request, found: QuerySet[M], asked: Mapping[str, Any]) -> PageOfRows[M]:
    """Return a page, newest published first, in two queries beyond what the rows bring along."""
    size = asked.get("page_size", PAGE_SIZE)
    rows: QuerySet[M] = found.order_by("-published_at", "-pk")
    place: Place | None = asked.get("cursor")
    if place is not None:
        at = place.moment
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=place.number))
    taken = list(rows[: size + 1])
    following = None
    if len(taken) > size:
        last: Any = taken[size - 1]
        following = _address(request, "cursor", str(Place(last.published_at, last.pk)))
    count = found.order_by()[:MOST_COUNTED].count()
    return PageOfRows(taken[:size], count, following)


def numbered_page_of(request: Request, found: QuerySet[M], asked: Mapping[str, Any]) -> PageOfRows[M]:
    """Return a page of a short list in its own order, in two queries beyond what the rows bring along."""
    size, number = asked.get("page_size", PAGE_SIZE), asked.get("page", 1)
    first = (number - 1) * size
    taken = list(found[first : first + size + 1])
    following = (
        _address(request, "page", str(number + 1)) if len(taken) > size and number < LAST_PAGE else None
    )
    return PageOfRows(taken[:size], found.order_by()[:MOST_COUNTED].count(), following)


def _address(request: Request, name: str, value: str) -> str:
    """Return the address that was asked, with one parameter changed."""
    pairs = [(key, one) for key, values in request.query_params.lists() for one in values if key != name]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*pairs, (name, value)])}")


# -- the views' ground -----------------------------------------------------------------------------


class AlwaysJson(BaseContentNegotiation):
    """There is one form of answer, whatever a caller says it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ApiView(APIView):
    """One address of the API, for reading.

    Closed unless `is_public`. A personal token needs `scope` (see `brygga.users.enums.TokenScope`);
    an address without one is closed to tokens. What the address asks is in `asked`.
    """

    http_method_names = ["get", "head"]
    content_negotiation_class = AlwaysJson
    throttle_classes = [AnonRateThrottle, UserRateThrottle]
    is_public: ClassVar[bool] = False
    scope: ClassVar[str | None] = None
    parameters: ClassVar[Parameters] = Parameters()
    asked: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # These addresses have no language of their own, so the middleware has chosen Swedish.
        activate(get_language_from_request(request))
        return super().dispatch(request, *args, **kwargs)

    def get_permissions(self) -> Sequence[Any]:
        permissions = super().get_permissions()
        if self.is_public:
            return [AllowAny() if isinstance(one, IsAuthenticated) else one for one in permissions]
        return permissions

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.asked = self.parameters.read(request)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        return response
