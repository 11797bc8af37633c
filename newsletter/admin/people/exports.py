"""Subscribers to a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from newsletter.admin import logbook
from newsletter.admin.filters import SubscriberFilterSet
from newsletter.admin.screens import Screen
from newsletter.files import exports
from newsletter.files.exports import Format
from newsletter.models import Subscriber


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=Format.choices,
        initial=Format.CSV,
        widget=forms.RadioSelect,
    )


class ExportView(Screen, FormView):
    """GET says how many, POST sends the file. Both go by the filters in the query."""

    permission_required = "newsletter.export_subscriber"
    above = ("subscribers:index", gettext_lazy("Subscribers"))
    page_title = gettext_lazy("Export")
    header_icon = "download"
    template_name = "newsletter/admin/export.html"
    form_class = ExportForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.has_permission() and not self.filters.is_valid():
            messages.error(request, _("The filters could not be understood: choose them again."))
            return redirect("subscribers:index")  # else it would send everybody
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def filters(self) -> SubscriberFilterSet:
        return SubscriberFilterSet(
            self.request.GET, queryset=Subscriber.objects.all(), request=self.request
        )

    @cached_property
    def count(self) -> int:
        return self.filters.qs.count()

    def form_valid(  # type: ignore[override]  # it answers with a stream, which is no HttpResponse
        self, form: ExportForm
    ) -> StreamingHttpResponse:
        format_ = Format(form.cleaned_data["format"])
        about = {"count": self.count, "format": format_.value}
        logbook.write_of_many(Subscriber, logbook.EXPORT, self.request.user, **about)
        response = StreamingHttpResponse(
            exports.lines(self.filters.qs, format_), content_type=format_.content_type
        )
        name = f"subscribers-{timezone.localdate():%Y-%m-%d}.{format_.extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
