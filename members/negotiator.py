"""The BBMRI-ERIC Negotiator, where researchers ask several biobanks at once for samples.

A site where collections are found hands over which were chosen (`POST api/v3/requests`, its
RequestController and RequestCreateDTO): no account is needed for that. The answer's `redirectUrl`
is where the researcher signs in and goes on. Nothing of the visitor is handed over.
"""

import logging
from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from members.directory import fetching
from members.directory.fetching import FetchError, Limits
from members.models import Collection
from pages.printable import printable

REQUESTS = "api/v3/requests"
SECONDS = 8  # a visitor waits for it
MOST_BYTES = 512 * 1024  # it repeats the collections that were chosen
LONGEST_LINK = 2000  # characters
LONGEST_REFUSAL = 300  # characters of what it says, in the log
BUSY_SECONDS = 1
_one_at_a_time = BoundedSemaphore()  # of a process: its other threads go on answering

log = logging.getLogger(__name__)


class NotTakenError(Exception):
    """The request was not taken over; nobody has got it."""


class ElsewhereError(NotTakenError):
    """It would lead to a site that is not its own."""


class UnknownError(NotTakenError):
    """It has not heard of one of the collections yet, and then takes none."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection.directory_id)
        self.collection = collection


def hand_over(collections: Sequence[Collection], chosen_at: str) -> str:
    """The address at the Negotiator where the researcher goes on. Raises NotTakenError.

    `chosen_at`: the address of the shortlist, by whose host the Negotiator knows this site.
    """
    if not _one_at_a_time.acquire(timeout=BUSY_SECONDS):
        raise NotTakenError
    try:
        answer = fetching.post(
            f"{settings.NEGOTIATOR_URL}{REQUESTS}",
            _request(collections, chosen_at),
            Limits(MOST_BYTES, SECONDS),
            f"BBMRI.be website ({settings.SITE_URL})",
        )
        return _own_link(answer, collections)
    except FetchError as error:
        log.warning("The Negotiator took no request: %s", error)
        raise NotTakenError from error
    finally:
        _one_at_a_time.release()


def _request(collections: Sequence[Collection], chosen_at: str) -> dict[str, Any]:
    """In English, as the Negotiator is."""
    names = "; ".join(f"{one.label} ({one.biobank.name})" for one in collections)
    return {
        "url": chosen_at,
        "humanReadable": f"Collections chosen on BBMRI.be: {names}",
        "resources": [{"id": one.directory_id, "name": one.label} for one in collections],
    }


def _own_link(answer: dict[str, Any], collections: Sequence[Collection]) -> str:
    """Raises NotTakenError where it has none, or where it is not the Negotiator's own."""
    link = answer.get("redirectUrl")
    if not isinstance(link, str):
        said = printable(str(answer.get("detail") or answer.get("title") or "no redirectUrl"))
        log.warning("The Negotiator refused a request: %s", said[:LONGEST_REFUSAL])
        _find_unknown(said, collections)
        raise NotTakenError
    if not _is_own(link):
        log.warning("The Negotiator leads to another site: %s", printable(link)[:LONGEST_REFUSAL])
        raise ElsewhereError
    return link


def _find_unknown(said: str, collections: Sequence[Collection]) -> None:
    """Raises UnknownError where a refusal names a collection: by its id, as a word of its own."""
    words = {word.strip(".,;:'\"") for word in said.split()}
    for collection in collections:
        if collection.directory_id in words:
            raise UnknownError(collection)


def _is_own(link: str) -> bool:
    try:
        there, own = urlsplit(link), urlsplit(settings.NEGOTIATOR_URL)
    except ValueError:
        return False
    is_plain = link.isascii() and link.isprintable() and not {" ", "\\"} & set(link)
    is_same = there.netloc.lower() == own.netloc.lower() and there.scheme in {own.scheme, "https"}
    return is_plain and is_same and len(link) <= LONGEST_LINK
