"""What an issue says of other pages: in the reader's language, never of a hidden one."""

from dataclasses import dataclass

from wagtail.blocks.list_block import ListValue
from wagtail.models import Page

from pages.tree.links import in_readers_language
from pages.tree.published import published


@dataclass
class Chosen:
    """The pages of a block that visitors may see, in its order, and the titles of the others."""

    shown: list[Page]
    hidden: list[str]


def chosen_pages(chosen: ListValue) -> Chosen:
    """Each page in the language of the moment where it is translated. One query."""
    model = chosen.list_block.child_block.target_model
    shown: dict[int, Page] = in_readers_language(chosen, published(model).defer_streamfields())
    missing = (page for page in chosen if page is None or page.pk not in shown)
    hidden = [page.title if page else "?" for page in missing]
    return Chosen(list(shown.values()), hidden)
