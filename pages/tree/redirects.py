"""Redirects as people ask for them: by hand, from a poster, a mail or an old bookmark."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from unicodedata import normalize
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects import forms
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from pages.tree.addresses import STORED

# What newsletters, social networks and advertisers add to an address to see who came from where.
TRACKING = re.compile(
    r"(utm_\w*|mtm_\w*|pk_\w*|piwik_\w*|mc_\w*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid"
    r"|li_fat_id|igshid|yclid|_hsenc|_hsmi|mkt_tok)(=.*)?"
)
MOST_STEPS = 20  # of redirects that lead to redirects
REDIRECTS_TO_SELF = _("This redirect would lead back to its own address, over and over.")
PAGE_STANDS_HERE = _("A page stands at this address: visitors see it, and never the redirect.")
NO_ADDRESS = _("This is no address that can be kept.")
FULL_ADDRESS = _("Give the full address, beginning with https:// or http://.")


def folded(path: str) -> str:
    """A path as it is kept and looked up: no capitals, and each accent one with its letter."""
    return normalize("NFC", normalize("NFC", Redirect.normalise_path(path)).lower())


def ways_to_ask(path: str) -> Iterator[str]:
    """The path, then without what only counts visits, then without any question."""
    asked = folded(path)
    address, _mark, query = asked.partition("?")
    kept = [part for part in query.split("&") if part and not TRACKING.fullmatch(part)]
    yield asked
    yield f"{address}?{'&'.join(kept)}" if kept else address
    yield address


def redirect_from(path: str, site: Site | None, besides: int | None = None) -> Redirect | None:
    """The one that an address means; of two with the same path, the one of the site."""
    wanted = [way for way in dict.fromkeys(ways_to_ask(path)) if len(way) <= STORED]
    if "\0" in path or not wanted:
        return None
    # Those that Wagtail makes when a page moves have their capitals.
    same = Q(*(("old_path__iexact", way) for way in wanted), _connector=Q.OR)
    found = Redirect.get_for_site(site).filter(same).exclude(pk=besides)
    ranked = [(wanted.index(folded(one.old_path)), one.site_id is None, one.pk) for one in found]
    return next((one for one in found if ranked and one.pk == min(ranked)[2]), None)


def page_at(path: str) -> bool:
    """Whether a page that is live has this address, with or without its last slash."""
    address = urlsplit(path).path.strip("/").lower()
    language, *below = address.split("/")
    pages = Page.objects.live().filter(locale__language_code=language, depth=2 + len(below))
    if below:
        pages = pages.filter(slug__iexact=below[-1])
    return any(urlsplit(page.url or "").path.strip("/").lower() == address for page in pages)


class ForgivingRedirects(RedirectMiddleware):
    """What is not found may have moved; but what begins like a page is that page's to answer."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == HTTPStatus.NOT_FOUND:
            found = redirect_from(request.get_full_path(), Site.find_for_request(request))
            if found and found.link and not page_at(request.path):
                kind = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
                return kind(found.link)
        return response


class RedirectForm(forms.RedirectForm):
    """Refuses what no visitor could follow. Rows of an imported list are checked by it, too."""

    def clean_old_path(self) -> str:
        try:
            path = folded(self.cleaned_data["old_path"])
        except ValueError as error:
            raise ValidationError(NO_ADDRESS) from error
        if len(path) > STORED:
            raise ValidationError(NO_ADDRESS)
        if page_at(path):
            raise ValidationError(PAGE_STANDS_HERE)
        return path

    def clean_redirect_link(self) -> str:
        link = self.cleaned_data["redirect_link"]
        asked = str(self.data.get(self.add_prefix("redirect_link"), "")).strip()
        if link and not re.match(r"https?://[^/\\]", asked, re.IGNORECASE):
            raise ValidationError(FULL_ADDRESS)
        return link

    def _post_clean(self) -> None:
        """When the redirect is whole."""
        super()._post_clean()
        if not self.errors and leads_back(self.instance):
            self.add_error(None, REDIRECTS_TO_SELF)


def leads_back(redirect: Redirect) -> bool:
    """Whether whoever follows it comes to an address that redirects to one they have seen."""
    seen, step = {redirect.pk}, redirect
    for _step in range(MOST_STEPS):
        path = own_path(step.link)
        if path is None or page_at(path):
            return False
        if redirect.old_path in ways_to_ask(path):
            return True
        step = redirect_from(path, redirect.site, besides=redirect.pk)
        if step is None:
            return False
        if step.pk in seen:
            return True
        seen.add(step.pk)
    return True


def own_path(link: str | None) -> str | None:
    """The path and question of an address of this site; None of another's."""
    parts = urlsplit(link or "")
    roots = [settings.SITE_URL, *(root.root_url for root in Site.get_site_root_paths())]
    own = {urlsplit(root).hostname for root in roots} | {None}
    if link is None or parts.hostname not in own:
        return None
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
