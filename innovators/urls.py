from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from innovators.views import files, public, register, steps

app_name = "innovators"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path(_("download-list/"), files.catalogue_file, name="catalogue-file"),
    path(_("start/"), register.create, name="create"),
    path(_("mine/"), steps.mine, name="mine"),
    path(_("all-questions/"), register.questions, name="questions"),
    path(_("all-questions.txt"), register.questions_text, name="questions-text"),
    path(_("all-questions.odt"), register.questions_document, name="questions-document"),
    path(_("kept/<int:number>/"), register.kept_draft, name="kept-draft"),
    path("<slug:public_id>/", public.detail, name="detail"),
    path(_("<slug:public_id>/answers/"), register.tasks, name="tasks"),
    path(_("<slug:public_id>/answers.odt"), register.answers_document, name="answers-document"),
    path(_("<slug:public_id>/answers/<slug:slug>/"), register.question, name="question"),
    path(_("<slug:public_id>/check/"), register.check, name="check"),
    path(_("<slug:public_id>/publish/"), steps.publish, name="publish"),
    path(_("<slug:public_id>/published/"), steps.published, name="published"),
    path(_("<slug:public_id>/still-right/"), steps.still_true, name="still-true"),
    path(_("<slug:public_id>/pause/"), steps.pause, name="pause"),
    path(_("<slug:public_id>/close/"), steps.close, name="close"),
    path(_("<slug:public_id>/delete/"), steps.delete, name="delete"),
    path("", include("innovators.journal.urls")),
    path("", include("innovators.value.urls")),
    path("", include("innovators.spread.urls")),
    path("", include("innovators.records.urls")),
    path("", include("innovators.handing_over.urls")),
    path("", include("innovators.pictures.urls")),
]
