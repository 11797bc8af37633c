"""What became of the last mailings, and how the list grew in a year: counts alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsletter.admin.mailings.screen import LIST
from newsletter.admin.screens import Screen
from newsletter.ledger.growth import growth
from newsletter.mailings.outcomes import outcomes

MAY_SEE = "newsletter.view_mailing"
MOST_MAILINGS = 50


class FiguresView(Screen, TemplateView):
    permission_required = MAY_SEE
    above = LIST
    page_title = _("Figures")
    header_icon = "history"
    template_name = "newsletter/admin/mailings/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = growth()
        return super().get_context_data(**kwargs) | {
            "outcomes": outcomes(MOST_MAILINGS),
            "months": months,
            "most": max(month.at_end for month in months) or 1,
        }
