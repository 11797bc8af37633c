"""Asking for what is on a shortlist: by the Negotiator, and by a text to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from members.models import BiobanksPage, Collection
from members.negotiator import ElsewhereError, NotTakenError, UnknownError, hand_over
from members.shortlists import Shortlist, chosen_collections, renamed
from pages.tree.addresses import full_url
from pages.tree.languages import in_offered_language
from pages.tree.page_parts import PagePart
from pages.tree.written import language_of
from visitors.gate import same_site_posts
from visitors.networks import may_once_more


@dataclass(frozen=True)
class Outcome:
    """What became of handing a request over: a link to go on, or why there is none."""

    status: HTTPStatus = HTTPStatus.OK
    link: str = ""
    problem: str = ""
    unknown: Collection | None = None


@same_site_posts
def ask(request: HttpRequest) -> HttpResponse:
    """GET shows the ways to ask for what the address chooses; POST hands it to the Negotiator."""
    page = in_offered_language(BiobanksPage).first()
    if page is None:
        raise Http404
    if request.method != "POST" and (moved := renamed(request)):
        return moved
    told = Collection.objects.shown().prefetch_related("biobank__profile__facts")
    with override(language_of(page)):
        return _answer(request, page, chosen_collections(request.GET, told))


def _answer(request: HttpRequest, page: BiobanksPage, shortlist: Shortlist) -> HttpResponse:
    known = [one for one in shortlist.collections if one.is_of_directory]
    others = [one for one in shortlist.collections if not one.is_of_directory]
    chosen_at = f"{full_url(page)}shortlist/?{shortlist.query}"
    outcome = _handed_over(request, known, chosen_at) if request.method == "POST" else Outcome()
    left = others if outcome.link else shortlist.collections
    context = {
        "part": PagePart(_("Ask for these")),
        "outcome": outcome,
        "known": known if settings.NEGOTIATOR_URL else [],
        "others": others if settings.NEGOTIATOR_URL else [],
        "left": left,
        "text": render_to_string(
            "members/asking.txt", {"collections": left, "chosen_at": chosen_at}
        ).strip(),
    }
    response = page.shown(request, "members/asking.html", context, shortlist)
    response.status_code = outcome.status
    response.headers["X-Robots-Tag"] = "noindex"  # one person's choice
    return response


def _handed_over(request: HttpRequest, known: Sequence[Collection], chosen_at: str) -> Outcome:
    """What is chosen and not known there stays with the visitor: the page names it."""
    if not (known and settings.NEGOTIATOR_URL):
        return Outcome(HTTPStatus.UNPROCESSABLE_ENTITY, problem="nothing")
    if not may_once_more("negotiator", request, settings.NEGOTIATOR_NETWORK_HOURLY):
        return Outcome(HTTPStatus.TOO_MANY_REQUESTS, problem="often")
    try:
        return Outcome(link=hand_over(known, chosen_at))
    except UnknownError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return Outcome(status, problem="unknown", unknown=error.collection)
    except ElsewhereError:
        return Outcome(HTTPStatus.SERVICE_UNAVAILABLE, problem="elsewhere")
    except NotTakenError:
        return Outcome(HTTPStatus.SERVICE_UNAVAILABLE, problem="silent")
