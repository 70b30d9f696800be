from django.urls import path

from brygga.pages import api_views

urlpatterns = [path("", api_views.IndexView.as_view(), name="api-index")]
