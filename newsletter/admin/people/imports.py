"""People who agreed elsewhere, from a file: it is read, checked, and then they are asked."""

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from newsletter.admin import logbook
from newsletter.admin.people.import_forms import ColumnsForm, UploadForm, initial_of, shown
from newsletter.admin.screens import Screen
from newsletter.files import columns, invitations
from newsletter.files.columns import NEEDED, Reading
from newsletter.files.drafts import Draft
from newsletter.files.tables import UnreadableError
from newsletter.models import SignUp, Topic
from pages.formats.spreadsheets import BYTE_ORDER_MARK

MAY_IMPORT = "newsletter.add_signup"
SAMPLE = 3  # rows


class ImportView(Screen, FormView):
    """A file is chosen, its columns are named, a report is shown, and then people are asked.

    In between the form carries the draft; nothing is stored before the last step.
    """

    permission_required = MAY_IMPORT
    above = ("subscribers:index", gettext_lazy("Subscribers"))
    page_title = gettext_lazy("Import")
    header_icon = "upload"
    template_name = "newsletter/admin/import/file.html"
    form_class = UploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = Topic.objects.values_list("slug", flat=True)
        choices = {"topics": list(topics), "languages": dict(settings.LANGUAGES)}
        return super().get_context_data(**kwargs) | choices

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sealed = request.POST.get("draft")
        try:
            if sealed:
                return self._go_on(Draft.opened(sealed))
            return super().post(request, *args, **kwargs)
        except UnreadableError as error:
            return self._show("file", form=UploadForm(), problem=error)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        draft = Draft.begun(form.cleaned_data["file"])
        if reading := columns.obvious(draft.table):
            return self._report(draft.read_by(reading))
        guessed = Reading(columns.guess(draft.table.names), order="")
        return self._ask(draft, ColumnsForm(draft.table, initial=initial_of(guessed)))

    def _go_on(self, draft: Draft) -> HttpResponse:
        act = self.request.POST.get("act")
        if draft.reading and act == "import":
            return self._import(draft, draft.reading)
        if draft.reading and act == "columns":
            return self._ask(draft, ColumnsForm(draft.table, initial=initial_of(draft.reading)))
        form = ColumnsForm(draft.table, self.request.POST)
        if not form.is_valid():
            return self._ask(draft, form)
        return self._report(draft.read_by(form.reading()))

    def _ask(self, draft: Draft, form: ColumnsForm) -> HttpResponse:
        rows = draft.table.first_rows(SAMPLE)
        sample = [
            (number, shown(name), [shown(row[number - 1]) for row in rows])
            for number, name in enumerate(draft.table.names, start=1)
        ]
        return self._show("columns", form=form, sample=sample, draft=draft.sealed())

    def _report(self, draft: Draft) -> HttpResponse:
        report = invitations.check(draft.table, draft.reading or Reading())
        return self._show("report", form=None, report=report, draft=draft.sealed())

    def _show(self, step: str, **context: Any) -> HttpResponse:
        self.template_name = f"newsletter/admin/import/{step}.html"
        return self.render_to_response(self.get_context_data(**context))

    def _import(self, draft: Draft, reading: Reading) -> HttpResponse:
        user = self.request.user
        with transaction.atomic():
            source = {"file": draft.digest, "staff": user.pk}
            report = invitations.invite(draft.table, reading, source)
            logbook.write_of_many(SignUp, logbook.IMPORT, user, count=report.fit)
        told = ngettext(
            "%d person will be asked to confirm.",
            "%d people will be asked to confirm.",
            report.fit,
        )
        messages.success(self.request, told % report.fit)
        return redirect("sign_ups:index")


class TemplateFileView(Screen, View):
    """A list to fill in, as Excel in Belgium opens it. Its one row, left in, is a fault."""

    permission_required = MAY_IMPORT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = io.StringIO(BYTE_ORDER_MARK, newline="")
        text.seek(0, io.SEEK_END)
        offered = Topic.objects.filter(offered=True).values_list("slug", flat=True)
        example = {
            "address": _("replace this row"),
            "language": get_language(),
            "topics": " ".join(offered),
            "evidence": _("paper form at the congress, folder 3"),
            "asked_at": timezone.localdate().isoformat(),
        }
        writer = csv.DictWriter(text, NEEDED, delimiter=";")
        writer.writeheader()
        writer.writerow(example)
        response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="subscribers-template.csv"'
        return response
