"""Where pictures and documents are used: in each language, in drafts and in what is live."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.generic import multiple_upload
from wagtail.documents import get_document_model
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as many_documents
from wagtail.images.views import images
from wagtail.images.views import multiple as many_images
from wagtail.models import Page, ReferenceIndex

from pages.models import Picture


@dataclass(frozen=True)
class Place:
    """One page or entry that shows a file, as far as the reader may know of it."""

    label: str
    language: str
    is_live: bool
    edit_url: str | None


def places_of(files: Iterable[models.Model], user: AbstractBaseUser | AnonymousUser) -> list[Place]:
    """What somebody would miss, each once, in the order of their names."""
    finder = AdminURLFinder(user)
    places = {_place(source, is_live, finder) for source, is_live in _sources(list(files))}
    return sorted(places, key=lambda place: (place.label, place.language, place.is_live))


def _sources(files: list[models.Model]) -> Iterator[tuple[models.Model, bool]]:
    """What refers to them and whether visitors see it. Wagtail's index knows no draft."""
    for file in files:
        for source, _references in ReferenceIndex.get_grouped_references_to(file):
            yield source, getattr(source, "live", True)
    wanted = {(ReferenceIndex._get_base_content_type(file).pk, str(file.pk)) for file in files}
    changed = Page.objects.filter(has_unpublished_changes=True)
    for page in changed.select_related("latest_revision", "locale"):
        draft = page.get_latest_revision_as_object()
        found = {found[:2] for found in ReferenceIndex._extract_references_from_object(draft)}
        if found & wanted:
            yield page, False


def _place(source: models.Model, is_live: bool, finder: AdminURLFinder) -> Place:
    edit_url = finder.get_edit_url(source)
    kind = capfirst(source._meta.verbose_name)
    label = str(source) if edit_url else _("%(kind)s that you may not edit") % {"kind": kind}
    locale = getattr(source, "locale", None)
    return Place(label, locale.get_display_name() if locale else "", is_live, edit_url)


class TellsWhere(generic.DeleteView):
    """The screen that asks before a file is deleted: it goes only once its places were shown."""

    template_name = "pages/admin/confirm_delete.html"
    object: models.Model
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = places_of([self.object], self.request.user)
        return super().get_context_data(places=places, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        if "everywhere" in self.request.POST or not places_of([self.object], self.request.user):
            return super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form))


class DeletePicture(TellsWhere, images.DeleteView):
    pass


class DeleteDocument(TellsWhere, documents.DeleteView):
    pass


class KeepsWhatIsUsed(multiple_upload.DeleteView):
    """The screen for many uploads takes back what it has just taken, and nothing else."""

    pk_url_kwarg: ClassVar[str]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_model().objects.filter(pk=kwargs[self.pk_url_kwarg])
        if places_of(file, request.user):
            answer = {"success": False, "error_message": _("It is in use and was not deleted.")}
            return JsonResponse(answer, status=409)
        return super().post(request, *args, **kwargs)


class TakeBackPicture(KeepsWhatIsUsed, many_images.DeleteView):
    pass


class TakeBackDocument(KeepsWhatIsUsed, many_documents.DeleteView):
    pass


def keep_used_files(
    request: HttpRequest, action: str, rows: list[models.Model], _view: object
) -> HttpResponse | None:
    """Many at once go only if none is in use: one that is has a screen of its own."""
    if action != "delete" or not rows or not isinstance(rows[0], Picture | get_document_model()):
        return None
    if not places_of(rows, request.user):
        return None
    used = [(row, places) for row in rows if (places := places_of([row], request.user))]
    lines = format_html_join(
        "", "<li>{}: {}</li>", ((row, ", ".join(map(_in_words, places))) for row, places in used)
    )
    told = _("Nothing was deleted. These are in use; delete each by itself to see what it leaves:")
    messages.error(request, format_html("{}<ul>{}</ul>", told, lines))
    return redirect(request.get_full_path())


def _in_words(place: Place) -> str:
    return f"{place.label} ({place.language})" if place.language else place.label
