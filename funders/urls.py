from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funders.views import claiming, public, register, steps

app_name = "funders"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path(pgettext_lazy("address of a support offer", "new/"), register.create, name="create"),
    path(_("mine/"), steps.mine, name="mine"),
    path(_("all-questions/"), register.questions, name="questions"),
    path(_("all-questions.txt"), register.questions_text, name="questions-text"),
    path(_("all-questions.odt"), register.questions_document, name="questions-document"),
    path("<slug:public_id>/", public.detail, name="detail"),
    path(_("<slug:public_id>/answers/"), register.tasks, name="tasks"),
    path(_("<slug:public_id>/answers.odt"), register.answers_document, name="answers-document"),
    path(_("<slug:public_id>/answers/<slug:slug>/"), register.question, name="question"),
    path(_("<slug:public_id>/check/"), register.check, name="check"),
    path(_("<slug:public_id>/publish/"), steps.publish, name="publish"),
    path(_("<slug:public_id>/published/"), steps.published, name="published"),
    path(_("<slug:public_id>/pause/"), steps.pause, name="pause"),
    path(_("<slug:public_id>/close/"), steps.close, name="close"),
    path(_("<slug:public_id>/delete/"), steps.delete, name="delete"),
    path(_("<slug:public_id>/take-over/"), claiming.claim, name="claim"),
    path(_("<slug:public_id>/use-as-template/"), steps.use_as_template, name="use-as-template"),
]
