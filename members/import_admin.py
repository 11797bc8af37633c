"""The admin's screen for imports: how old the data is, what each run did, and asking for one."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView
from wagtail.admin.ui.components import Component

from members.models import ImportRun

RUNS_A_PAGE = 20
TOO_OLD = timedelta(days=3)  # the Directory may be down for a day or two


class ImportsView(PermissionRequiredMixin, ListView):
    """GET shows the log; POST asks for a run, which the worker takes up within a minute."""

    permission_required = "members.view_importrun"
    raise_exception = True
    template_name = "members/admin/imports.html"
    queryset = ImportRun.objects.select_related("asked_by")
    paginate_by = RUNS_A_PAGE
    context_object_name = "runs"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (self._may_ask() and settings.DIRECTORY_URL):
            return self.handle_no_permission()
        # A form may be older than the answer that was refused.
        is_forced = request.POST.get("force") == "1" and _was_refused()
        is_trial = request.POST.get("trial") == "1"
        if not self._asked(is_forced=is_forced, is_trial=is_trial):
            messages.warning(request, _("An import is asked for already."))
        elif is_trial:
            messages.success(request, _("The dry run is asked for: the worker starts it soon."))
        else:
            messages.success(request, _("The import is asked for: the worker starts it soon."))
        return HttpResponseRedirect(reverse("directory_imports"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page_title": gettext_lazy("Directory import"),
            "header_icon": "download",
            "shown_run": ImportRun.objects.latest_done(),
            "newest": ImportRun.objects.first(),
            "is_open": ImportRun.objects.open().exists(),
            "was_refused": _was_refused(),
            "may_ask": self._may_ask(),
            "directory_url": settings.DIRECTORY_URL,
        }

    def _may_ask(self) -> bool:
        return self.request.user.has_perm("members.add_importrun")

    def _asked(self, *, is_forced: bool, is_trial: bool) -> bool:
        """False when one waits already: the database allows one."""
        user: Any = self.request.user
        try:
            with transaction.atomic():
                ImportRun.objects.create(
                    state=ImportRun.State.ASKED,
                    is_forced=is_forced,
                    is_trial=is_trial,
                    asked_by=user,
                )
        except IntegrityError:
            return False
        return True


class ImportsPanel(Component):
    """On the admin's first screen, where the import waits for a person or has long not worked."""

    name = "directory-import"
    template_name = "members/admin/imports_panel.html"
    order = 145

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        runs = ImportRun.objects.of_the_directory()
        if not settings.DIRECTORY_URL or not (newest := runs.first()):
            return {}
        done = runs.latest_done()
        since = done or runs.last() or newest
        return {
            "was_refused": newest.state == ImportRun.State.REFUSED,
            "is_degraded": newest.state == ImportRun.State.DEGRADED,
            "is_old": since.asked < timezone.now() - TOO_OLD,
            "done": done,
        }


def _was_refused() -> bool:
    """The last run that was more than a dry one."""
    run = ImportRun.objects.filter(is_trial=False).first()
    return run is not None and run.state == ImportRun.State.REFUSED
