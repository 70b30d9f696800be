from django.urls import path
from django.utils.translation import gettext_lazy as _

from innovators.value import views

urlpatterns = [
    path(_("<slug:public_id>/value/"), views.value, name="value"),
    path(_("<slug:public_id>/value/new/"), views.indicator, name="indicator-new"),
    path(_("<slug:public_id>/value/<int:number>/"), views.indicator, name="indicator-change"),
    path(_("<slug:public_id>/value/<int:number>/measure/"), views.measure, name="measurement-new"),
    path(
        _("<slug:public_id>/value/measurements/<int:number>/"),
        views.measurement,
        name="measurement-change",
    ),
]
