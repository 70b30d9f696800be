from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.journal import views

urlpatterns = [
    path(_("<slug:public_id>/journal/"), views.journal, name="journal"),
    path(_("<slug:public_id>/journal/new/"), views.write, name="journal-new"),
    path(_("<slug:public_id>/journal/<int:number>/"), views.write, name="journal-change"),
]
