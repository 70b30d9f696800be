"""Which pages pictures are taken of, and whom each other page looks like."""

from __future__ import annotations

from dataclasses import dataclass

# Demo profiles that show much: a garage without an association, and money for those who never applied.
INITIATIVE, OTHER_INITIATIVE, OFFER = "demo-i-075", "demo-i-003", "demo-o-047"
INNOVATOR, GIVER, INTERMEDIARY = "Jimmy Thorell", "Henrik Tegnell-Ås", "Ellinor Skogby"


@dataclass(frozen=True)
class Subject:
    """A page and who looks at it. `{initiative}` and `{offer}` in the address stand for the chosen ones.

    The picture begins at the element `begins_at`, or at the top of the page. A `brief` subject is taken on a light
    phone and a dark desktop only.
    """

    name: str
    address: str
    person: str | None = None
    language: str = "sv"
    begins_at: str = ""
    brief: bool = False
    # What is written in the page's first form, by selector, before it is sent and looked at.
    typed: tuple[tuple[str, str], ...] = ()
    status: int = 200


SUBJECTS = (
    Subject("start", "/"),
    Subject("initiatives", "/initiativ/"),
    Subject("initiative", "/initiativ/{initiative}/"),
    Subject("story", "/initiativ/{initiative}/", begins_at="#story-process"),
    Subject("journal", "/initiativ/{initiative}/dagbok/"),
    Subject("value", "/initiativ/{initiative}/nytta/"),
    Subject("find-support", "/hitta-stod/"),
    Subject("organisation", "/organisationer/{giver}/"),
    Subject("support", "/stod/"),
    Subject("offer", "/stod/{offer}/"),
    Subject("matches-of-initiative", "/traffar/initiativ/{initiative}/", INNOVATOR),
    Subject("matches-of-offer", "/traffar/stod/{offer}/", GIVER),
    Subject("more-matches", "/traffar/initiativ/{initiative}/fler-traffar/", INNOVATOR),
    Subject("support-package", "/traffar/initiativ/{initiative}/paket/", INNOVATOR),
    Subject("why-not", "/traffar/initiativ/{initiative}/varfor-inte/?q=stiftelsen", INNOVATOR),
    Subject("what-requirements-stop", "/traffar/stod/{offer}/vad-kraven-stoppar/", GIVER),
    Subject("work-together", "/traffar/initiativ/{initiative}/samarbeta/", INNOVATOR),
    Subject("how-many-fit", "/traffar/stod/{offer}/hur-manga-passar/", GIVER),
    Subject("all-cases", "/traffar/givare/{giver}/alla-arenden/", GIVER),
    Subject("notices", "/meddelanden/", GIVER),
    Subject("desk", "/traffar/stod/{offer}/vart-bord/", GIVER),
    Subject("desk-as-a-table", "/traffar/stod/{offer}/vart-bord/?view=table", GIVER),
    Subject("cases-from-a-table", "/traffar/stod/{offer}/ta-in-arenden/", GIVER),
    Subject("conversation", "/traffar/kontakter/{introduction}/", GIVER),
    Subject("ask-for-contact", "/traffar/initiativ/{initiative}/{offer}/", INNOVATOR),
    Subject("home-of-giver", "/min-sida/", GIVER),
    Subject("how-good-it-is", "/sa-matchar-vi/", begins_at="#quality-title"),
    Subject("tasks", "/initiativ/{initiative}/svar/", INNOVATOR),
    Subject("check-answers", "/initiativ/{initiative}/kontrollera/", INNOVATOR),
    Subject("pictures-of-the-work", "/initiativ/{initiative}/bilder/", INNOVATOR, brief=True),
    Subject("hand-over", "/initiativ/{initiative}/lamna-over/", INNOVATOR, brief=True),
    Subject("ask-for-help", "/be-om-hjalp/?initiative={initiative}", INNOVATOR, brief=True),
    Subject("promising", "/lovande/"),
    Subject("challenges", "/utmaningar/"),
    Subject("wanted", "/efterlysningar/"),
    Subject("one-that-is-wanted", "/efterlysningar/{adopter}/"),
    Subject("begin-an-offer", "/stod/nytt/", GIVER),
    Subject("where-support-is-missing", "/var-saknas-stod/?kind=mandate"),
    Subject("statistics", "/statistik/"),
    Subject("map-of-initiatives", "/initiativ/?view=map"),
    Subject("english-start", "/en/", language="en"),
    Subject("english-wanted", "/en/wanted/", language="en"),
    Subject("english-one-that-is-wanted", "/en/wanted/{adopter}/", language="en"),
    Subject("english-matches", "/en/matches/initiative/{initiative}/", INNOVATOR, "en"),
    Subject("english-story", "/en/initiatives/{initiative}/", None, "en", "#story-process"),
    Subject("english-all-cases", "/en/matches/giver/{giver}/all-cases/", GIVER, "en"),
    Subject("english-offer", "/en/support/{offer}/", language="en"),
    Subject("english-desk", "/en/matches/offer/{offer}/the-desk/", GIVER, "en"),
    Subject("english-conversation", "/en/matches/introductions/{introduction}/", GIVER, "en"),
    # Everything else that looks like something of its own: twice each.
    Subject("no-such-page", "/finns-inte/", brief=True, status=404),
    Subject(
        "support-found",
        "/hitta-stod/",
        typed=(
            (
                "main [name=change]",
                "Vi vill öppna en verkstad där unga i Mariestad lagar mopeder tillsammans.",
            ),
        ),
    ),
    Subject(
        "fields-with-errors",
        "/traffar/initiativ/{initiative}/erbjud-stod/",
        brief=True,
        typed=(("main [name=words]", "Vi har en tom lokal."),),
    ),
    Subject("about", "/om/", brief=True),
    Subject("how-we-match", "/sa-matchar-vi/", brief=True),
    Subject("accessibility", "/tillganglighet/", brief=True),
    Subject("privacy", "/integritet/", brief=True),
    Subject("contact", "/kontakt/", brief=True),
    Subject("open-data", "/oppna-data/", brief=True),
    Subject("subjects", "/amnen/", brief=True),
    Subject("subject", "/amnen/employment/", brief=True),
    Subject("challenge", "/utmaningar/{challenge}/", brief=True),
    Subject("newsletter", "/nyhetsbrev/", brief=True),
    Subject("newsletter-asked-for", "/nyhetsbrev/bestallt/", brief=True),
    Subject("sign-in", "/konto/logga-in/", brief=True),
    Subject("sign-up", "/konto/skapa/", brief=True),
    Subject("all-questions", "/initiativ/alla-fragor/", brief=True),
    Subject("spread", "/initiativ/{initiative}/spridning/", brief=True),
    Subject("offer-support", "/traffar/initiativ/{initiative}/erbjud-stod/", brief=True),
    Subject("home-of-innovator", "/min-sida/", INNOVATOR, brief=True),
    Subject("own-initiatives", "/initiativ/mina/", INNOVATOR, brief=True),
    Subject("begin-an-initiative", "/initiativ/nytt/", INNOVATOR, brief=True),
    Subject("question", "/initiativ/{initiative}/svar/change/", INNOVATOR, brief=True),
    Subject("published", "/initiativ/{initiative}/publicerat/", INNOVATOR, brief=True),
    Subject("close", "/initiativ/{initiative}/avsluta/", INNOVATOR, brief=True),
    Subject("write-in-the-journal", "/initiativ/{initiative}/dagbok/ny/", INNOVATOR, brief=True),
    Subject("choose-what-to-measure", "/initiativ/{initiative}/nytta/ny/", INNOVATOR, brief=True),
    Subject("pair", "/traffar/initiativ/{initiative}/{offer}/", INNOVATOR, brief=True),
    Subject("like-ours", "/traffar/initiativ/{initiative}/liknande/", INNOVATOR, brief=True),
    Subject(
        "they-want-something-like-it", "/traffar/initiativ/{initiative}/vill-ta-upp/", INNOVATOR, brief=True
    ),
    Subject("support-applied-for", "/traffar/sokta-stod/", INNOVATOR, brief=True),
    Subject("contacts", "/traffar/kontakter/", INNOVATOR, brief=True),
    Subject("followed", "/traffar/jag-foljer/", GIVER, brief=True),
    Subject("asked-to-work-together", "/traffar/tillsammans/", INNOVATOR, brief=True),
    Subject("asked-to-take-up", "/traffar/ta-upp/", INNOVATOR, brief=True),
    Subject("calendar", "/traffar/kalender/", INNOVATOR, brief=True),
    Subject("proposals", "/traffar/forslag/", INTERMEDIARY, brief=True),
    Subject("propose-support", "/traffar/forslag/till/{initiative}/", INTERMEDIARY, brief=True),
    Subject("flag", "/lovande/lyft/{other}/", INTERMEDIARY, brief=True),
    Subject("own-support", "/stod/mina/", GIVER, brief=True),
    Subject("tasks-of-offer", "/stod/{offer}/svar/", GIVER, brief=True),
    Subject("check-offer", "/stod/{offer}/kontrollera/", GIVER, brief=True),
    Subject("shortlist", "/traffar/stod/{offer}/var-lista/", GIVER, brief=True),
    Subject("case", "/traffar/stod/{offer}/{initiative}/", GIVER, brief=True),
    Subject(
        "side-by-side",
        "/traffar/stod/{offer}/sida-vid-sida/?initiative={initiative}&initiative={other}",
        GIVER,
        brief=True,
    ),
    Subject("decline-a-case", "/traffar/stod/{offer}/{initiative}/avboj/", GIVER, brief=True),
    Subject("learned", "/traffar/stod/{offer}/det-har-vi-lart/", GIVER, brief=True),
    Subject("times-to-meet", "/traffar/kontakter/{introduction}/tider/", GIVER, brief=True),
    Subject("saved-searches", "/bevakningar/", INNOVATOR, brief=True),
    Subject("follow-a-search", "/bevakningar/bevaka/offers/?q=lokal", INNOVATOR, brief=True),
    Subject("mails", "/meddelanden/mejl/", INNOVATOR, brief=True),
    Subject("account", "/konto/", INNOVATOR, brief=True),
    Subject("two-steps", "/konto/tva-steg/", INNOVATOR, brief=True),
    Subject("where-i-am-signed-in", "/konto/inloggningar/", INNOVATOR, brief=True),
    Subject("keys", "/konto/nycklar/", INNOVATOR, brief=True),
    Subject("own-organisations", "/organisationer/", GIVER, brief=True),
    Subject("members", "/organisationer/{giver}/medlemmar/", GIVER, brief=True),
)

