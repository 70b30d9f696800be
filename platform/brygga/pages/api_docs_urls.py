from django.urls import path
from django.utils.translation import gettext_lazy as _

from brygga.pages import api_views

# Without a namespace, so that every part may link to it where it exists.
urlpatterns = [path(_("open-data/"), api_views.api_docs, name="api-docs")]
