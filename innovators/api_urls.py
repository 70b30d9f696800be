from django.urls import path

from innovators import api

urlpatterns = [
    path("initiatives/", api.InitiativesView.as_view(), name="api-initiatives"),
    path("initiatives/<slug:public_id>/", api.InitiativeView.as_view(), name="api-initiative"),
]
