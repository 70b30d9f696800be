"""What staff may not write: a word that means two things, or a name that says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brygga.taxonomy.models import AreaName, InnovationKind, Method, TargetGroup, Term, Theme
from brygga.taxonomy.names import name_key
from brygga.taxonomy.selectors import Vocabulary, current_taxonomy

if TYPE_CHECKING:
    TermModelForm = forms.ModelForm[Term]
    AreaNameModelForm = forms.ModelForm[AreaName]
else:
    TermModelForm = AreaNameModelForm = forms.ModelForm


def _vocabulary(model: type[Term]) -> Vocabulary:
    taxonomy = current_taxonomy()
    vocabularies: dict[type[Term], Vocabulary] = {
        Theme: taxonomy.themes,
        TargetGroup: taxonomy.target_groups,
        Method: taxonomy.methods,
        InnovationKind: taxonomy.innovation_kinds,
    }
    return vocabularies[model]


class TermForm(TermModelForm):
    """An entry of a word list; a word that another entry has would then lead to neither."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        vocabulary = _vocabulary(type(self.instance))
        code = cleaned.get("code") or self.instance.code
        owners = {
            name_key(word): entry
            for entry in vocabulary.active()
            for word in (*entry.words("sv"), *entry.words("en"))
            if entry.code != code
        }
        for field in ("name_sv", "name_en", "synonyms_sv", "synonyms_en"):
            value = cleaned.get(field) or []
            for word in [value] if isinstance(value, str) else value:
                if (owner := owners.get(name_key(word))) is not None:
                    self.add_error(
                        field,
                        _("“%(word)s” already belongs to “%(entry)s”.")
                        % {"word": word, "entry": owner.name(get_language() or "sv")},
                    )
        return cleaned


class AreaNameForm(AreaNameModelForm):
    """A name of an area, once per area whatever its capitals and spaces."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name, area = cleaned.get("name"), cleaned.get("area")
        if not name or area is None:
            return cleaned
        key = name_key(name)
        if not key:
            self.add_error("name", _("Write a name with letters or digits."))
        elif AreaName.objects.filter(key=key, area=area).exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("The area already has this name."))
        return cleaned
