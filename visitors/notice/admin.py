"""The admin's screen for the cookie notice: publish a version, read earlier ones, see counts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry

from visitors.notice.notices import ChoiceCount, CookieNotice
from visitors.notice.policy import SameWordsError, current_policy, publish

DAYS_OF_COUNTS = 92
PUBLISH = "visitors.publish_notice"


class PublishSentence(LogFormatter):
    """In Wagtail's log of who did what."""

    label = gettext_lazy("Publish a cookie notice")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        if log_entry.data["material"]:
            sentence = _("Published version %(version)s of the cookie notice: the meaning changed")
        else:
            sentence = _(
                "Published version %(version)s of the cookie notice: the meaning is as it was"
            )
        return sentence % log_entry.data


class NoticeForm(forms.Form):
    """The notice in every language at once, and whether its meaning changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Notice (%s)") % name,
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=600,
            )
            self.fields[f"link_text_{code}"] = forms.CharField(
                label=_("Text of the link to the cookie page (%s)") % name, max_length=120
            )
        self.fields["material"] = forms.BooleanField(
            label=_("The meaning changed: ask every visitor again"), required=False
        )

    def texts(self) -> dict[str, tuple[str, str]]:
        said = self.cleaned_data
        return {
            code: (said[f"text_{code}"], said[f"link_text_{code}"])
            for code, _name in settings.LANGUAGES
        }


class CookieNoticeView(PermissionRequiredMixin, FormView):
    permission_required = "visitors.add_cookienotice"
    raise_exception = True
    template_name = "visitors/admin/cookie_notice.html"
    form_class = NoticeForm
    success_url = reverse_lazy("cookie_notice")

    def get_initial(self) -> dict[str, Any]:
        return {
            f"{field}_{code}": getattr(notice, field)
            for code, notice in current_policy().notices.items()
            for field in ("text", "link_text")
        }

    def form_valid(self, form: NoticeForm) -> HttpResponse:
        try:
            version = self._publish(form)
        except IntegrityError:
            return self._refuse(
                form, _("Somebody else published a version just now: look at it first.")
            )
        except SameWordsError:
            return self._refuse(form, _("These words are published already."))
        messages.success(self.request, _("Version %d of the cookie notice is published.") % version)
        return super().form_valid(form)

    @transaction.atomic
    def _publish(self, form: NoticeForm) -> int:
        version = publish(form.texts(), material=form.cleaned_data["material"])
        first = CookieNotice.objects.filter(version=version)[0]
        about = {"version": version, "material": first.material}
        log(first, PUBLISH, user=self.request.user, data=about)
        return version

    def _refuse(self, form: NoticeForm, why: str) -> HttpResponse:
        form.add_error(None, why)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page_title": gettext_lazy("Cookie notice"),
            "header_icon": "clipboard-list",
            "notices": CookieNotice.objects.all(),
            "counts": ChoiceCount.of_last(DAYS_OF_COUNTS),
        }
