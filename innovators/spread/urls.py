from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.spread import views

urlpatterns = [
    path(_("<slug:public_id>/spread/"), views.spread, name="spread"),
    path(_("<slug:public_id>/spread/new/"), views.write, name="spread-new"),
    path(_("<slug:public_id>/spread/<int:number>/"), views.write, name="spread-change"),
]
