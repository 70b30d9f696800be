"""Reasons in words, Swedish and English, as a neighbour would say them.

Templates only: names of codes are given from outside, so that staff may edit the taxonomy. Read by
the innovator "du" is the initiative and "de" the giver; read by the giver it is the other way round.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from matching.kernel.explain import Reason

#: (vocabulary, code) -> name in the language of the call. Vocabularies: `area`, `theme`,
#: `target_group`, `process_part`, `support_kind`, `organisation_kind`, `form_after`, `driver`, `form`
#: (one of support kind, form after and driver), `language`. A code without a name gives itself.
Names = Callable[[str, str], str]
Perspective = Literal["initiative", "offer"]

_CRITERION_WORDS = {
    "sv": {
        "text": "en beskrivning",
        "themes": "ämnen",
        "target_groups": "målgrupper",
        "area": "område",
        "process_parts": "var i arbetet det gäller",
        "support_kind": "vilket stöd det gäller",
        "amount": "belopp",
        "organisation": "vilka slags organisationer det gäller",
        "drivers": "drivkrafter",
        "history": "en beskrivning",
        "challenge": "utmaning",
    },
    "en": {
        "text": "a description",
        "themes": "themes",
        "target_groups": "target groups",
        "area": "area",
        "process_parts": "where in the work it is",
        "support_kind": "which support it is about",
        "amount": "amount",
        "organisation": "which kinds of organisations it is about",
        "drivers": "drivers",
        "history": "a description",
        "challenge": "challenge",
    },
}
_PRONOUNS = {
    ("sv", "initiative"): {"seeker": "du", "giver": "de"},
    ("sv", "offer"): {"seeker": "de", "giver": "ni"},
    ("en", "initiative"): {"seeker": "you", "giver": "they"},
    ("en", "offer"): {"seeker": "they", "giver": "you"},
}

SWEDISH: Mapping[str, str] = {
    # Criteria
    "text_shared": "Båda skriver om samma sak: {named}",
    "text_whole": "Texterna liknar varandra i helhet",
    "text_partly": "Texterna har en del gemensamt",
    "text_meaning": "Texterna handlar om liknande saker med olika ord, enligt en ordmodell",
    "text_meaning_little": "Texterna använder olika ord, men en ordmodell ser en viss likhet mellan dem",
    "text_little": "Texterna har lite gemensamt",
    "themes_shared": "Samma ämne: {themes}",
    "themes_related": "Närliggande ämnen: {mine} och {theirs}",
    "themes_apart": "{giver} vill stödja andra ämnen: {theirs}",
    "target_groups_shared": "Samma målgrupp: {target_groups}",
    "target_groups_related": "Närliggande målgrupper: {mine} och {theirs}",
    "target_groups_apart": "{giver} vänder sig till andra målgrupper: {theirs}",
    "area_inside": "{mine}: stödet gäller {theirs}",
    "area_covers": "{seeker} arbetar i {mine}, där {theirs} ingår",
    "area_spread_inside": "{seeker} kan sprida till {mine}: stödet gäller {theirs}",
    "area_spread_covers": "{seeker} kan sprida till {mine}, där {theirs} ingår",
    "area_beside": "{mine} ligger nära {theirs}",
    "area_apart": "{seeker} arbetar i {mine}, stödet gäller {theirs}",
    "area_unresolved": "Vi vet inte säkert var {names} ligger",
    "process_parts_shared": "Stöd för det {seeker} gör nu: {parts}",
    "process_parts_apart": "{giver} vill stödja en annan del av arbetet: {theirs}",
    "support_kind_met": "{giver} ger det {seeker} behöver: {met}",
    "support_kind_unmet": "{seeker} behöver {needed} – {giver} ger: {given}",
    "amount_within": "{seeker} söker {asked}, {giver} ger {range}",
    "amount_above": "{seeker} söker {asked}, {giver} ger {range}",
    "amount_below": "{seeker} söker {asked}, {giver} ger {range}",
    "amount_missing": "Det går inte att jämföra belopp, för det saknas uppgifter",
    "hours_within": "{seeker} behöver {asked} timmar, {giver} ger upp till {most}",
    "hours_short": "{seeker} behöver {asked} timmar, {giver} ger upp till {most}",
    "organisation_few": "Stödet är särskilt för {mine}",
    "organisation_many": "Stödet är för många slags organisationer, också {mine}",
    "organisation_partner": "{giver} vill att en sådan part är med: {found}",
    "organisation_several": "{giver} vill att flera går ihop, och här är {actors} med",
    "organisation_other": "Stödet är mest för andra: {theirs}",
    "organisation_alone": "{giver} vill att flera går ihop",
    "drivers_shared": "Samma drivkraft: {drivers}",
    "drivers_suit": "Formen brukar passa det som driver arbetet: {forms}",
    "drivers_form": "Formen brukar passa andra drivkrafter bättre: {forms}",
    "drivers_other": "{giver} nämner andra drivkrafter",
    "history_named": "{giver} har tidigare stöttat {cases}",
    "history_of_giver": "Samma givare har tidigare stöttat {cases}",
    "history_alike": "{giver} har tidigare stöttat liknande arbete",
    "history_other": "Det {giver} har stöttat tidigare handlar mest om annat",
    "history_none": "Vi vet inte vad {giver} har stöttat tidigare",
    "challenge_shared": "Båda svarar på samma utmaning: {challenges}",
    "challenge_other": "Båda svarar på utmaningar, men inte på samma",
    "challenge_none": "Det finns ingen utmaning som båda har svarat på",
    "open_to_all": "{giver} har inga önskemål om {criterion}",
    "fact_missing_initiative": "{seeker} har inte angett {criterion}",
    "fact_missing_offer": "{giver} har inte angett {criterion}",
    "fact_missing_both": "Ingen har angett {criterion}",
    # Requirements
    "other_organisation_does_not_fit": "Samma organisation står bakom båda",
    "organisation_kind_open": "Alla slags organisationer kan söka",
    "organisation_kind_fits": "Rätt slags organisation: {mine}",
    "organisation_kind_unclear": (
        "Bara dessa kan söka: {eligible} – {seeker} har inte angett vilket slags organisation det är"
    ),
    "organisation_kind_does_not_fit": "Bara dessa kan söka: {eligible} – inte {mine}",
    "must_include_open": "Ingen särskild part måste vara med",
    "must_include_fits": "Den som måste vara med är med: {found}",
    "must_include_unclear": "Måste vara med: {wanted_any} – {seeker} har inte angett alla som är med",
    "must_include_does_not_fit": "Måste vara med: {wanted_any}",
    "consortium_open": "Det går bra att söka ensam",
    "consortium_fits": "Kräver flera parter, och det finns {actors}",
    "consortium_unclear": "Kräver minst två parter – {seeker} har inte angett vilka som är med",
    "consortium_does_not_fit": "Kräver minst två parter, och det finns bara en",
    "legal_entity_open": "Inget organisationsnummer krävs",
    "legal_entity_fits": "Kräver organisationsnummer, och det finns",
    "legal_entity_unclear": "Kräver organisationsnummer – {seeker} har inte angett något",
    "legal_entity_does_not_fit": "Kräver organisationsnummer, och det saknas",
    "age_open": "Organisationen får vara helt ny",
    "age_fits": "Kräver en organisation som har funnits i minst {least}, och det har den",
    "age_unclear": "Kräver en organisation som har funnits i minst {least} – {seeker} har inte angett hur länge",
    "age_does_not_fit": "Kräver en organisation som har funnits i minst {least} – den har funnits i {mine}",
    "area_rule_open": "Stödet gäller överallt",
    "area_rule_fits": "Stödet gäller {theirs}",
    "area_rule_missing": "Stödet gäller {theirs} – {seeker} har inte angett var arbetet sker",
    "area_rule_spread": "Stödet gäller {theirs} – {seeker} kan sprida dit, men har inte sagt att arbetet sker där",
    "area_rule_unresolved": "Det är oklart om området passar: vi vet inte säkert var {names} ligger",
    "area_rule_does_not_fit": "Stödet gäller bara {theirs}, {seeker} arbetar i {mine}",
    "dates_fits": "Öppet till och med {day}",
    "dates_rolling": "Går att söka när som helst",
    "dates_closed": "Stängde {day}",
    "dates_not_open_yet": "Öppnar först {day}",
    "support_rule_fits": "{giver} ger {met}",
    "support_rule_unclear": "{giver} ger: {given} – {seeker} har inte angett vilket stöd som behövs",
    "support_rule_does_not_fit": "{giver} ger: {given} – {seeker} behöver {needed}",
    "refused_by_initiative_fits": "Stödet har en form som {seeker} kan ta emot",
    "refused_by_initiative_does_not_fit": "{seeker} tackar nej till: {refused}",
    "refused_by_offer_fits": "Inget som {giver} har sagt nej till",
    "refused_by_offer_unclear": "{giver} säger nej till: {refused} – {seeker} har inte angett om det gäller här",
    "refused_by_offer_does_not_fit": "{giver} säger nej till: {refused}",
    "strict_themes_fits": "Kravet på ämne är uppfyllt",
    "strict_themes_unclear": "Måste handla om {theirs} – {seeker} har inte angett något ämne som vi känner igen",
    "strict_themes_does_not_fit": "Måste handla om {theirs}",
    "strict_target_groups_fits": "Kravet på målgrupp är uppfyllt",
    "strict_target_groups_unclear": (
        "Måste vända sig till {theirs} – {seeker} har inte angett någon målgrupp som vi känner igen"
    ),
    "strict_target_groups_does_not_fit": "Måste vända sig till {theirs}",
    "strict_process_parts_fits": "Kravet på del av arbetet är uppfyllt",
    "strict_process_parts_unclear": (
        "Måste gälla den här delen av arbetet: {theirs} – {seeker} har inte angett var i arbetet det är"
    ),
    "strict_process_parts_does_not_fit": "Måste gälla den här delen av arbetet: {theirs}",
    "strict_language_fits": "Språket stämmer",
    "strict_language_unclear": "Ansökan måste vara på {theirs} – språket är inte angett",
    "strict_language_does_not_fit": "Ansökan måste vara på {theirs}",
    "strict_amount_fits": "Beloppet ligger inom det {giver} ger",
    "strict_amount_unclear": "{giver} har gränser för beloppet – {seeker} har inte angett hur mycket",
    "strict_amount_does_not_fit": "{seeker} söker {asked}, {giver} ger bara {range}",
    "strict_co_funding_fits": "Egen del på {theirs} procent finns",
    "strict_co_funding_unclear": "Kräver {theirs} procent egen del – {seeker} har inte angett hur stor den är",
    "strict_co_funding_does_not_fit": "Kräver {theirs} procent egen del – {seeker} har {mine} procent",
}

ENGLISH: Mapping[str, str] = {
    # Criteria
    "text_shared": "Both write about the same thing: {named}",
    "text_whole": "The texts are alike as a whole",
    "text_partly": "The texts have something in common",
    "text_meaning": "The texts are about similar things in different words, according to a word model",
    "text_meaning_little": "The texts use different words, but a word model sees some likeness between them",
    "text_little": "The texts have little in common",
    "themes_shared": "Same theme: {themes}",
    "themes_related": "Related themes: {mine} and {theirs}",
    "themes_apart": "{giver} want to support other themes: {theirs}",
    "target_groups_shared": "Same target group: {target_groups}",
    "target_groups_related": "Related target groups: {mine} and {theirs}",
    "target_groups_apart": "{giver} focus on other target groups: {theirs}",
    "area_inside": "{mine}: the support is for {theirs}",
    "area_covers": "{seeker} work in {mine}, which takes in {theirs}",
    "area_spread_inside": "{seeker} could spread to {mine}: the support is for {theirs}",
    "area_spread_covers": "{seeker} could spread to {mine}, which takes in {theirs}",
    "area_beside": "{mine} is close to {theirs}",
    "area_apart": "{seeker} work in {mine}, the support is for {theirs}",
    "area_unresolved": "We do not know for certain where {names} is",
    "process_parts_shared": "Support for what {seeker} do now: {parts}",
    "process_parts_apart": "{giver} want to support another part of the work: {theirs}",
    "support_kind_met": "{giver} give what {seeker} need: {met}",
    "support_kind_unmet": "{seeker} need {needed} – {giver} give: {given}",
    "amount_within": "{seeker} ask for {asked}, {giver} give {range}",
    "amount_above": "{seeker} ask for {asked}, {giver} give {range}",
    "amount_below": "{seeker} ask for {asked}, {giver} give {range}",
    "amount_missing": "The amounts cannot be compared, as figures are missing",
    "hours_within": "{seeker} need {asked} hours, {giver} give up to {most}",
    "hours_short": "{seeker} need {asked} hours, {giver} give up to {most}",
    "organisation_few": "The support is especially for {mine}",
    "organisation_many": "The support is for many kinds of organisations, {mine} too",
    "organisation_partner": "{giver} want such a partner to take part: {found}",
    "organisation_several": "{giver} want several to join forces, and {actors} take part here",
    "organisation_other": "The support is mostly for others: {theirs}",
    "organisation_alone": "{giver} want several to join forces",
    "drivers_shared": "Same driver: {drivers}",
    "drivers_suit": "The form tends to suit what drives the work: {forms}",
    "drivers_form": "The form tends to suit other drivers better: {forms}",
    "drivers_other": "{giver} mention other drivers",
    "history_named": "{giver} have supported {cases} before",
    "history_of_giver": "The same giver has supported {cases} before",
    "history_alike": "{giver} have supported similar work before",
    "history_other": "What {giver} have supported before is mostly about other things",
    "history_none": "We do not know what {giver} have supported before",
    "challenge_shared": "Both answer the same challenge: {challenges}",
    "challenge_other": "Both answer challenges, but not the same",
    "challenge_none": "There is no challenge that both have answered",
    "open_to_all": "{giver} have no preference about {criterion}",
    "fact_missing_initiative": "{seeker} have not stated {criterion}",
    "fact_missing_offer": "{giver} have not stated {criterion}",
    "fact_missing_both": "Nobody has stated {criterion}",
    # Requirements
    "other_organisation_does_not_fit": "The same organisation is behind both",
    "organisation_kind_open": "Every kind of organisation can apply",
    "organisation_kind_fits": "The right kind of organisation: {mine}",
    "organisation_kind_unclear": (
        "Only these can apply: {eligible} – {seeker} have not stated which kind of organisation it is"
    ),
    "organisation_kind_does_not_fit": "Only these can apply: {eligible} – not {mine}",
    "must_include_open": "No particular partner is required",
    "must_include_fits": "Those who must take part do so: {found}",
    "must_include_unclear": "Must take part: {wanted_any} – {seeker} have not stated everyone who takes part",
    "must_include_does_not_fit": "Must take part: {wanted_any}",
    "consortium_open": "It is fine to apply alone",
    "consortium_fits": "Requires several partners, and there are {actors}",
    "consortium_unclear": "Requires at least two partners – {seeker} have not stated who takes part",
    "consortium_does_not_fit": "Requires at least two partners, and there is only one",
    "legal_entity_open": "No organisation number is required",
    "legal_entity_fits": "Requires an organisation number, and there is one",
    "legal_entity_unclear": "Requires an organisation number – {seeker} have not stated one",
    "legal_entity_does_not_fit": "Requires an organisation number, and there is none",
    "age_open": "The organisation may be brand new",
    "age_fits": "Requires an organisation at least {least} old, and it is",
    "age_unclear": "Requires an organisation at least {least} old – {seeker} have not stated its age",
    "age_does_not_fit": "Requires an organisation at least {least} old – it is {mine} old",
    "area_rule_open": "The support is for everywhere",
    "area_rule_fits": "The support is for {theirs}",
    "area_rule_missing": "The support is for {theirs} – {seeker} have not stated where the work is",
    "area_rule_spread": (
        "The support is for {theirs} – {seeker} could spread there, but have not said the work is there"
    ),
    "area_rule_unresolved": "Whether the area fits is unclear: we do not know for certain where {names} is",
    "area_rule_does_not_fit": "The support is only for {theirs} – {seeker} work in {mine}",
    "dates_fits": "Open until {day}",
    "dates_rolling": "Can be applied for at any time",
    "dates_closed": "Closed on {day}",
    "dates_not_open_yet": "Does not open until {day}",
    "support_rule_fits": "{giver} give {met}",
    "support_rule_unclear": "{giver} give: {given} – {seeker} have not stated which support is needed",
    "support_rule_does_not_fit": "{giver} give: {given} – {seeker} need {needed}",
    "refused_by_initiative_fits": "The support has a form that {seeker} can accept",
    "refused_by_initiative_does_not_fit": "{seeker} say no to: {refused}",
    "refused_by_offer_fits": "Nothing that {giver} have said no to",
    "refused_by_offer_unclear": "{giver} say no to: {refused} – {seeker} have not stated whether it applies here",
    "refused_by_offer_does_not_fit": "{giver} say no to: {refused}",
    "strict_themes_fits": "The required theme is there",
    "strict_themes_unclear": "Must be about {theirs} – {seeker} have not stated themes that we recognise",
    "strict_themes_does_not_fit": "Must be about {theirs}",
    "strict_target_groups_fits": "The required target group is there",
    "strict_target_groups_unclear": "Must be for {theirs} – {seeker} have not stated target groups we recognise",
    "strict_target_groups_does_not_fit": "Must be for {theirs}",
    "strict_process_parts_fits": "The required part of the work is there",
    "strict_process_parts_unclear": (
        "Must be about this part of the work: {theirs} – {seeker} have not stated where in the work it is"
    ),
    "strict_process_parts_does_not_fit": "Must be about this part of the work: {theirs}",
    "strict_language_fits": "The language is right",
    "strict_language_unclear": "The application must be in {theirs} – no language is stated",
    "strict_language_does_not_fit": "The application must be in {theirs}",
    "strict_amount_fits": "The amount is within what {giver} give",
    "strict_amount_unclear": "{giver} have limits for the amount – {seeker} have not stated how much",
    "strict_amount_does_not_fit": "{seeker} ask for {asked}, {giver} give only {range}",
    "strict_co_funding_fits": "The required {theirs} per cent of co-funding is there",
    "strict_co_funding_unclear": "Requires {theirs} per cent of co-funding – {seeker} have not stated how much",
    "strict_co_funding_does_not_fit": "Requires {theirs} per cent of co-funding – {seeker} have {mine} per cent",
}

#: Vocabulary of the codes under a parameter, by the family of sentences (or of all).
_VOCABULARIES = {
    "themes": "theme",
    "target_groups": "target_group",
    "area": "area",
    "process_parts": "process_part",
    "support_kind": "support_kind",
    "organisation": "organisation_kind",
    "drivers": "driver",
    "organisation_kind": "organisation_kind",
    "must_include": "organisation_kind",
    "forms_refused_by_initiative": "support_kind",
    "forms_refused_by_offer": "form",
    "strict_themes": "theme",
    "strict_target_groups": "target_group",
    "strict_process_parts": "process_part",
    "strict_language": "language",
}
_PLAIN_LISTS = frozenset(
    {"words", "their_words", "named", "named_to_offer", "names", "my_names", "their_names"}
)


def reason_sv(reason: Reason, names: Names, perspective: Perspective = "initiative") -> str:
    """Return the reason as one Swedish sentence without a full stop.

    Parameters
    ----------
    names
        Gives Swedish names of codes.
    perspective
        Who reads: the innovator or the giver.

    Returns
    -------
    str
        Cost O(names in it).
    """
    return _render(reason, names, perspective, "sv", SWEDISH)


def reason_en(reason: Reason, names: Names, perspective: Perspective = "initiative") -> str:
    """Return the reason as one English sentence without a full stop; see `reason_sv`.

    Parameters
    ----------
    reason, names, perspective
        As `reason_sv`, with English names.

    Returns
    -------
    str
        Cost O(names in it).
    """
    return _render(reason, names, perspective, "en", ENGLISH)


def _render(
    reason: Reason, names: Names, perspective: Perspective, language: str, templates: Mapping[str, str]
) -> str:
    parameters = reason.parameters
    kind = f"fact_missing_{parameters['side']}" if reason.kind == "fact_missing" else reason.kind
    words: dict[str, str] = dict(_PRONOUNS[language, perspective])
    for name, value in parameters.items():
        words[name] = _word(reason.criterion, name, value, names, language)
    # Words that lead to no code are told beside the codes, as they were written.
    for codes_of, written in (("mine", "my_names"), ("theirs", "their_names")):
        if parameters.get(written):
            told = [names(_VOCABULARIES[reason.criterion], code) for code in parameters[codes_of]]
            words[codes_of] = joined([*told, *parameters[written]], language)
    if perspective == "offer" and "named_to_offer" in words:
        words["named"] = words["named_to_offer"]
    if "criterion" in parameters:
        words["criterion"] = _CRITERION_WORDS[language][parameters["criterion"]]
    if "most" in parameters and "least" in parameters:
        words["range"] = _money_range(parameters["least"], parameters["most"], language)
        words["asked"] = _money(parameters["asked"], language)
    if reason.criterion == "age":
        words |= {name: _months(value, language) for name, value in parameters.items() if value is not None}
    if "wanted" in parameters:
        words["wanted_any"] = joined(
            [names("organisation_kind", code) for code in parameters["wanted"]], language, True
        )
    sentence = templates[kind].format(**words)
    return sentence[:1].upper() + sentence[1:]


def _word(criterion: str, name: str, value: Any, names: Names, language: str) -> str:
    if name == "day":
        return _day(value, language)
    if name in _PLAIN_LISTS:
        return joined(list(value), language)
    if name in ("cases", "challenges"):
        quoted = "”{}”" if language == "sv" else "“{}”"
        return joined([quoted.format(title) for title in value], language)
    if isinstance(value, (list, tuple)):
        vocabulary = "support_kind" if name == "forms" else _VOCABULARIES[criterion]
        # Eligible kinds are alternatives; everything else is told one after the other.
        either = name in {"eligible", "given"} or criterion.startswith("strict")
        return joined([names(vocabulary, code) for code in value], language, either)
    if name == "kind":
        return names("support_kind", value)
    return _number(value, language) if isinstance(value, (int, float)) else str(value or "")


def joined(words: Sequence[str], language: str, either: bool = False) -> str:
    """Return words as a list in a sentence: "a, b and c", or with "or"; "a and b; c and d" where a word has its own."""
    if len(words) < 2:
        return "".join(words)
    if not either and any(f" {name} " in word for word in words for name in ("och", "and")):
        return "; ".join(words)
    last = {("sv", True): " eller ", ("sv", False): " och ", ("en", True): " or ", ("en", False): " and "}
    return ", ".join(words[:-1]) + last[language, either] + words[-1]


def _number(value: float, language: str) -> str:
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    # A thin line never breaks inside a Swedish number: the spaces are unbreakable.
    return text.replace(",", "\u00a0").replace(".", ",") if language == "sv" else text


def _money(value: float, language: str) -> str:
    return f"{_number(value, 'sv')}\u00a0kr" if language == "sv" else f"SEK\u00a0{_number(value, 'en')}"


def _money_range(least: float | None, most: float | None, language: str) -> str:
    if least and most and least != most:
        if language == "sv":
            return f"{_number(least, 'sv')}–{_money(most, 'sv')}"
        return f"{_money(least, 'en')}–{_number(most, 'en')}"
    if least and not most:
        return ("minst " if language == "sv" else "at least ") + _money(least, language)
    amount = _money(most or 0, language)
    return amount if least else ("högst " if language == "sv" else "at most ") + amount


def _months(value: float, language: str) -> str:
    years, rest = divmod(int(value), 12)
    if years and not rest:
        if language == "sv":
            return f"{years} år"
        return f"{years} year" + ("s" if years > 1 else "")
    if language == "sv":
        return f"{int(value)} månad" + ("er" if int(value) != 1 else "")
    return f"{int(value)} month" + ("s" if int(value) != 1 else "")


_SWEDISH_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"
_ENGLISH_MONTHS = "January February March April May June July August September October November December"


def _day(value: float, language: str) -> str:
    day = date(1970, 1, 1) + timedelta(days=int(value))
    months = (_SWEDISH_MONTHS if language == "sv" else _ENGLISH_MONTHS).split()
    return f"{day.day} {months[day.month - 1]} {day.year}"
