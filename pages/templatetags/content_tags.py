"""Rows that templates show: each tag costs as many queries whatever it finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from operator import attrgetter

from django import template
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.template import Context
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.blocks.list_block import ListValue
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import CollectionViewRestriction, Page

from pages.frame import HOME_DEPTH
from pages.models import (
    EventPage,
    FaqPage,
    GoalsPage,
    NewsPage,
    PeoplePage,
    PersonPage,
    Role,
    StandardPage,
)
from pages.templatetags.site_tags import frame_of
from pages.tree.links import in_readers_language
from pages.tree.published import published
from visitors.cache.generation import kept

register = template.Library()

LISTED_ON_HOME = 3


@dataclass
class PersonCard:
    """A person with the roles a card names."""

    person: PersonPage
    roles: list[Role] = field(default_factory=list)


@dataclass
class AllPeople:
    """What the page of people shows: the node's bodies by name, and the roles that are over."""

    bodies: list[tuple[str, list[PersonCard]]]
    past: list[Role]


def _cards(roles: Iterable[Role]) -> list[PersonCard]:
    """One card a person, in the order in which they are first met."""
    cards: dict[int, PersonCard] = {}
    for role in roles:
        cards.setdefault(role.person_id, PersonCard(role.person)).roles.append(role)
    return list(cards.values())


@register.simple_tag(takes_context=True)
def goals_page(context: Context) -> GoalsPage | None:
    node = frame_of(context).node
    return node and _goals_page(node.path)


@kept
def _goals_page(home: str) -> GoalsPage | None:
    below = published(GoalsPage).filter(path__startswith=home, depth=HOME_DEPTH + 1)
    return below.first()


@register.simple_tag(takes_context=True)
def people_now(context: Context) -> list[PersonCard]:
    """Who has a role today."""
    node = frame_of(context).node
    return _people_of(node.locale_id, timezone.localdate()) if node else []


@kept
def _people_of(language: int, day: date) -> list[PersonCard]:
    people = published(PersonPage).filter(locale=language)
    return _cards(Role.objects.shown().current(day).filter(person__in=people))


@register.simple_tag(takes_context=True)
def latest_news(context: Context) -> list[NewsPage]:
    node = frame_of(context).node
    return _news_of(node.locale_id) if node else []


@kept
def _news_of(language: int) -> list[NewsPage]:
    return list(NewsPage.latest().filter(locale=language)[:LISTED_ON_HOME])


@register.simple_tag(takes_context=True)
def upcoming_events(context: Context) -> list[EventPage]:
    node = frame_of(context).node
    events = EventPage.shown().upcoming()
    return list(events.filter(locale=node.locale_id)[:LISTED_ON_HOME]) if node else []


@register.simple_tag
def all_people(page: PeoplePage) -> AllPeople:
    """Bodies with their people of today, and the roles that are over."""
    roles = list(page.roles())
    today = groupby((role for role in roles if role.is_current), Role.get_body_display)
    bodies = [(str(name), _cards(members)) for name, members in today]
    return AllPeople(bodies, [role for role in roles if role.is_past])


@register.simple_tag
def chosen_people(chosen: ListValue) -> list[PersonCard]:
    """Cards of the people of a block, in its order, whom visitors may see."""
    found = published(PersonPage).select_related("photo").prefetch_related("roles")
    people: dict[int, PersonPage] = in_readers_language(chosen, found)
    return [PersonCard(person, person.current_roles) for person in people.values()]


@register.simple_tag
def chosen_documents(chosen: ListValue) -> list[AbstractDocument]:
    """The documents of a block, in its order, that lie in no closed collection."""
    path = ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    closed = CollectionViewRestriction.objects.annotate(path=path).filter(
        path__startswith=F("collection__path")
    )
    found = get_document_model().objects.filter(~Exists(closed)).in_bulk(_keys(chosen))
    return [found[key] for key in _keys(chosen) if key in found]


@register.simple_tag
def pages_below(page: Page) -> list[StandardPage | FaqPage]:
    """The published pages below a page, in the editors' order, with their summaries."""
    models = (StandardPage, FaqPage) if page.numchild else ()
    below = (published(model).child_of(page).defer_streamfields() for model in models)
    return sorted(chain.from_iterable(below), key=attrgetter("path"))


@register.filter
def with_levels(body: StreamValue) -> Iterator[tuple[StreamValue.StreamChild, bool]]:
    """Each block of a body, and whether a heading stands above it."""
    is_below_heading = False
    for block in body:
        is_below_heading = is_below_heading or block.block_type == "heading"
        yield block, is_below_heading


def _keys(chosen: ListValue) -> list[int]:
    return [thing.pk for thing in chosen if thing]
