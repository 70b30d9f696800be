from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.records import views

urlpatterns = [
    path(_("<slug:public_id>/story.json"), views.story_file, name="story-file"),
    path(_("<slug:public_id>/records/<slug:kind>/<int:number>/remove/"), views.remove, name="record-remove"),
    path(
        _("<slug:public_id>/records/<slug:kind>/<int:number>/bring-back/"),
        views.bring_back,
        name="record-bring-back",
    ),
]
