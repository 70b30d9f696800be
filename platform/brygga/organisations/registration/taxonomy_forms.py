"""Answers that become taxonomy codes: word lists with check boxes and free words, and places by name."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brygga.core.forms import TextAreaField
from brygga.organisations.registration import own_words
from brygga.organisations.registration.forms import AnswerForm
from brygga.organisations.registration.words import (
    Terms,
    full_area_names,
    resolve_places,
    resolve_terms,
    split_words,
)

__all__ = ["PlacesForm", "TermsForm"]


class TermsForm(AnswerForm):
    """Check boxes in groups from a word list, and a field for other words.

    A subclass sets `terms`; `codes_field` and `words_field` follow from it unless given. With
    `words_field = ""` words that mean nothing to us are refused instead of kept. As long as nothing is chosen,
    what the texts in `named_in` (the title first) name of the list is offered before it, unticked.
    """

    terms: ClassVar[Terms]
    codes_field: ClassVar[str] = ""
    words_field: ClassVar[str | None] = None
    named_in: ClassVar[tuple[str, ...]] = ()
    may_be_unknown = True
    template: ClassVar[str] = "organisations/registration/terms.html"

    chosen = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    other_words = forms.CharField(
        label=_("Other words"),
        help_text=_("Write what fits better, with commas between. We connect it to the list when we can."),
        required=False,
        max_length=1000,
        widget=forms.TextInput,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kept_words: list[str] = []
        self.matched_words: list[tuple[str, str]] = []
        # Codes that have gone out of use stay on profiles that carry them.
        offered = self._offered()
        carried = [code for code in self.initial.get("chosen", []) if code not in offered]
        groups: list[Any] = [(group or "", choices) for group, choices in self.terms.grouped_choices()]
        if carried:
            names = self.terms.names(carried)
            groups.append((gettext("Chosen before"), list(zip(carried, names, strict=True))))
        choice_field = self.fields["chosen"]
        assert isinstance(choice_field, forms.MultipleChoiceField)
        choice_field.choices = groups
        choice_field.label = str(self.question.title)
        self.named = [code for code in self._named() if code in offered]

    @classmethod
    def columns(cls) -> tuple[str, str]:
        codes = cls.codes_field or f"{cls.terms.value}_codes"
        words = f"{cls.terms.value}_words" if cls.words_field is None else cls.words_field
        return codes, words

    def _offered(self) -> set[str]:
        return {code for _, choices in self.terms.grouped_choices() for code, _ in choices}

    def _named(self) -> list[str]:
        """Return what the person's own texts name, as long as they have chosen nothing."""
        if not self.named_in or self.initial.get("chosen") or self.initial.get("other_words"):
            return []
        title, *texts = (str(getattr(self.profile, name)) for name in self.named_in)
        return own_words.named_in(self.terms, title, "\n\n".join(texts), self.profile.language)

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        codes, words = cls.columns()
        return {
            "chosen": list(getattr(profile, codes) or []),
            "other_words": ", ".join(getattr(profile, words)) if words else "",
        }

    def choice_groups(self) -> list[dict[str, Any]]:
        """Return the check boxes for the page, group by group; groups with a tick are open.

        What the person's own texts name comes first, and nowhere else: a box stands once on a page.
        """
        ticked = set(self.raw("chosen")) if self.is_bound else set(self.initial.get("chosen", []))
        number = 0
        groups: list[dict[str, Any]] = []
        field: Any = self.fields["chosen"]
        for name, choices in field.choices:
            boxes = []
            for code, label in choices:
                boxes.append(
                    {"code": code, "label": label, "id": f"id_chosen_{number}", "checked": code in ticked}
                )
                number += 1
            groups.append({"name": name, "boxes": boxes})
        if self.named:
            box_of = {box["code"]: box for group in groups for box in group["boxes"]}
            for group in groups:
                group["boxes"] = [box for box in group["boxes"] if box["code"] not in self.named]
            groups.insert(0, {"name": "", "is_named": True, "boxes": [box_of[code] for code in self.named]})
        for group in groups:
            group["count"] = sum(box["checked"] for box in group["boxes"])
        return [group for group in groups if group["boxes"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        codes = list(cleaned.get("chosen") or [])
        written = cleaned.get("other_words") or ""
        resolved = resolve_terms(self.terms, written)
        if not self.columns()[1] and resolved.words:
            self.add_error(
                "other_words",
                gettext("We do not recognise “%(words)s”. Choose from the list.")
                % {"words": ", ".join(resolved.words)},
            )
        self.kept_words = resolved.words
        self.codes = [*codes, *(code for code in resolved.codes if code not in codes)]
        for word in split_words(written):
            code = self.terms.vocabulary.find(word)
            if code is not None:
                self.matched_words.append((word, self.terms.names([code])[0]))
        return cleaned

    def changes(self) -> dict[str, Any]:
        codes, words = self.columns()
        changed: dict[str, Any] = {codes: self.codes or None}
        if words:
            changed[words] = self.kept_words
        return changed

    def notices(self) -> list[str]:
        said = [
            gettext("We connected “%(word)s” to “%(name)s”.") % {"word": word, "name": name}
            for word, name in self.matched_words
            if word.casefold() != name.casefold()
        ]
        if self.kept_words:
            said.append(
                gettext("“%(words)s” is not in our list. We keep the words and show them as you wrote them.")
                % {"words": ", ".join(self.kept_words)}
            )
        return said

    @classmethod
    def written(cls, profile: Any) -> str | list[str]:
        codes, words = cls.columns()
        return [*cls.terms.names(getattr(profile, codes)), *(getattr(profile, words) if words else [])]


class PlacesForm(AnswerForm):
    """Places as people write them. What no area is called is kept as words, and the person is told.

    A subclass may set `codes_field` and `words_field`.
    """

    codes_field: ClassVar[str] = "area_codes"
    words_field: ClassVar[str] = "area_words"
    may_be_unknown = True

    places = TextAreaField(
        label=_("Places"),
        help_text=_(
            "Municipalities, counties, towns, postal codes or “the whole of Sweden”. One on each line, "
            "or with commas between."
        ),
        rows=3,
        required=False,
        max_length=2000,
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["places"].label = str(self.question.title)

    @classmethod
    def read(cls, profile: Any) -> dict[str, Any]:
        names = full_area_names(getattr(profile, cls.codes_field))
        return {"places": "\n".join([*names, *getattr(profile, cls.words_field)])}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.resolved = resolve_places(cleaned.get("places") or "")
        return cleaned

    def changes(self) -> dict[str, Any]:
        return {self.codes_field: self.resolved.codes or None, self.words_field: self.resolved.words}

    def notices(self) -> list[str]:
        if not self.resolved.words:
            return []
        return [
            gettext(
                "We do not know “%(words)s” as a municipality, county or town. We keep what you wrote and "
                "show it, but add a municipality or county too if you can: it makes better matches."
            )
            % {"words": ", ".join(self.resolved.words)}
        ]

    @classmethod
    def written(cls, profile: Any) -> str | list[str]:
        return [*full_area_names(getattr(profile, cls.codes_field)), *getattr(profile, cls.words_field)]
