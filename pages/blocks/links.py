"""Blocks that lead somewhere: to a page of this site or to another site."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks import menu_views
from pages.tree.links import address
from pages.tree.safe_links import safe_href


class LinkValue(blocks.StructValue):
    """Where a link leads: a page of ours while visitors may see it, a view, or another site."""

    @property
    def href(self) -> str:
        page, view = self.get("page"), self.get("view")
        if view:
            return menu_views.address(view)
        return address(page.pk) if page else safe_href(self.get("url"))

    @property
    def is_external(self) -> bool:
        return not self.get("page") and bool(self.get("url"))


class LinkBlock(blocks.StructBlock):
    """A labelled link to a page of this site or to another site; one of the two."""

    label = blocks.CharBlock(max_length=60, label=_("Label"))
    page = blocks.PageChooserBlock(required=False, label=_("Page of this site"))
    url = blocks.URLBlock(required=False, label=_("or address of another site"))

    destinations: tuple[str, ...] = ("page", "url")
    mend = _("Choose a page or give an address: one of the two.")

    class Meta:
        value_class = LinkValue
        template = "blocks/link.html"
        icon = "link"
        label = _("Link")
        description = _("A link with a label")
        preview_value = {"label": "BBMRI-ERIC", "url": "https://www.bbmri-eric.eu"}

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if sum(bool(cleaned.get(name)) for name in self.destinations) != 1:
            raise StructBlockValidationError({"page": ValidationError(self.mend)})
        return cleaned


class MenuLinkBlock(LinkBlock):
    """An entry of a menu, which may also lead to a view of this site."""

    view = blocks.ChoiceBlock(
        choices=menu_views.choices, required=False, label=_("or part of this site without a page")
    )

    destinations = ("page", "url", "view")
    mend = _("Choose a page or a part of this site, or give an address: one of the three.")

    class Meta:
        description = _("An entry of a menu")


class LinkCardBlock(LinkBlock):
    text = blocks.TextBlock(required=False, max_length=200, label=_("Sentence"))

    class Meta:
        template = "blocks/link_card.html"
        icon = "link-external"
        label = _("Link card")
        description = _("A link with a sentence")
        preview_value = {
            "label": "BBMRI-ERIC Directory",
            "text": "The catalogue of biobanks in Europe.",
            "url": "https://directory.bbmri-eric.eu",
        }


class LinkCardsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LinkCardBlock(), **kwargs)

    class Meta:
        template = "blocks/link_cards.html"
        icon = "list-ul"
        label = _("Link cards")
        description = _("Links side by side, with a sentence each")
        preview_value = [{"label": "BBMRI-ERIC", "text": "", "url": "https://www.bbmri-eric.eu"}]


class EmbedCardBlock(LinkCardBlock):
    """A film, map or form of another site as a link: nothing is loaded, nobody is tracked."""

    class Meta:
        template = "blocks/embed_card.html"
        icon = "media"
        label = _("Film or other embed")
        description = _("A link card in place of an embedded film, map or form")
        preview_value = {
            "label": "A film",
            "text": "What it shows and how long it is.",
            "url": "https://www.bbmri-eric.eu",
        }


class CallToActionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=160, label=_("Sentence"))
    link = LinkBlock()

    class Meta:
        template = "blocks/call_to_action.html"
        icon = "pick"
        label = _("Call to action")
        description = _("A sentence and one button")
        preview_value = {
            "text": "Looking for samples?",
            "link": {"label": "Open the Directory", "url": "https://directory.bbmri-eric.eu"},
        }