#: Pages without pictures of their own, and whose they look like.
LIKE = {
    # One question and its answer, or a few fields with what happens next.
    "question": (
        "users:profile organisations:create organisations:edit organisations:verification organisations:invite"
        " organisations:change-role search:change innovators:journal-change innovators:indicator-change"
        " innovators:measurement-new innovators:measurement-change innovators:spread-new innovators:spread-change"
        " funders:claim funders:question matching:report-message matching:call-off matching:accept"
        " matching:decline matching:application matching:care matching:recuse matching:support-case"
        " matching:shortlist-add matching:note matching:ask matching:ask-together matching:accept-together"
        " matching:decline-together matching:propose matching:take-up-proposal matching:decline-proposal"
        " challenges:create challenges:edit matching:answer-challenge matching:take-away-answer adopters:create"
        " adopters:edit matching:show-how matching:take-up matching:accept-adoption matching:decline-adoption"
        " intermediaries:withdraw matching:ask-giver matching:put-support-aside"
    ),
    # Are you sure?, with what it means.
    "close": (
        "users:revoke-token users:confirm-it-is-you account_logout organisations:leave organisations:remove-member"
        " organisations:two-steps innovators:pause innovators:delete funders:pause funders:close funders:delete"
        " funders:use-as-template matching:end-conversation matching:withdraw matching:reset-learning"
        " matching:take-back-decision matching:dismiss matching:follow matching:withdraw-together"
        " matching:withdraw-proposal challenges:end challenges:delete adopters:close adopters:delete"
        " matching:withdraw-adoption search:stop notifications:stop newsletter:confirm newsletter:stop"
        " organisations:invitation"
    ),
    "sign-in": (
        "users:password-sign-in account_request_login_code account_inactive account_reset_password"
        " account_password_reset_completed mfa_reauthenticate"
    ),
    "two-steps": "mfa_generate_recovery_codes mfa_list_webauthn",
    "mails": "notifications:mails-by-link",
    "published": "funders:published",
    "all-questions": "funders:questions",
    "notices": "users:mailbox users:mail helping:requests matching:unsuited",
    "they-want-something-like-it": "matching:proven-for-adopter",
    "why-not": "matching:why-not-for-offer",
    "case": "matching:together matching:adoption matching:proposal innovators:handover helping:request",
    "cases-from-a-table": "matching:intake matching:intake-columns",
    # A piece that a page fetches while something is under way.
    "matches-of-initiative": "matching:initiative-status",
    "matches-of-offer": "matching:offer-status",
    "find-support": "quick:places",
}
