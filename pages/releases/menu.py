"""The way to the texts of the release, among the reports."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from pages.models import Offer
from pages.releases.offers import may_decide, waiting
from pages.releases.views import ReleaseTexts


class WhileSomeWait(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Offer.objects.exists() and may_decide(request.user)


def urls() -> list[URLPattern]:
    view = require_admin_access(ReleaseTexts.as_view())
    return [path("release-texts/", view, name="release_texts")]


class WaitingPanel(Component):
    """On the first screen, while something waits for who looks at it."""

    name = "release-texts"
    template_name = "pages/admin/release_texts_panel.html"
    order = 110  # after what is half translated

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        about = waiting(parent_context["request"].user) if Offer.objects.exists() else []
        return {"count": sum(len(one.texts) for one in about)}


def item() -> MenuItem:
    label, address = _("Texts of the release"), reverse("release_texts")
    return WhileSomeWait(label, address, icon_name="doc-full-inverse", order=900)
