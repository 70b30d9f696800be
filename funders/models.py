"""Support offers: what somebody gives, to whom, and by which rules."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brygga.organisations.heads import HeadsField
from brygga.organisations.profiles import Profile, code_array, profile_constraints
from brygga.taxonomy.enums import SupportKind
from funders.claiming.models import OfferClaim
from funders.enums import FEWEST_ANSWER_DAYS, MOST_ANSWER_DAYS, AppliesTo, ApplyWay, Strict
from funders.querysets import SupportOfferQuerySet

__all__ = ["OfferClaim", "OfferContact", "SupportLine", "SupportOffer"]


class SupportOffer(Profile):
    """Money, time, knowledge, premises, mandate: anything that helps an initiative on.

    Rules are data: null = no rule known, [] = said to be without restriction. `area_codes` says
    where the support may be used. `rules.requirements_of` reads the row as a list of rules in words.
    """

    eligible_kinds = code_array(_("kinds of organisation that may apply"), 30)
    eligible_kinds_apply_to = models.CharField(
        _("the rule is about"), max_length=5, choices=AppliesTo, default=AppliesTo.LEAD
    )
    must_include_kinds = code_array(_("some actor must be"), 30)
    consortium_required = models.BooleanField(_("several must apply together"), null=True, blank=True)
    legal_entity_required = models.BooleanField(_("organisation number required"), null=True, blank=True)
    min_age_months = models.PositiveSmallIntegerField(_("minimum age, months"), null=True, blank=True)
    co_funding_percent = models.PositiveSmallIntegerField(_("co-funding, per cent"), null=True, blank=True)
    strict = ArrayField(models.CharField(max_length=20, choices=Strict), default=list, blank=True)
    opens_on = models.DateField(_("opens"), null=True, blank=True)
    # The last day; it counts until 23:59 in Stockholm.
    closes_on = models.DateField(_("closes"), null=True, blank=True)
    decision_on = models.DateField(_("decision"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("how many can be supported"), null=True, blank=True)
    # The last round, if the giver tells: how many applied, and how many of them got the support.
    applied_last = models.PositiveIntegerField(_("how many applied last time"), null=True, blank=True)
    supported_last = models.PositiveIntegerField(_("how many got it last time"), null=True, blank=True)
    hours_to_apply = models.PositiveSmallIntegerField(_("hours to apply"), null=True, blank=True)
    # What the giver promises those who have asked for an introduction or said yes to one. Null = not said.
    answer_days = models.PositiveSmallIntegerField(_("days to answer"), null=True, blank=True)
    apply_way = models.CharField(
        _("how to apply"), max_length=20, choices=ApplyWay, default=ApplyWay.INTRODUCTION
    )
    apply_url = models.URLField(_("address of the form"), max_length=500, blank=True)
    how_to_apply = models.TextField(_("how to apply, in words"), max_length=2000, blank=True)
    # False for imported offers until the giver has claimed them.
    is_confirmed = models.BooleanField(_("confirmed by the giver"), default=True)
    # A form that is sent twice makes one offer.
    creation_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    compound_heads = HeadsField(["title", "title_second", "description", "summary_second"])
    search_swedish = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="swedish")
        + SearchVector("title_second", weight="A", config="swedish")
        + SearchVector("description", "summary_second", weight="C", config="swedish"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_english = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("title_second", weight="A", config="english")
        + SearchVector("description", "summary_second", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SupportOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("support offer")
        verbose_name_plural = _("support offers")
        constraints = [
            *profile_constraints("support_offer"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(opens_on__lte=F("closes_on")),
                name="support_offer_opens_before_closing",
            ),
            models.CheckConstraint(
                condition=Q(co_funding_percent__isnull=True) | Q(co_funding_percent__lte=100),
                name="support_offer_co_funding_share",
            ),
            models.CheckConstraint(
                condition=Q(applied_last__isnull=True, supported_last__isnull=True)
                | Q(
                    applied_last__isnull=False,
                    supported_last__isnull=False,
                    applied_last__gte=1,
                    supported_last__lte=F("applied_last"),
                ),
                name="support_offer_last_round",
            ),
            models.CheckConstraint(
                condition=Q(answer_days__isnull=True)
                | Q(answer_days__gte=FEWEST_ANSWER_DAYS, answer_days__lte=MOST_ANSWER_DAYS),
                name="support_offer_answer_days",
            ),
            models.CheckConstraint(
                condition=Q(strict__contained_by=Strict.values), name="support_offer_strict_known"
            ),
            models.CheckConstraint(
                condition=Q(eligible_kinds_apply_to__in=AppliesTo.values),
                name="support_offer_applies_to_known",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_swedish"], name="offer_search_swedish"),
            GinIndex(fields=["search_english"], name="offer_search_english"),
            GinIndex(fields=["compound_heads"], name="offer_compound_heads"),
            GinIndex(fields=["title"], name="offer_title_trigram", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["theme_codes"], name="offer_themes"),
            GinIndex(fields=["target_group_codes"], name="offer_target_groups"),
            GinIndex(fields=["area_codes"], name="offer_areas"),
            GinIndex(fields=["eligible_kinds"], name="offer_eligible_kinds"),
            models.Index(
                fields=["-published_at", "-id"], name="offer_newest", condition=Q(state="published")
            ),
            models.Index(fields=["closes_on", "id"], name="offer_closing", condition=Q(state="published")),
            # What the filters count by, in one narrow place: texts and search vectors make the rows wide.
            models.Index(
                fields=["closes_on"],
                include=["id", "organisation", "opens_on", "area_codes", "theme_codes", "eligible_kinds"],
                name="offer_public_filters",
                condition=Q(state="published"),
            ),
        ]


class SupportLine(models.Model):
    """One kind of support within an offer, with its range."""

    offer = models.ForeignKey(SupportOffer, on_delete=models.CASCADE, related_name="support")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of support"), max_length=20, choices=SupportKind)
    amount_min = models.PositiveBigIntegerField(_("lowest amount, kronor"), null=True, blank=True)
    amount_max = models.PositiveBigIntegerField(_("highest amount, kronor"), null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "position"], name="support_line_position_once"),
            models.CheckConstraint(condition=Q(kind__in=SupportKind.values), name="support_line_kind_known"),
            models.CheckConstraint(
                condition=Q(amount_min__isnull=True)
                | Q(amount_max__isnull=True)
                | Q(amount_min__lte=F("amount_max")),
                name="support_line_range",
            ),
        ]
        indexes = [models.Index(fields=["kind", "offer"], name="support_line_kind")]

    def __str__(self) -> str:
        return self.get_kind_display()


class OfferContact(models.Model):
    """How to reach the giver. Kept apart from what is public; see `innovators.models.InitiativeContact`."""

    offer = models.OneToOneField(SupportOffer, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    private_texts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("contact details")

    def __str__(self) -> str:
        return f"offer {self.offer_id}"
