"""Contact details are hidden; figures that people need to read are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.language import mask_contact_details
from brygga.language.contact_details import EMAIL_MARKER, PHONE_MARKER

EMAILS = [
    "anna@exempel.se",
    "anna.andersson@exempel.se",
    "anna.andersson+brygga@post.exempel.co.uk",
    "ANNA@EXEMPEL.SE",
    "anna @ exempel.se",
    "anna(at)exempel.se",
    "anna (at) exempel.se",
    "anna [at] exempel.se",
    "anna {at} exempel (dot) se",
    "anna (a) exempel.se",
    "anna snabel-a exempel.se",
    "anna (at) exempel punkt se",
    "anna.berg at exempel dot se",
    "anna (snabela) exempel.se",
    "åsa@förening.se",
    "info@a-b.nu",
    "anna＠exempel.se",
]
PHONES = [
    "070-123 45 67",
    "070 123 45 67",
    "0701234567",
    "070-1234567",
    "070.123.45.67",
    "070/123 45 67",
    "070–123 45 67",
    "070\u00a0123\u00a045\u00a067",
    "(070) 123 45 67",
    "08-123 45 67",
    "08-12 34 56",
    "08-123 456 78",
    "08 123 45 67",
    "(08) 123 45 67",
    "0480-123 45",
    "031-12 34 56",
    "0920 - 12 34 56",
    "+46 70 123 45 67",
    "+4670 1234567",
    "+46701234567",
    "+46 (0)70 123 45 67",
    "+46(0)8-123 45 67",
    "0046 70 123 45 67",
    "+47 22 12 34 56",
    "+44 20 7946 0958",
    "+358 40 1234567",
    "+1 (555) 123-4567",
    "00358 40 1234567",
]
LABELLED = [
    "tel 123 45 67",
    "Tel. 123 45 67",
    "telefon: 123 45 67",
    "mobilnr 70-123 45 67",
    "Swish: 123 456 78 90",
]
KEPT = [
    "200 000 kr",
    "1 200 000 kronor",
    "012 345 678 kr",
    "50 000–300 000 kr",
    "SEK 500,000",
    "1,5 mnkr",
    "200 tkr",
    "2024–2025",
    "2024-2025",
    "2024/25",
    "1998",
    "åren 2019, 2020 och 2021",
    "802001-1234",
    "556036-0793",
    "5560360793",
    "123 45 Stockholm",
    "SE-123 45",
    "15 %",
    "12,5 procent",
    "+10 000 000 kr",
    "+200 000 personer",
    "2021-05202",
    "2024-01-15",
    "01-02-2024",
    "15.03.2024",
    "08.00–16.00",
    "09:00-17:00",
    "kl 08-17",
    "13–19 år",
    "SFS 2001:453",
    "per telefon 2024–2025",
    "112",
    "1177",
    "116 123 4",
    "0,5",
    "Agenda 2030",
    "look at brygga.se",
    "följ @brygga på nätet",
    "https://exempel.se/sida?a=1",
    "bankgiro 5050-1055",
    "300 000 012 kr",
    "dnr 010203-1234",
]
FRAMES = ["{}", "Hej {} hej", "({})", "Kontakt: {}.", "ring/skriv {}, tack", "rad ett\n{}\nrad tre"]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("email", EMAILS)
def test_mask_contact_details_hides_email(email, frame):
    # A word straight before an address with spaces cannot be told from it, so frames end with signs.
    frame = frame.replace("skriv {}", "skriv: {}").replace("Hej {}", "Hej: {}")
    masked = mask_contact_details(frame.format(email))
    assert masked.text == frame.format(EMAIL_MARKER)
    assert [(detail.kind, detail.written) for detail in masked.found] == [("email", email)]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("phone", PHONES)
def test_mask_contact_details_hides_phone(phone, frame):
    masked = mask_contact_details(frame.format(phone))
    assert masked.text == frame.format(PHONE_MARKER)
    assert [(detail.kind, detail.written) for detail in masked.found] == [("phone", phone)]


@pytest.mark.parametrize("labelled", LABELLED)
def test_mask_contact_details_hides_labelled_number(labelled):
    masked = mask_contact_details(f"Vår {labelled} gäller.")
    assert PHONE_MARKER in masked.text
    assert not any(letter.isdigit() for letter in masked.text)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("kept", KEPT)
def test_mask_contact_details_keeps_other_figures(kept, frame):
    text = frame.format(kept)
    assert mask_contact_details(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08-123 45 67, 070-123 45 67", "[telefon], [telefon]"),
        ("08-123 45 67 070-123 45 67", "[telefon] [telefon]"),
        ("08-12 34 56 eller +46 70 123 45 67", "[telefon] eller [telefon]"),
        ("Ring 070-123 45 67 2024", "Ring [telefon] 2024"),
        ("Ring +46 70 123 45 67 2024–2025", "Ring [telefon] 2024–2025"),
        ("a@b.se,c@d.se", "[e-post],[e-post]"),
        ("mailto:anna@exempel.se tel:+46701234567", "mailto:[e-post] tel:[telefon]"),
        ("Vi var 45 (070-123 45 67)", "Vi var 45 ([telefon])"),
        ("0701234567@exempel.se", "[e-post]"),
    ],
)
def test_mask_contact_details_tells_neighbours_apart(text, expected):
    assert mask_contact_details(text).text == expected


words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö ,.!?\n", max_size=40)
separators = st.sampled_from(["", " ", "-", " - ", "–", ".", "/", "\u00a0"])


@given(
    words,
    st.sampled_from(["07", "08", "031", "0480"]),
    st.lists(st.integers(10, 99), min_size=3, max_size=3),
    separators,
    separators,
    words,
)
def test_no_swedish_number_survives(before, area, pairs, first, between, after):
    digits = between.join(str(pair) for pair in pairs)
    masked = mask_contact_details(f"{before} : {area}{first}{digits} {after}")
    assert not any(letter.isdigit() for letter in masked.text)


@given(words, st.integers(1_000, 900_000_000), words)
def test_no_amount_is_eaten(before, amount, after):
    written = f"{amount:,}".replace(",", " ") + " kr"
    assert written in mask_contact_details(f"{before} : {written} {after}").text


@given(st.text(max_size=120))
def test_masking_twice_changes_nothing_and_what_was_found_stood_there(text):
    once = mask_contact_details(text)
    assert mask_contact_details(once.text).text == once.text
    assert [text[detail.start : detail.end] for detail in once.found] == [
        detail.written for detail in once.found
    ]


@given(st.text(alphabet="0123456789+-()@. ekrat[]{}<>/:", max_size=80))
def test_masking_never_fails_on_figures_and_signs(text):
    once = mask_contact_details(text)
    assert mask_contact_details(once.text).text == once.text
