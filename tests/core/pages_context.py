"""Pages that show every component, with what real people could have written in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from brygga.core.forms import (
    BryggaForm,
    HoursField,
    MoneyField,
    SwedishDateField,
    TextAreaField,
    UnknownChoiceField,
    UnknownMultipleChoiceField,
)

PAGES = Path(__file__).parent / "pages"
NAMES = ("start", "list", "matches", "question", "tasks", "done")


class NeedsForm(BryggaForm):
    change = TextAreaField(
        label="Vad vill ni förändra?",
        help_text="Skriv som du berättar för en granne. Det här visas först.",
        max_length=80,
    )
    amount = MoneyField(
        label="Hur mycket pengar söker ni?", help_text="Ungefär räcker, till exempel 200 tkr."
    )
    hours = HoursField(label="Hur många timmar hjälp behöver ni?", required=False)
    start_on = SwedishDateField(
        label="När vill ni börja?", required=False, help_text="Till exempel 1 mars 2026."
    )
    county = forms.ChoiceField(
        label="Var arbetar ni?", choices=[("SE-14", "Västra Götaland"), ("SE-24", "Västerbotten")]
    )
    form_after = UnknownChoiceField(
        label="Har ni ett organisationsnummer?",
        choices=[("yes", "Ja"), ("no", "Nej, vi är en grupp utan nummer")],
        help_text="Många givare frågar efter det. Vi hjälper er ändå.",
    )
    groups = UnknownMultipleChoiceField(
        label="Vilka berörs?",
        choices=[
            ("young", "Unga utan jobb"),
            ("older", "Äldre"),
            ("newly", "Nyanlända"),
            ("rural", "Boende på landsbygden"),
        ],
        none_label="Ingen särskild grupp",
        required=False,
    )
    picture = forms.FileField(label="Bild", required=False)
    consent = forms.BooleanField(label="Jag får berätta om det här", required=False)


def _match(title: str, owner: str, band: str, share: float, caveat: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "owner": owner,
        "place": "Västra Götaland",
        "band": band,
        "share": share,
        "reasons": [
            "Samma målgrupp: unga utan jobb",
            "De ger stöd i Västra Götaland, där ni arbetar",
            "Ni söker 200 000 kr, de ger 50 000–300 000 kr",
        ],
        "caveat": caveat,
        "tags": ["Bidrag", "Kunskap"],
        "closes": "Stänger 1 mars 2027",
        "confidence": "Två uppgifter saknas hos er",
        **more,
    }


def context() -> dict[str, Any]:
    """Return what all pages together need."""
    options = [
        {"value": "understand", "label": "Förstå utmaningen", "count": 32, "checked": False},
        {"value": "develop", "label": "Utveckla och pröva", "count": 128, "checked": True},
        {"value": "realise", "label": "Förverkliga och sprida", "count": 1204, "checked": False},
    ]
    cards = [
        {
            "eyebrow": "Förening",
            "title": "Grönyta för alla",
            "text": "Vi gör övergivna gräsmattor mellan husen till odlingar som grannarna sköter ihop. "
            "Tre gårdar är igång och fyra står på kö.",
            "tags": ["Integration", {"text": "Söker bidrag", "tone": "accent"}],
            "meta": ["Göteborg", "Odlarföreningen Rosenlund"],
        },
        {
            "eyebrow": "Informell grupp",
            "title": "Skogslaget",
            "text": "Unga som lämnat skolan lär sig skogsvård av pensionerade skogsarbetare.",
            "tags": [
                "Arbete",
                {"text": "Söker mentor", "tone": "water"},
                {"text": "Lovande", "tone": "rowan", "icon": "flag"},
            ],
            "meta": ["Lycksele", "Coompanion Nord"],
        },
        {
            "eyebrow": "Kommun",
            "title": "Hemtjänstens egna uppfinningar",
            "text": "Undersköterskor prövar sina egna förbättringar och räknar vad de ger.",
            "tags": ["Äldre", {"text": "Söker utvärdering", "tone": "amber"}],
            "meta": ["Örnsköldsvik"],
        },
    ]
    return {
        "day": date(2026, 3, 1),
        "steps": [
            {"title": "Berätta", "text": "Två meningar räcker. Resten kan du fylla på när du vill."},
            {
                "title": "Se vilka som passar",
                "text": "Varje förslag säger varför, och vad du bör kontrollera.",
            },
            {"title": "Träffas", "text": "Ni ser varandras kontaktuppgifter först när båda har sagt ja."},
        ],
        "crumbs": [{"label": "Start", "url": "#"}, {"label": "Initiativ"}],
        "facet": options,
        "counties": [{"value": "SE-14", "label": "Västra Götaland", "count": 41, "checked": True}],
        "cards": cards * 2,
        "page": Paginator(range(200), 10).page(3),
        "matches": [
            _match(
                "Landsbygdsfonden Väst",
                "Stiftelsen Väst",
                "strong",
                0.86,
                "Kräver organisationsnummer. Du har inte angett något.",
            ),
            _match(
                "En mentor i sex månader",
                "Näringslivet hjälper till",
                "good",
                0.6,
                "De vill träffas i Borås.",
                flags=[
                    {
                        "name": "Karin Öberg",
                        "organisation": "Coompanion Göteborg",
                        "date": date(2026, 2, 3),
                        "reasons": ["Går att sprida", "Förbisett"],
                    }
                ],
            ),
            _match(
                "Lokal att låna i Bergsjön",
                "Göteborgs Stad",
                "possible",
                0.3,
                "Lokalen är upptagen på tisdagar.",
            ),
        ],
        "criteria": [
            {
                "criterion": "Var ni arbetar",
                "weight": "Krav",
                "yours": "Göteborg",
                "theirs": "Västra Götaland",
                "verdict": "fits",
            },
            {
                "criterion": "Organisationsnummer",
                "weight": "Krav",
                "yours": "",
                "theirs": "Måste finnas",
                "verdict": "unclear",
                "note": "Ni har inte svarat än.",
            },
            {
                "criterion": "Summa",
                "weight": "Väger tungt",
                "yours": "200 000 kr",
                "theirs": "50 000–150 000 kr",
                "verdict": "does_not_fit",
            },
        ],
        "flag_reasons": ["Går att sprida", "Når dem andra inte når"],
        "facts": [
            {"label": "Söker", "value": ["200 000 kr i bidrag", "40 timmar mentor"]},
            {"label": "Arbetar i", "value": "Göteborg och Borås"},
        ],
        "entries": [
            {"date": date(2026, 2, 1), "title": "Första odlingen klar", "text": "27 grannar kom."},
            {"date": date(2025, 11, 12), "title": "Avtal med bostadsbolaget"},
        ],
        "form": NeedsForm(
            {
                "change": "Vi vill att " * 12,
                "amount": "mycket",
                "groups": ["young", "unknown"],
                "start_on": "i vår",
            }
        ),
        "save_later": True,
        "back_url": "#tillbaka",
        "groups": [
            {
                "title": "Om idén",
                "tasks": [
                    {"title": "Det ni vill förändra", "url": "#1", "status": "done"},
                    {
                        "title": "Vilka som berörs",
                        "url": "#2",
                        "status": "done",
                        "hint": "Och hur de är med och bestämmer",
                    },
                    {"title": "Var ni arbetar", "url": "#3", "status": "todo"},
                ],
            },
            {
                "title": "Vad ni behöver",
                "tasks": [
                    {"title": "Pengar, kunskap eller annat stöd", "url": "#4", "status": "todo"},
                    {
                        "title": "Granska och publicera",
                        "url": "#5",
                        "status": "blocked",
                        "hint": "Öppnas när du berättat vad ni vill förändra",
                    },
                ],
            },
        ],
        "summary": [
            {"label": "Det ni vill förändra", "value": "Gräsmattor ska bli\nodlingar.", "url": "#1"},
            {"label": "Vilka som berörs", "value": ["Unga utan jobb", "Nyanlända"], "url": "#2"},
            {"label": "Summa", "value": None, "url": "#3"},
        ],
        "next": [
            "Vi jämför er med alla öppna erbjudanden. Det tar några sekunder.",
            "Ni får en notis när någon passar.",
        ],
    }


def request_for(path: str = "/initiativ/", theme: str = "light") -> WSGIRequest:
    request = RequestFactory().get(path)
    request.COOKIES["theme"] = theme
    request.user = AnonymousUser()
    return request


def render(name: str, *, theme: str = "light") -> str:
    """Return one of the pages as a browser would get it."""
    template = engines["django"].from_string((PAGES / f"{name}.html").read_text(encoding="utf-8"))
    values = context()
    if name != "question":
        values.pop("form")
    text: str = template.render(values, request_for(theme=theme))
    return text
