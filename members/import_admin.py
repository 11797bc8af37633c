"""The admin's screen for imports: how old the data is, what each run did, and asking for one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from members.models import ImportRun

RUNS_A_PAGE = 20


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
        if self._asked(is_forced=request.POST.get("force") == "1"):
            messages.success(request, _("The import is asked for: the worker starts it soon."))
        else:
            messages.warning(request, _("An import is asked for already."))
        return HttpResponseRedirect(reverse("directory_imports"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = ImportRun.objects.first()
        return super().get_context_data(**kwargs) | {
            "page_title": gettext_lazy("Directory import"),
            "header_icon": "download",
            "shown_run": ImportRun.objects.latest_done(),
            "newest": newest,
            "is_open": ImportRun.objects.open().exists(),
            "was_refused": newest is not None and newest.state == ImportRun.State.REFUSED,
            "may_ask": self._may_ask(),
            "directory_url": settings.DIRECTORY_URL,
        }

    def _may_ask(self) -> bool:
        return self.request.user.has_perm("members.add_importrun")

    def _asked(self, *, is_forced: bool) -> bool:
        """False when one waits already: the database allows one."""
        user: Any = self.request.user
        try:
            with transaction.atomic():
                ImportRun.objects.create(
                    state=ImportRun.State.ASKED, is_forced=is_forced, asked_by=user
                )
        except IntegrityError:
            return False
        return True
