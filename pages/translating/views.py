"""What makes drafts in other languages, in the place of what would write live rows."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import Translation
from wagtail_localize.views import edit_translation
from wagtail_localize.views.report import TranslationsReportView
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
    SubmitTranslationForm,
    SubmitTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from pages.guarding.reach import is_key, may_see_any, seen_pages
from pages.guarding.refusal import refuse
from pages.translating import drafts, meanwhile, rights
from pages.translating.guard import LOCALIZE, targets_of
from pages.translating.pieces import open_pieces, said_open


class BeginsTranslations(SubmitTranslationView):
    """Offers the languages in which the person may; whole subtrees only where each page may."""

    def get_form(self) -> forms.Form:
        form: SubmitTranslationForm = super().get_form()
        field = form.fields["locales"]
        field.queryset = Locale.objects.filter(pk__in=[one.pk for one in self._open])
        if len(self._open) == 1:
            form.fields["select_all"].widget = forms.HiddenInput()
        return form

    def post(self, request: HttpRequest, **asked: Any) -> HttpResponse:
        if not all(map(is_key, request.POST.getlist("locales"))):
            return refuse(request, _("Choose among the languages of the list."), 400)
        response: HttpResponse = super().post(request, **asked)
        return response

    @cached_property
    def _open(self) -> list[Locale]:
        user, source = self.request.user, self.object
        return [one for one in rights.open_to(source) if not rights.to_begin(user, source, one)]

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        locales = list(form.cleaned_data["locales"])
        with_below = form.cleaned_data["include_subtree"] and isinstance(self.object, Page)
        try:
            for locale in locales:
                drafts.begin(self.object, locale, self.request.user)
            refusal = self._begin_below(locales) if with_below else ""
        except ValidationError as error:
            transaction.set_rollback(True)
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.request.get_full_path())
        if refusal:
            transaction.set_rollback(True)
            return refuse(self.request, refusal)
        return self._done(locales)

    def _begin_below(self, locales: list[Locale]) -> rights.Refusal:
        """Parents first: what is begun for one stands above the next."""
        for page in self.object.get_descendants().specific():
            for locale in (one for one in locales if one in rights.open_to(page)):
                refusal = rights.to_begin(self.request.user, page, locale)
                if refusal:
                    return refusal
                drafts.begin(page, locale, self.request.user)
        return ""

    def _done(self, locales: list[Locale]) -> HttpResponse:
        names = ", ".join(str(locale.get_display_name()) for locale in locales)
        messages.success(self.request, self.get_success_message(names))
        if not isinstance(self.object, Page):
            told = _("Visitors see it at once, in its original's words: translate and publish it.")
            messages.warning(self.request, told)
        only = self.object.get_translation(locales[0]) if len(locales) == 1 else None
        return redirect(self.get_success_url() or self.get_default_success_url(only))


class TranslatePage(BeginsTranslations, SubmitPageTranslationView):
    pass


class TranslateSnippet(BeginsTranslations, SubmitSnippetTranslationView):
    pass


class BringUpToDate(UpdateTranslationsView):
    """The pieces of the original are taken anew; each language waits for who may write in it."""

    @cached_property
    def _targets(self) -> list[tuple[Translation, TranslatableMixin]]:
        user = self.request.user
        return [
            (one, target)
            for one, target in targets_of(self.object)
            if not rights.to_write(user, target)
        ]

    def get_form(self) -> forms.Form:
        form: forms.Form = super().get_form()
        if any(rights.to_publish(self.request.user, target) for _one, target in self._targets):
            del form.fields["publish_translations"]
        else:
            form.fields["publish_translations"].help_text = _(
                "In each language in which no piece is open. The others are left out and named."
            )
        return form

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        self.object.update_from_db()
        is_published = form.cleaned_data.get("publish_translations", False)
        for translation, target in self._targets:
            self._renew(translation, target, is_published=is_published)
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url() or self.get_default_success_url())

    def _renew(
        self, translation: Translation, target: TranslatableMixin, *, is_published: bool
    ) -> None:
        pieces = open_pieces(translation)
        if is_published and pieces:
            told = _("Not published in %(language)s: %(why)s")
            language = translation.target_locale.get_display_name()
            why = said_open(translation, pieces)
            messages.warning(self.request, told % {"language": language, "why": why})
            is_published = False
        if not isinstance(target, Page):
            _renew_snippet(self.request, translation, is_published=is_published)
            return
        revision = drafts.make(translation, self.request.user)
        if is_published:
            revision.publish(user=self.request.user)


def _renew_snippet(request: HttpRequest, translation: Translation, *, is_published: bool) -> None:
    """A snippet has no draft: it changes when its words are whole."""
    if is_published:
        try:
            translation.save_target(user=request.user)
        except ValidationError as error:
            messages.error(request, "; ".join(error.messages))


class SeenTranslations(TranslationsReportView):
    """Of what its reader sees elsewhere in the admin."""

    def get_queryset(self) -> QuerySet[Translation]:
        user = self.request.user
        keys = seen_pages(user).order_by().values("translation_key")
        kinds = [model for model in get_snippet_models() if may_see_any(model, user)]
        types = ContentType.objects.get_for_models(*kinds).values()
        seen = Q(source__object__in=keys) | Q(source__specific_content_type__in=types)
        return super().get_queryset().filter(seen).order_by("pk")


WRITERS = {
    "strings/<int:string_segment_id>/edit/": "edit_string_translation",
    "overrides/<int:overridable_segment_id>/edit/": "edit_override",
    "pofile/upload/": "upload_pofile",
    "machine_translate/": "machine_translate",
}


def with_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What writes pieces of a page makes its draft anew, together or not at all; one at a time."""

    @wraps(view)
    def write(request: HttpRequest, translation_id: int, **asked: Any) -> HttpResponse:
        held = Translation.objects.select_for_update(of=("self",)).select_related("source")
        with transaction.atomic():
            translation = get_object_or_404(held, pk=translation_id)
            if refusal := meanwhile.told(request, translation, asked):
                return refuse(request, refusal, HTTPStatus.CONFLICT)
            response = view(request, translation_id=translation_id, **asked)
            is_page = issubclass(translation.source.specific_content_type.model_class(), Page)
            if is_page and response.status_code < HTTPStatus.BAD_REQUEST:
                drafts.make(translation, request.user)
        return response

    return write


def urls() -> list[URLPattern]:
    """In the place of wagtail-localize's own, which go on to name the addresses."""
    begun, one, report = "submit/", "translate/<int:translation_id>/", "reports/translations/"
    snippet = f"{begun}snippet/<slug:app_label>/<slug:model_name>/<str:pk>/"
    answers = {
        f"{begun}page/<int:page_id>/": ("submit_page_translation", TranslatePage.as_view()),
        snippet: ("submit_snippet_translation", TranslateSnippet.as_view()),
        "update/<int:translation_source_id>/": ("update_translations", BringUpToDate.as_view()),
        report: ("translations_report", SeenTranslations.as_view()),
        f"{report}results/": (
            "translations_report_results",
            SeenTranslations.as_view(results_only=True),
        ),
        **{
            f"{one}{at}": (name, with_draft(getattr(edit_translation, name)))
            for at, name in WRITERS.items()
        },
    }
    return [
        path(f"localize/{at}", view, name=f"{LOCALIZE}.{name}")
        for at, (name, view) in answers.items()
    ]
