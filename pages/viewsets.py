"""Screens of the admin for what is not a page."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from pages.models import Funding, SiteIdentity


class IdentityViewSet(SnippetViewSet):
    model = SiteIdentity
    icon = "site"
    menu_label = _("Identity and menus")
    list_display = ["name", "tagline", "locale"]


class FundingViewSet(SnippetViewSet):
    model = Funding
    icon = "pick"
    menu_label = _("Funding")
    list_display = ["project", "programme", "grant_number", "end", "is_shown"]
    list_filter = ["is_shown"]
    ordering = ["sort_order", "pk"]


class FrameViewSetGroup(SnippetViewSetGroup):
    items = (IdentityViewSet, FundingViewSet)
    menu_label = _("Site frame")
    menu_icon = "cog"
    menu_order = 250
