"""The way to the texts of the release, among the reports."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from pages.models import Offer
from pages.releases.views import ReleaseTexts


class WhileSomeWait(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Offer.objects.exists()


def urls() -> list[URLPattern]:
    return [
        path("release-texts/", require_admin_access(ReleaseTexts.as_view()), name="release_texts")
    ]


def item() -> MenuItem:
    label, address = _("Texts of the release"), reverse("release_texts")
    return WhileSomeWait(label, address, icon_name="doc-full-inverse", order=900)
