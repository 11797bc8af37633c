"""The way to the texts of the release, among the reports."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from pages.gaps import Gap
from pages.models import Offer
from pages.releases.offers import may_decide, waiting
from pages.releases.views import ReleaseTexts
from pages.translating.rights import User


class WhileSomeWait(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return Offer.objects.exists() and may_decide(request.user)


def urls() -> list[URLPattern]:
    view = require_admin_access(ReleaseTexts.as_view())
    return [path("release-texts/", view, name="release_texts")]


def gap(user: User) -> Iterator[Gap]:
    """For the first screen, while something waits for who looks at it."""
    count = sum(len(about.texts) for about in waiting(user)) if Offer.objects.exists() else 0
    if count:
        told = ngettext(
            "%(count)d text differs from what the last release says: take that, or keep yours.",
            "%(count)d texts differ from what the last release says: take that, or keep yours.",
            count,
        )
        yield Gap(told % {"count": count}, reverse("release_texts"))


def item() -> MenuItem:
    label, address = _("Texts of the release"), reverse("release_texts")
    return WhileSomeWait(label, address, icon_name="doc-full-inverse", order=900)
