"""Consent texts: the versions and who stands under each, publishing one, asking anew."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import URLValidator
from django.db.models import Count
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from newsletter.admin import logbook
from newsletter.admin.screens import Screen
from newsletter.models import ConsentText, Delivery, Subscriber
from newsletter.subscribers import reconsent
from newsletter.subscribers.offer import current_offer
from visitors.notice.publishing import PublishWordingView, WordingForm

LONGEST_TEXT = 1000  # characters: more than that beside a box nobody reads
LIST = ("consent_texts:index", gettext_lazy("Consent texts"))
SCHEMES = ["https"] if settings.IS_HTTPS else ["https", "http"]


class TextForm(WordingForm):
    pieces = ("text", "link_text", "notice_url", "controller", "purposes")
    changed_label = gettext_lazy("The meaning changed")
    changed_help = gettext_lazy(
        "Tick it when who is responsible, what the address is used for or who else gets it"
        " changes. Leave it for a mended slip. Those who agreed to an older text stay under"
        " it either way; when the meaning changed you can ask them whether they agree."
    )

    @property
    def languages(self) -> list[tuple[str, str, list[BoundField]]]:
        return [
            (code, str(name), [self[f"{piece}_{code}"] for piece in self.pieces])
            for code, name in settings.LANGUAGES
        ]

    def clean(self) -> None:
        super().clean()
        for code, _name in settings.LANGUAGES:
            text, link = (self.cleaned_data.get(f"{piece}_{code}") for piece in self.pieces[:2])
            if text and link and text.count(link) != 1:
                self.add_error(f"link_text_{code}", _("These words must stand once in the text."))

    def field_of(self, piece: str, language: str) -> forms.Field:
        """The model's own, with a bound where it has none, and only addresses safe to follow."""
        bounds: dict[str, Any] = {}
        if piece in {"text", "purposes"}:
            bounds = {"max_length": LONGEST_TEXT, "widget": forms.Textarea(attrs={"rows": 3})}
        if piece == "notice_url":
            bounds = {"form_class": forms.CharField, "validators": [URLValidator(SCHEMES)]}
        model_field: Any = ConsentText._meta.get_field(piece)
        field: forms.Field = model_field.formfield(**bounds)
        return field


class TextsView(Screen, TemplateView):
    """The versions, how many stand under each, and who can be asked anew."""

    permission_required = "newsletter.view_consenttext"
    page_title = gettext_lazy("Consent texts")
    header_icon = "clipboard-list"
    template_name = "newsletter/admin/consent_texts.html"

    ways = (
        (
            "newsletter.add_consenttext",
            gettext_lazy("Publish a version"),
            "consent_texts:publish",
            "plus",
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "versions": _versions(),
            "material": reconsent.last_material(),
            "older": reconsent.under_older_meaning().count(),
            "to_ask": reconsent.to_ask().count(),
        }


def _versions() -> list[dict[str, Any]]:
    """Newest first, each with its texts and how many confirmed subscribers agreed to it."""
    standing = dict(
        Subscriber.objects.confirmed()
        .order_by()
        .values_list("consent_text__version")
        .annotate(Count("pk"))
    )
    rows = groupby(ConsentText.objects.order_by("-version", "pk"), key=lambda text: text.version)
    return [
        {"number": version, "texts": list(texts), "standing": standing.get(version, 0)}
        for version, texts in rows
    ]


class TextView(Screen, TemplateView):
    """A version as it was published, word for word."""

    permission_required = "newsletter.view_consenttext"
    above = LIST
    header_icon = "clipboard-list"
    template_name = "newsletter/admin/consent_text.html"

    def get_page_title(self) -> str:
        return _("Version %d") % self.kwargs["version"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = list(ConsentText.objects.filter(version=self.kwargs["version"]).order_by("pk"))
        if not texts:
            raise Http404
        return super().get_context_data(**kwargs) | {"texts": texts}


class PublishView(Screen, PublishWordingView):
    """First it shows how the sentences will look, then it publishes."""

    permission_required = "newsletter.add_consenttext"
    above = LIST
    page_title = gettext_lazy("Publish a version")
    header_icon = "clipboard-list"
    template_name = "newsletter/admin/publish_text.html"
    form_class = TextForm
    wording = ConsentText
    action = logbook.PUBLISH
    published = gettext_lazy("Version %d of the consent text is published.")
    success_url = reverse_lazy("consent_texts:index")

    def texts_now(self) -> Mapping[str, ConsentText]:
        return current_offer().texts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next_version": ConsentText.last_version() + 1}

    def form_valid(self, form: WordingForm) -> HttpResponse:
        if "publish" in self.request.POST:
            return super().form_valid(form)
        texts = [ConsentText(language=code, **said) for code, said in form.texts().items()]
        return self.render_to_response(self.get_context_data(previews=texts))


class ReconsentView(Screen, TemplateView):
    """GET says who would be asked, POST queues one mail to each."""

    permission_required = "newsletter.add_delivery"
    above = LIST
    page_title = gettext_lazy("Ask to agree anew")
    header_icon = "mail"
    template_name = "newsletter/admin/reconsent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "count": reconsent.to_ask().count(),
            "version": reconsent.last_material(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count, version = reconsent.ask_all(), reconsent.last_material()
        if count:
            logbook.write_of_many(
                Delivery, logbook.RECONSENT, request.user, count=count, version=version
            )
            told = ngettext("%d mail waits to be sent.", "%d mails wait to be sent.", count)
            messages.success(request, told % count)
        else:
            messages.info(request, _("Nobody is left to ask."))
        return redirect("consent_texts:index")
