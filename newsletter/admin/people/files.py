"""Subscribers to a file, and people who agreed elsewhere from one."""

import hashlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView

from newsletter.admin import logbook
from newsletter.admin.filters import SubscriberFilterSet
from newsletter.admin.screens import Screen
from newsletter.files import exports, imports, invitations
from newsletter.files.exports import Format
from newsletter.models import SignUp, Subscriber, Topic

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

CHECKED = "newsletter.import"  # salt of the mark that a file was checked
CHECKED_FOR = 3600  # seconds


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


class ImportForm(forms.Form):
    """`checked`: the mark of the file that was checked, when it comes the second time."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> BinaryIO:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size and upload.size > imports.LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB: split it."))
        return cast("BinaryIO", upload.file)


class ImportView(Screen, FormView):
    """A file is checked first and imported when it comes again: in between nothing is kept of it.

    What is posted the second time is the file and the signed hash of the one that was checked.
    """

    permission_required = "newsletter.add_signup"
    above = ("subscribers:index", gettext_lazy("Subscribers"))
    page_title = gettext_lazy("Import")
    header_icon = "upload"
    template_name = "newsletter/admin/import.html"
    form_class = ImportForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = Topic.objects.values_list("slug", flat=True)
        choices = {"topics": list(topics), "languages": dict(settings.LANGUAGES)}
        return super().get_context_data(**kwargs) | choices

    def form_valid(self, form: ImportForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        digest = _digest(file)
        try:
            if form.cleaned_data["checked"]:
                return self._import(form, file, digest)
            return self._report(file, digest)
        except imports.UnreadableError as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)

    def _report(self, file: BinaryIO, digest: str) -> HttpResponse:
        report = invitations.check(file)
        mark = signing.dumps(digest, salt=CHECKED)
        again = ImportForm(initial={"checked": mark})
        return self.render_to_response(self.get_context_data(form=again, report=report))

    def _import(self, form: ImportForm, file: BinaryIO, digest: str) -> HttpResponse:
        if not _was_checked(form.cleaned_data["checked"], digest):
            raise imports.UnreadableError(
                _("This is not the file that was checked, or it was too long ago: begin anew.")
            )
        user = self.request.user
        with transaction.atomic():
            report = invitations.invite(file, {"file": digest, "staff": user.pk})
            logbook.write_of_many(SignUp, logbook.IMPORT, user, count=report.fit)
        told = ngettext(
            "%d person will be asked to confirm.",
            "%d people will be asked to confirm.",
            report.fit,
        )
        messages.success(self.request, told % report.fit)
        return redirect("sign_ups:index")


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file can be read into a buffer
    file.seek(0)
    return digest


def _was_checked(mark: str, digest: str) -> bool:
    try:
        checked = signing.loads(mark, salt=CHECKED, max_age=CHECKED_FOR)
    except signing.BadSignature:
        return False
    return bool(checked == digest)
