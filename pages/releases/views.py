"""The screen on which texts of the release are taken or left."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages.guarding.reach import is_key
from pages.listing import page_of
from pages.models import Offer
from pages.releases import offers

PER_PAGE = 10


class ReleaseTexts(WagtailAdminTemplateMixin, TemplateView):
    """Each for who may publish where it stands; GET changes nothing."""

    page_title = gettext_lazy("Texts of the release")
    header_icon = "doc-full-inverse"
    template_name = "pages/admin/release_texts.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not offers.may_decide(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = page_of(offers.waiting(self.request.user), self.request, PER_PAGE)
        return super().get_context_data(**kwargs) | {"listed": listed}

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = set(request.POST.getlist("offer"))
        list(Offer.objects.select_for_update().filter(pk__in=filter(is_key, chosen)))
        for about in offers.waiting(request.user):
            texts = [text for text in about.texts if str(text.offer.pk) in chosen]
            if texts and (len(texts) == len(about.texts) or not about.is_whole):
                self._decide(offers.only(about, texts))
                break
        else:
            messages.warning(request, _("This was decided meanwhile, or is not yours to decide."))
        return redirect(request.get_full_path())

    def _decide(self, about: offers.About) -> None:
        if "keep" in self.request.POST:
            offers.keep(about)
            messages.success(self.request, _("Kept as it stands, until a release changes it."))
            return
        try:
            with transaction.atomic():
                told = offers.take(about, self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        except IntegrityError:  # a row of a list that what else stands there contradicts
            messages.error(self.request, _("Not possible"))
        else:
            messages.success(self.request, told)
