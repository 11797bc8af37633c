"""The ways to a translation that stand beside a page: each for who may go it."""

from collections.abc import Iterator

from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail_localize import wagtail_hooks as theirs
from wagtail_localize.models import TranslationSource

from pages.translating import rights
from pages.translating.guard import targets_of
from pages.translating.rights import User

HOOKS = ("register_page_header_buttons", "register_page_listing_more_buttons")


def for_page(
    page: Page, user: User, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """Those of wagtail-localize whose act would not be refused."""
    for button in theirs.page_listing_more_buttons(page, user, view_name, next_url):
        is_sync = "/localize/update/" in button.url
        if not (_refuses_sync(user, page) if is_sync else _refuses_begin(user, page)):
            yield button


def _refuses_begin(user: User, page: Page) -> bool:
    """An alias is translated from its original."""
    source = (page.alias_of or page).specific
    return all(rights.to_begin(user, source, locale) for locale in rights.open_to(source))


def _refuses_sync(user: User, page: Page) -> bool:
    source = TranslationSource.objects.get_for_instance_or_none(page)
    return all(rights.to_write(user, target) for _one, target in targets_of(source))


def take_their_place() -> None:
    """Wagtail can add a button to these menus and take none away: theirs gives way to ours."""
    for name in HOOKS:
        registered = hooks._hooks[name]
        registered[:] = [
            (for_page if function is theirs.page_listing_more_buttons else function, order)
            for function, order in registered
        ]
