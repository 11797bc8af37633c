"""The admin's screen for the cookie notice: publish a version, read earlier ones, see counts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visitors.notice import publishing
from visitors.notice.notices import ChoiceCount, CookieNotice, current_notice

DAYS_OF_COUNTS = 92
PUBLISH = "visitors.publish_notice"


class PublishSentence(publishing.PublishSentence):
    label = gettext_lazy("Publish a cookie notice")
    changed = gettext_lazy(
        "Published version %(version)s of the cookie notice: the meaning changed"
    )
    mended = gettext_lazy(
        "Published version %(version)s of the cookie notice: the meaning is as it was"
    )


class NoticeForm(publishing.WordingForm):
    pieces = ("text", "link_text")
    changed_label = gettext_lazy("The meaning changed: ask every visitor again")

    def field_of(self, piece: str, language: str) -> forms.Field:
        if piece == "text":
            label, rows = _("Notice (%s)") % language, forms.Textarea(attrs={"rows": 3})
            return forms.CharField(label=label, widget=rows, max_length=600)
        label = _("Text of the link to the cookie page (%s)") % language
        return forms.CharField(label=label, max_length=120)


class CookieNoticeView(PermissionRequiredMixin, publishing.PublishWordingView):
    permission_required = "visitors.add_cookienotice"
    raise_exception = True
    template_name = "visitors/admin/cookie_notice.html"
    form_class = NoticeForm
    wording = CookieNotice
    action = PUBLISH
    published = gettext_lazy("Version %d of the cookie notice is published.")
    success_url = reverse_lazy("cookie_notice")

    def texts_now(self) -> Mapping[str, CookieNotice]:
        return current_notice().texts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page_title": gettext_lazy("Cookie notice"),
            "header_icon": "clipboard-list",
            "notices": CookieNotice.objects.all(),
            "counts": ChoiceCount.of_last(DAYS_OF_COUNTS),
        }
