"""A shortlist is handed to the Negotiator; whatever that answers, there is a way to ask."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import negotiator as handing_over
from members.models import BiobanksPage, Collection
from members.steps import forget_past_hours
from pages.models import NodePage
from tests import builders
from tests.directory import drip, redirect, send
from tests.negotiator import NegotiatorServer, negotiator_server
from visitors.networks import HourlyCount

ASK = "/en/biobanks/shortlist/ask/"
HERE = {"Sec-Fetch-Site": "same-origin"}
TOLD, ALSO, OWN = "bbmri-eric:ID:BE_1:collection:a", "bbmri-eric:ID:BE_1:collection:b", "bank/own"
CHOSEN = f"?c={TOLD}&c={ALSO}&c={OWN}"
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def made(module_db: Path) -> None:
    """Two collections that the Directory told, and one that it did not."""
    home = builders.home()
    builders.finder(home)
    NodePage.objects.filter(pk=home.pk).update(mailbox="node@bbmri.example")
    bank = builders.biobank("Bank", website="https://bank.example/")
    told: dict[str, Any] = {"source": "directory"}
    builders.collection(bank, directory_id=TOLD, name="Tumours <frozen>", **told)
    terms = "https://bank.example/terms"
    builders.collection(bank, directory_id=ALSO, name="Blood", access_url=terms, **told)
    builders.collection(bank, "own", name="Own")


@pytest.fixture
def negotiator(db: None, made: None, settings: Settings) -> Iterator[NegotiatorServer]:
    with negotiator_server() as server:
        settings.NEGOTIATOR_URL = server.url
        yield server


@pytest.fixture
def asks(client: Client) -> Ask:
    return lambda query=CHOSEN, **more: client.post(f"{ASK}{query}", headers=HERE, **more)


def text_of(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_what_is_chosen_is_handed_over_and_the_page_leads_on(
    negotiator: NegotiatorServer, asks: Ask
) -> None:
    negotiator.discovery_services = {"127.0.0.1"}
    response = asks()
    assert response.status_code == HTTPStatus.OK
    (request,) = negotiator.requests
    assert request == {
        "url": f"http://127.0.0.1:8000/en/biobanks/shortlist/?c={ALSO}&c={OWN}&c={TOLD}",
        "humanReadable": "Collections chosen on BBMRI.be: Blood (Bank); Tumours <frozen> (Bank)",
        "resources": [{"id": ALSO, "name": "Blood"}, {"id": TOLD, "name": "Tumours <frozen>"}],
    }
    text = text_of(response)
    assert re.search(
        rf'<a class="button away" href="{negotiator.url}requests/[-0-9a-f]{{36}}">', text
    )
    assert "Go on in the Negotiator" in text
    assert "<form method" not in text.partition("<main")[2], "it is handed over once"
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_what_the_negotiator_does_not_know_is_named_with_its_contact(
    negotiator: NegotiatorServer, client: Client
) -> None:
    text = " ".join(client.get(f"{ASK}{CHOSEN}").text.split())
    assert "Hand 2 collections to the Negotiator" in text
    others = text.partition("Not in the Negotiator</h2>")[2].partition("</section>")[0]
    assert "Own: <a" in others
    assert "https://bank.example/" in others
    assert "Tumours" not in others
    assert negotiator.requests == [], "reading asks nobody"


def test_there_is_a_text_with_ids_names_and_contacts(client: Client, made: None, db: None) -> None:
    text = client.get(f"{ASK}{CHOSEN}").text
    copied = text.partition("<textarea")[2].partition(">")[2].partition("</textarea")[0]
    for line in [
        "1. Blood", f"Directory id: {ALSO}", "Contact: https://bank.example/terms", "2. Own",
        "3. Tumours &lt;frozen&gt;", "Biobank: Bank", "Contact: https://bank.example/",
        f"http://127.0.0.1:8000/en/biobanks/shortlist/?c={ALSO}&amp;c={OWN}",
    ]:  # fmt: skip
        assert line in copied, line
    assert copied.count("Directory id:") == 2
    assert "node@" in text.partition("Whom to write to")[2]
    assert "Hand 2" not in text, "no address of a Negotiator is set"


def test_without_a_negotiator_nothing_is_asked(asks: Ask, made: None, db: None) -> None:
    response = asks()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "None of these collections can be handed" in text_of(response)
    assert HourlyCount.objects.count() == 0


@pytest.mark.parametrize("query", ["", f"?c={OWN}", "?c=x", "?c=bbmri-eric:ID:BE_9"])
def test_a_choice_of_nothing_it_knows_is_not_sent(
    negotiator: NegotiatorServer, asks: Ask, query: str
) -> None:
    assert asks(query).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert negotiator.requests == []


# What it may answer

Handler = BaseHTTPRequestHandler
ELSEWHERE = "a link to another site"
SILENT = "did not take your request over"


def says(body: object, **how: Any) -> Callable[[Handler, object], None]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda handler, _request: send(handler, content, **how)


FAULTS: dict[str, tuple[Callable[[Handler, object], None], str]] = {
    "refused": (says({"title": "Bad request.", "detail": "not found"}, status=400), SILENT),
    "problem": (says({}, status=400, content_type="application/problem+json"), SILENT),
    "forbidden": (says({}, status=403), SILENT),
    "too often": (says({}, status=429), SILENT),
    "broken": (says(b"<h1>Oops</h1>", status=500, content_type="text/html"), SILENT),
    "HTML": (says(b"<h1>Welcome</h1>", content_type="text/html"), SILENT),
    "HTML as JSON": (says(b"<h1>Welcome</h1>", status=201), SILENT),
    "a list": (says([], status=201), SILENT),
    "no link": (says({"id": "1"}, status=201), SILENT),
    "no text": (says({"redirectUrl": 7}, status=201), SILENT),
    "huge": (says({"redirectUrl": "x" * 600_000}, status=201), SILENT),
    "drip": (lambda handler, _request: drip(handler, seconds=6), SILENT),
    "another host's": (lambda handler, _r: redirect(handler, "http://x.example/", 307), SILENT),
    "in a circle": (lambda handler, _r: redirect(handler, handler.path, 307), SILENT),
    "elsewhere": (says({"redirectUrl": "https://x.example/requests/1"}, status=201), ELSEWHERE),
    "another port": (says({"redirectUrl": "http://127.0.0.1:1/requests/1"}, status=201), ELSEWHERE),
    "script": (says({"redirectUrl": "javascript:alert(1)"}, status=201), ELSEWHERE),
    "a path": (says({"redirectUrl": "/requests/1"}, status=201), ELSEWHERE),
    "no address": (says({"redirectUrl": "http://[x"}, status=201), ELSEWHERE),
    "empty": (says({"redirectUrl": ""}, status=201), ELSEWHERE),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_it_answers_a_text_is_there_to_send(
    negotiator: NegotiatorServer, asks: Ask, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "SECONDS", 1)
    answer, words = FAULTS[fault]
    negotiator.answer = answer
    began = time.monotonic()
    response = asks()
    assert time.monotonic() - began < 2
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    text = text_of(response)
    assert words in text
    assert "Go on in" not in text
    assert "<textarea" in text
    assert "Hand 2 collections" in text, "one may try again"
    assert not {"x.example", "javascript:alert"} & set(
        re.findall(r"x\.example|javascript:alert", text)
    )


def test_a_collection_that_it_lacks_is_named_and_can_be_taken_off(
    negotiator: NegotiatorServer, asks: Ask
) -> None:
    negotiator.unknown = {ALSO}
    response = asks()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    text = text_of(response)
    assert "does not know “Blood” yet" in text
    (off,) = re.findall(r'<a href="([^"]*)">Take off Blood</a>', text)
    assert off == f"?c={OWN}&c={TOLD}".replace(":", "%3A").replace("/", "%2F").replace("&", "&amp;")


def test_one_that_is_down_or_busy_is_said_so(
    negotiator: NegotiatorServer, asks: Ask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "BUSY_SECONDS", 0.01)
    with handing_over._one_at_a_time:  # as another thread would
        assert SILENT in text_of(asks())
    assert negotiator.requests == []
    settings.NEGOTIATOR_URL = "http://127.0.0.1:1/"
    assert SILENT in text_of(asks())


def test_a_link_to_itself_over_https_is_followed(negotiator: NegotiatorServer, asks: Ask) -> None:
    link = f"{negotiator.url.replace('http:', 'https:')}requests/1?x=1&y=2"
    negotiator.answer = says({"redirectUrl": link}, status=201)
    assert link.replace("&", "&amp;") in asks().content.decode()


# Who asks


def test_only_this_sites_own_page_may_send_it(negotiator: NegotiatorServer, client: Client) -> None:
    assert client.post(f"{ASK}{CHOSEN}").status_code == HTTPStatus.FORBIDDEN
    assert client.put(f"{ASK}{CHOSEN}").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert negotiator.requests == []


@pytest.mark.each_engine
def test_a_network_asks_so_often_an_hour(
    negotiator: NegotiatorServer, asks: Ask, settings: Settings
) -> None:
    settings.NEGOTIATOR_NETWORK_HOURLY = 2
    for _each in range(2):
        assert asks(REMOTE_ADDR="192.0.2.1").status_code == HTTPStatus.OK
    response = asks(REMOTE_ADDR="192.0.2.99")
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "asked too often within the hour" in text_of(response)
    assert asks(REMOTE_ADDR="198.51.100.1").status_code == HTTPStatus.OK
    assert len(negotiator.requests) == 3
    assert all("192.0" not in f"{row.key} {row}" for row in HourlyCount.objects.all())
    HourlyCount.objects.update(hour=timezone.now() - timedelta(hours=1))
    forget_past_hours(lambda: False).act()
    assert HourlyCount.objects.count() == 0
    assert asks(REMOTE_ADDR="192.0.2.1").status_code == HTTPStatus.OK


def test_numbers_of_before_lead_on_and_without_a_finder_there_is_nothing(
    client: Client, made: None, db: None
) -> None:
    row = Collection.objects.get(directory_id=TOLD)
    response = client.get(f"{ASK}?c={row.pk}")
    assert response.headers["Location"] == f"{ASK}?c={TOLD}"
    BiobanksPage.objects.all().unpublish()
    assert client.get(f"{ASK}{CHOSEN}").status_code == HTTPStatus.NOT_FOUND
