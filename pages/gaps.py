"""What the site does not say yet for want of a fact: told to editors, never invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Revision

from pages.models import EventPage, Funding, NewsPage, NodePage, PersonPage, Role, SiteIdentity
from pages.translating.pieces import why_not_whole
from pages.tree.published import published

LINKEDIN_OF_ERIC = "https://www.linkedin.com/company/bbmri-eric"


@dataclass(frozen=True)
class Gap:
    """A sentence for the editor, and where to mend it."""

    sentence: str
    edit_url: str = ""


def gaps(locale: Locale) -> Iterator[Gap]:
    """What waits for words, whatever the language; then the facts of one, most visible first."""
    yield from _held_back()
    home = NodePage.objects.filter(locale=locale).first()
    if home is None:
        yield Gap(_("There is no home page in this language: it is not offered to visitors."))
        return
    yield from _gaps_of_home(home)
    yield from _gaps_of_lists(locale)
    yield from _gaps_of_people(locale)
    yield from _gaps_of_funding(locale)


def _edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _held_back() -> Iterator[Gap]:
    """Translations whose time to go live has come, and which are not whole."""
    told = _("“%(page)s” (%(language)s) was to go live. %(why)s Cancel its schedule to translate.")
    for revision in Revision.page_revisions.filter(approved_go_live_at__lt=timezone.now()):
        page = revision.content_object
        if why := why_not_whole(page):
            about = {"page": page, "language": page.locale.get_display_name(), "why": why}
            yield Gap(told % about, _edit(page))


def _gaps_of_home(home: NodePage) -> Iterator[Gap]:
    for name in ("introduction", "host_name", "host_address", "mailbox", "linkedin_url"):
        if not getattr(home, name):
            label = home._meta.get_field(name).verbose_name
            yield Gap(_("The home does not give its %s.") % label, _edit(home))
    if home.linkedin_url == LINKEDIN_OF_ERIC:
        yield Gap(
            _("The LinkedIn link is BBMRI-ERIC's: the node has given none of its own."), _edit(home)
        )
    if not SiteIdentity.objects.filter(locale=home.locale).exists():
        yield Gap(
            _("There are no menus in this language."),
            reverse(SiteIdentity.snippet_viewset.get_url_name("add")),
        )


def _gaps_of_lists(locale: Locale) -> Iterator[Gap]:
    if not published(NewsPage, locale).exists():
        yield Gap(_("There is no news yet: the home leaves that section out."))
    if not EventPage.shown().filter(locale=locale).upcoming().exists():
        yield Gap(_("No event is to come: the home leaves that section out."))


def _gaps_of_people(locale: Locale) -> Iterator[Gap]:
    people = published(PersonPage, locale)
    in_office = people.filter(roles__in=Role.objects.current()).distinct()
    for person in in_office.filter(Q(photo=None) | Q(biography="")):
        yield Gap(_("%s has no photo or no biography.") % person.title, _edit(person))


def _gaps_of_funding(locale: Locale) -> Iterator[Gap]:
    for record in Funding.objects.shown().filter(
        locale=locale, end__lt=timezone.localdate() - timedelta(days=365)
    ):
        sentence = _(
            "“%s” ended more than a year ago: does its sentence still belong on every page?"
        )
        url_name = Funding.snippet_viewset.get_url_name("edit")
        yield Gap(sentence % record.project, reverse(url_name, args=[record.pk]))
