from django.urls import path

from brygga.pages import api_views

urlpatterns = [path("", api_views.SchemaView.as_view(), name="api-schema")]
