"""The REST API's addresses, by string."""

from django.urls import include, path

urlpatterns = [
    path("schema/", include("brygga.pages.api_schema_urls")),
    path("v1/", include("brygga.pages.api_index_urls")),
    path("v1/", include("brygga.taxonomy.api_urls")),
    path("v1/", include("innovators.api_urls")),
    path("v1/", include("funders.api_urls")),
    path("v1/", include("matching.api_urls")),
]
