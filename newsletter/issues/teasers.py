"""What an issue says of other pages: in the reader's language, never of a hidden one."""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import get_language
from wagtail.blocks.list_block import ListValue
from wagtail.models import Page

from pages.tree.published import published

FROM_ROOT = re.compile(r'(\shref=")/(?!/)')


@dataclass
class Chosen:
    """The pages of a block that visitors may see, in its order, and the titles of the others."""

    shown: list[Page] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def chosen_pages(chosen: ListValue) -> Chosen:
    """Each page in the language of the moment where it is translated. One query."""
    pages = [page for page in chosen if page]
    keys = [page.translation_key for page in pages]
    model = chosen.list_block.child_block.target_model
    found = published(model).filter(translation_key__in=keys).select_related("locale")
    visible = list(found.defer_streamfields())
    own = {page.pk: page for page in visible}
    translated = {
        page.translation_key: page
        for page in visible
        if page.locale.language_code == get_language()
    }
    result = Chosen(hidden=["?"] * (len(chosen) - len(pages)))
    for page in pages:
        shown = translated.get(page.translation_key) or own.get(page.pk)
        if shown:
            result.shown.append(shown)
        else:
            result.hidden.append(page.title)
    return result


def absolute_links(html: str) -> str:
    """Links to this site as full addresses."""
    return FROM_ROOT.sub(rf"\g<1>{settings.SITE_URL}/", html)
