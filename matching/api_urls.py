from django.urls import path

from matching import api

urlpatterns = [
    path(
        "initiatives/<slug:public_id>/matches/",
        api.InitiativeMatchesView.as_view(),
        name="api-initiative-matches",
    ),
    path("offers/<slug:public_id>/matches/", api.OfferMatchesView.as_view(), name="api-offer-matches"),
]
