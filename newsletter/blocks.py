"""What an editor can put into an issue: only what every mail program can show.

Each block has three templates: its own for the website, and `newsletter/issue_mail/<name>.html` and
`.txt` for the two parts of the mail.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.content import HeadingBlock, ParagraphBlock, PictureBlock, QuoteBlock
from pages.blocks.links import LinkBlock

MAIL_PROSE = ["bold", "italic", "ol", "ul", "link"]


class ButtonBlock(LinkBlock):
    """One thing to do."""

    class Meta:
        template = "blocks/button.html"
        icon = "pick"
        label = _("Button")
        description = _("A link that is hard to overlook")
        preview_value = {"label": "Open the Directory", "url": "https://directory.bbmri-eric.eu"}


class ChosenPagesBlock(blocks.ListBlock):
    """Pages of one type, chosen one by one; `one` is what an editor calls such a page."""

    page_type: str
    one: Promise

    def __init__(self, **kwargs: Any) -> None:
        child = blocks.PageChooserBlock(page_type=self.page_type, label=self.one)
        super().__init__(child, **({"min_num": 1} | kwargs))


class NewsBlock(ChosenPagesBlock):
    """News of this site, each with its date and summary."""

    page_type = "pages.NewsPage"
    one = _("News")

    class Meta:
        template = "blocks/issue_news.html"
        icon = "doc-full"
        label = _("News")
        description = _("Chosen news, with title, date and summary")
        preview_value: list[object] = []


class EventsBlock(ChosenPagesBlock):
    """Events of this site, each with its time, place and summary."""

    page_type = "pages.EventPage"
    one = _("Event")

    class Meta:
        template = "blocks/issue_events.html"
        icon = "calendar-alt"
        label = _("Events")
        description = _("Chosen events, with time, place and summary")
        preview_value: list[object] = []


class DividerBlock(blocks.StaticBlock):
    """A line between two parts."""

    class Meta:
        template = "blocks/divider.html"
        icon = "horizontalrule"
        label = _("Divider")
        admin_text = _("A line between two parts of the issue.")
        description = _("A line between two parts")


class IssueBlock(blocks.StreamBlock):
    """The blocks of an issue."""

    heading = HeadingBlock()
    text = ParagraphBlock(features=MAIL_PROSE)
    picture = PictureBlock()
    button = ButtonBlock()
    news = NewsBlock()
    events = EventsBlock()
    divider = DividerBlock()
    quote = QuoteBlock()

    class Meta:
        required = False
