from django.urls import path

from brygga.pages import service_views, views

urlpatterns = [
    path("healthz", service_views.healthz, name="healthz"),
    path("readyz", service_views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
