from django.urls import path

from brygga.taxonomy import api

urlpatterns = [path("taxonomy/", api.TaxonomyView.as_view(), name="api-taxonomy")]
