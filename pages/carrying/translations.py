"""What goes along with a page, where to, and what stands in the way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from pages.tree.sources import translations_of

Person = User | AnonymousUser


@dataclass(frozen=True)
class Move:
    """A translation and the page in its language to move it to, if there is one."""

    page: Page
    destination: Page | None


def deleted_along(pages: Iterable[Page]) -> list[Page]:
    """What was made from pages or from anything below them, each with all that is below it."""
    paths = {page.path for page in pages}
    gone, fresh = set(paths), paths
    while fresh:
        made = _made_from(_any(Q(path__startswith=path) for path in fresh))
        fresh = set()
        for path in sorted(made):  # what is above comes first
            if not path.startswith(tuple(gone)):
                gone.add(path)
                fresh.add(path)
    return _pages(gone - paths)


def closed_along(pages: Iterable[Page]) -> list[Page]:
    """What was made from pages, and from that again."""
    paths = {page.path for page in pages}
    found, fresh = set(paths), paths
    while fresh:
        fresh = _made_from(Q(path__in=fresh)) - found
        found |= fresh
    return _pages(found - paths)


def moved_along(page: Page, destination: Page) -> list[Move]:
    """What was made from a page, each to the same place in its language."""
    translated = Page.objects.filter(translation_key=destination.translation_key)
    places = {place.locale_id: place for place in translated}
    moves = [Move(made, places.get(made.locale_id)) for made in closed_along([page])]
    return [move for move in moves if move.destination != move.page.get_parent()]


def not_deletable(pages: Iterable[Page], user: Person) -> list[str]:
    """Which of them somebody may not delete, by name."""
    return [named(page) for page in pages if not page.permissions_for_user(user).can_delete()]


def not_movable(moves: Iterable[Move], user: Person) -> list[str]:
    """Which of them cannot go, and why."""
    found = ((move, _hindrance(move, user)) for move in moves)
    return [f"{named(move.page)}: {hindrance}" for move, hindrance in found if hindrance]


def _hindrance(move: Move, user: Person) -> str:
    if move.destination is None:
        return _("the new place is not translated into this language")
    may = move.page.permissions_for_user(user)
    if not (may.can_move() and may.can_move_to(move.destination)):
        return _("you may not move it there")
    if not Page._slug_is_available(move.page.slug, move.destination, page=move.page):
        return _("its address is taken there")
    return ""


def delete(pages: Iterable[Page], user: Person) -> None:
    """What is there no more went with something else."""
    for page in _pages({page.path for page in pages}):
        DeletePageAction(page, user=user).execute(skip_permission_checks=True)


def move(moves: Iterable[Move], user: Person) -> None:
    """Each is read anew: a move changes the paths of others."""
    for each in moves:
        page = Page.objects.get(pk=each.page.pk).specific
        place = Page.objects.get(pk=each.destination and each.destination.pk)
        MovePageAction(page, place, pos="last-child", user=user).execute()


def named(page: Page) -> str:
    return f"“{page.get_admin_display_title()}” ({page.locale.get_display_name()})"


def _made_from(sources: Q) -> set[str]:
    """Paths of translations and of the aliases that stand for one."""
    pages = Page.objects.filter(sources).order_by()
    aliases = Page.objects.filter(alias_of__in=pages.values("pk"))
    standing_in = aliases.filter(translation_key=F("alias_of__translation_key"))
    made = {path for path, _own in translations_of(pages)}
    return made.union(standing_in.values_list("path", flat=True))


def _any(wanted: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for each in wanted:
        found |= each
    return found


def _pages(paths: Collection[str]) -> list[Page]:
    found = Page.objects.filter(path__in=paths).order_by("path").select_related("locale")
    return list(found.specific())
