from django.urls import path

from funders import api

urlpatterns = [
    path("offers/", api.OffersView.as_view(), name="api-offers"),
    path("offers/<slug:public_id>/", api.OfferView.as_view(), name="api-offer"),
]
