"""The ways to a translation that stand beside a page or snippet: each for who may go it."""

from collections.abc import Iterable, Iterator

from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, TranslatableMixin
from wagtail_localize import wagtail_hooks as theirs
from wagtail_localize.models import TranslationSource

from pages.translating import rights
from pages.translating.guard import targets_of
from pages.translating.rights import User


def for_page(
    page: Page, user: User, view_name: str | None = None, next_url: str | None = None
) -> Iterator[Button]:
    """An alias is translated from its original."""
    offered = theirs.page_listing_more_buttons(page, user, view_name, next_url)
    return _not_refused(offered, (page.alias_of or page).specific, user)


def for_snippet(
    snippet: TranslatableMixin, user: User, next_url: str | None = None
) -> Iterator[Button]:
    return _not_refused(
        theirs.register_snippet_listing_buttons(snippet, user, next_url), snippet, user
    )


def _not_refused(
    offered: Iterable[Button], source: TranslatableMixin, user: User
) -> Iterator[Button]:
    for button in offered:
        is_sync = "/localize/update/" in button.url
        if not (_refuses_sync(user, source) if is_sync else _refuses_begin(user, source)):
            yield button


def _refuses_begin(user: User, source: TranslatableMixin) -> bool:
    return all(rights.to_begin(user, source, locale) for locale in rights.open_to(source))


def _refuses_sync(user: User, source: TranslatableMixin) -> bool:
    record = TranslationSource.objects.get_for_instance_or_none(source)
    return all(rights.to_write(user, target) for _one, target in targets_of(record))


OURS = {
    theirs.page_listing_more_buttons: for_page,
    theirs.register_snippet_listing_buttons: for_snippet,
}
HOOKS = (
    "register_page_header_buttons",
    "register_page_listing_more_buttons",
    "register_snippet_listing_buttons",
)


def take_their_place() -> None:
    """Wagtail can add a button to these menus and take none away: theirs gives way to ours."""
    for name in HOOKS:
        registered = hooks._hooks[name]
        registered[:] = [(OURS.get(function, function), order) for function, order in registered]
