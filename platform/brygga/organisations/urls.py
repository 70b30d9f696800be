from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from brygga.organisations import leaving_views, member_views, two_steps_views, views
from brygga.organisations.verification.views import verification

app_name = "organisations"

urlpatterns = [
    path("", views.mine, name="mine"),
    path(pgettext_lazy("address", "new/"), views.create, name="create"),
    path(_("invitation/<str:secret>/"), member_views.invitation, name="invitation"),
    path("<slug:public_id>/", views.detail, name="detail"),
    path(_("<slug:public_id>/edit/"), views.edit, name="edit"),
    path(_("<slug:public_id>/verification/"), verification, name="verification"),
    path(_("<slug:public_id>/leave/"), leaving_views.leave, name="leave"),
    path(_("<slug:public_id>/members/"), member_views.members, name="members"),
    path(_("<slug:public_id>/members/invite/"), member_views.invite, name="invite"),
    path(_("<slug:public_id>/members/<int:number>/role/"), member_views.change_role, name="change-role"),
    path(_("<slug:public_id>/members/<int:number>/remove/"), leaving_views.remove, name="remove-member"),
    path(_("<slug:public_id>/members/<int:number>/hand-over/"), leaving_views.hand_over, name="hand-over"),
    path(_("<slug:public_id>/members/two-steps/"), two_steps_views.two_steps, name="two-steps"),
    path(_("<slug:public_id>/invitations/<int:number>/resend/"), member_views.resend, name="resend"),
    path(_("<slug:public_id>/invitations/<int:number>/withdraw/"), member_views.withdraw, name="withdraw"),
]
