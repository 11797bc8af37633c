"""What an editor can put into a page. One block, one class, one template, one name."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, get_page_models

from pages.blocks.links import CallToActionBlock, EmbedCardBlock, LinkCardsBlock
from pages.blocks.table import TableBlock

PROSE = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]
LINE = ["bold", "italic", "link"]


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"features": PROSE} | kwargs))

    class Meta:
        template = "blocks/paragraph.html"
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, lists and links")
        preview_value = "<p>A biobank keeps samples and data, with care and for research.</p>"


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level; smaller ones live inside the text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 100} | kwargs))

    class Meta:
        template = "blocks/heading.html"
        icon = "title"
        label = _("Heading")
        description = _("Begins a part of the page")
        preview_value = "What a biobank is"


class PictureBlock(blocks.StructBlock):
    """A picture with its alternative text for this place, or marked as decoration."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.RichTextBlock(features=LINE, required=False, label=_("Caption"))

    class Meta:
        template = "blocks/picture.html"
        icon = "image"
        label = _("Picture")
        description = _("A picture with alternative text and a caption")
        preview_value = {"image": None, "caption": "<p>The caption stands below the picture.</p>"}


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Words"))
    attribution = blocks.CharBlock(max_length=120, label=_("Who said it"))

    class Meta:
        template = "blocks/quote.html"
        icon = "openquote"
        label = _("Quote")
        description = _("Words of a named person")
        preview_value = {"text": "The words as they were said.", "attribution": "Name, role"}


class KeyFigureBlock(blocks.StructBlock):
    figure = blocks.CharBlock(max_length=12, label=_("Figure"))
    label = blocks.CharBlock(max_length=80, label=_("What it counts"))

    class Meta:
        template = "blocks/key_figure.html"
        icon = "order"
        description = _("One number and what it counts")
        preview_value = {"figure": "2013", "label": "the year Belgium joined BBMRI-ERIC"}


class KeyFiguresBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(KeyFigureBlock(), **({"min_num": 1, "max_num": 4} | kwargs))

    class Meta:
        template = "blocks/key_figures.html"
        icon = "order"
        label = _("Key figures")
        description = _("Up to four numbers with what they count")
        preview_value = [{"figure": "2013", "label": "the year Belgium joined BBMRI-ERIC"}]


class PeopleBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        child = blocks.PageChooserBlock(page_type="pages.PersonPage", label=_("Person"))
        super().__init__(child, **kwargs)

    class Meta:
        template = "blocks/people.html"
        icon = "group"
        label = _("People")
        description = _("Cards of chosen people")
        preview_value: list[object] = []


class NetworkChooserBlock(blocks.PageChooserBlock):
    """A page whose type says `is_network`: another app keeps them."""

    @cached_property
    def target_models(self) -> list[type[Page]]:
        return [model for model in get_page_models() if getattr(model, "is_network", False)]


class NetworksBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(NetworkChooserBlock(label=_("Network")), **kwargs)

    class Meta:
        template = "blocks/networks.html"
        icon = "site"
        label = _("Networks")
        description = _("Cards of chosen networks")
        preview_value: list[object] = []


class DownloadsBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DocumentChooserBlock(label=_("Document")), **kwargs)

    class Meta:
        template = "blocks/downloads.html"
        icon = "download"
        label = _("Downloads")
        description = _("Documents with their kind and size")
        preview_value: list[object] = []


class DetailsBlock(blocks.StructBlock):
    summary = blocks.CharBlock(max_length=120, label=_("Line that is always shown"))
    text = blocks.RichTextBlock(features=PROSE, label=_("Text that opens"))

    class Meta:
        template = "blocks/details.html"
        icon = "collapse-down"
        label = _("Details")
        description = _("A line that opens to show more")
        preview_value = {"summary": "More about this", "text": "<p>The text that opens.</p>"}


class NoticeBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80, label=_("Title"))
    text = blocks.RichTextBlock(features=LINE, label=_("Text"))

    class Meta:
        template = "blocks/notice.html"
        icon = "warning"
        label = _("Notice")
        description = _("Something a reader must not miss")
        preview_value = {"title": "Please note", "text": "<p>What matters, in a sentence.</p>"}


class ContactBlock(blocks.StaticBlock):
    """Host, address, mailbox and links of the node, as they stand on the home page."""

    class Meta:
        template = "blocks/contact.html"
        icon = "mail"
        label = _("Contact of the node")
        admin_text = _("Shows the host, address, mailbox and links that are kept on the home page.")
        description = _("Address and mailbox, kept in one place: the home page")


class QuestionBlock(blocks.StructBlock):
    """A question with its answer and an address of its own."""

    question = blocks.CharBlock(max_length=160, label=_("Question"))
    anchor = blocks.RegexBlock(
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        label=_("Anchor"),
        help_text=_(
            "Ends this question's address, like “what-is-a-biobank”. Leave it once it is published."
        ),
        error_messages={"invalid": _("Small letters, digits and single hyphens only.")},
    )
    answer = blocks.RichTextBlock(features=PROSE, label=_("Answer"))

    class Meta:
        template = "blocks/question.html"
        icon = "help"
        label = _("Question")
        description = _("A question with its answer")
        preview_value = {
            "question": "What is a biobank?",
            "anchor": "what-is-a-biobank",
            "answer": "<p>A place that keeps samples and data for research.</p>",
        }


class GoalBlock(blocks.StructBlock):
    """One goal: a sentence, and more where there is more to say."""

    goal = blocks.TextBlock(label=_("Goal, in one sentence"))
    detail = blocks.RichTextBlock(features=LINE, required=False, label=_("Detail"))

    class Meta:
        template = "blocks/goal.html"
        icon = "tick"
        label = _("Goal")
        description = _("One goal of the node")
        preview_value = {"goal": "Advise government and regulatory bodies.", "detail": ""}


class BodyBlock(blocks.StreamBlock):
    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    key_figures = KeyFiguresBlock()
    people = PeopleBlock()
    networks = NetworksBlock()
    link_cards = LinkCardsBlock()
    call_to_action = CallToActionBlock()
    downloads = DownloadsBlock()
    details = DetailsBlock()
    table = TableBlock()
    notice = NoticeBlock()
    embed = EmbedCardBlock()
    contact = ContactBlock()

    class Meta:
        required = False
        # Each of these reads rows of its own: one a page keeps its queries few.
        block_counts = {
            name: {"max_num": 1} for name in ("people", "networks", "downloads", "contact")
        }
