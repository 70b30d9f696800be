"""Every address. Apps are named by string, so that nothing here imports upwards."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

handler400 = "brygga.pages.errors.bad_request"
handler403 = "brygga.pages.errors.permission_denied"
handler404 = "brygga.pages.errors.page_not_found"
handler500 = "brygga.pages.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("brygga.pages.service_urls")),  # healthz, readyz: no language
    path("", include("brygga.core.urls")),  # theme: no language
    path("api/", include("brygga.api")),
    path("admin/", admin.site.urls),
]

urlpatterns += i18n_patterns(
    path("", include("brygga.pages.urls")),
    path("", include("brygga.pages.api_docs_urls")),
    path(_("account/"), include("brygga.users.urls")),
    path(_("organisations/"), include("brygga.organisations.urls")),
    path(_("challenges/"), include("brygga.challenges.urls")),
    path(_("saved-searches/"), include("brygga.search.urls")),
    path(_("notices/"), include("brygga.notifications.urls")),
    path(_("newsletter/"), include("brygga.notifications.newsletter_urls")),
    path(_("initiatives/"), include("innovators.urls")),
    path(_("wanted/"), include("innovators.adopting.urls")),
    path(_("support/"), include("funders.urls")),
    path(_("find-support/"), include("matching.quick.urls")),
    path(_("matches/"), include("matching.urls")),
    path(_("promising/"), include("intermediaries.urls")),
    path(_("ask-for-help/"), include("intermediaries.helping.urls")),
    path("", include("matching.public.urls")),
    prefix_default_language=False,
)
