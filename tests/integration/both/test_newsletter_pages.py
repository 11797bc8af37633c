"""Signing up: the form, its mistakes, and what is kept of a good one."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from newsletter.models import LinkRequest, SignUp
from pages.models import NodePage
from tests import builders

HERE = {"Sec-Fetch-Site": "same-origin"}
GOOD = {"email": "Ada.Peeters@example.org", "consent": "on"}
CHECK_MAIL = "/en/newsletter/check-your-mail/"


@pytest.fixture
def offer(home: NodePage) -> None:
    """A wording in English and two topics."""
    builders.consent_text()
    builders.topic("newsletter")
    builders.topic("events", position=1)


def send(client: Client, form: Any, language: str = "en", **headers: str) -> Any:  # noqa: ANN401  the test client's answer
    return client.post(f"/{language}/newsletter/", form, headers=HERE | headers)


def test_the_form_asks_for_little_and_ticks_nothing(client: Client, offer: None) -> None:
    page = client.get("/en/newsletter/").text
    assert '<input type="email" name="email" autocomplete="email"' in page
    assert ">privacy notice</a>, as" not in page
    sentence = (
        'I agree to get mail, as the <a class="away" href="https://www.bbmri.example/privacy/">'
    )
    assert sentence in " ".join(page.split())
    assert page.count('type="checkbox"') == 3, "two topics and the consent"
    assert " checked" not in page
    assert "novalidate" in page
    assert "csrfmiddlewaretoken" not in page


@pytest.mark.parametrize("address", ["/en/", "/en/news/", "/en/news/a-freezer-was-moved/"])
def test_home_and_news_have_the_form_too(client: Client, home: NodePage, address: str) -> None:
    builders.news(home)
    assert 'action="/en/newsletter/"' not in client.get(address).text, "nothing to agree to yet"
    builders.consent_text()
    assert 'action="/en/newsletter/"' in client.get(address).text


def test_a_good_sign_up_is_one_row_and_leads_to_the_mail(client: Client, offer: None) -> None:
    response = send(client, GOOD, referer="http://testserver/en/news/?page=2")
    assert (response.status_code, response.headers["Location"]) == (303, CHECK_MAIL)
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    row = SignUp.objects.get()
    assert (row.address, row.language, row.page) == (GOOD["email"], "en", "/en/news/")
    assert row.topics == ["events", "newsletter"], "none ticked: all"
    assert (row.state, row.consent_text.version) == ("waiting", 1)
    assert client.get(CHECK_MAIL).status_code == HTTPStatus.OK


def test_chosen_topics_and_the_language_of_the_page_are_kept(client: Client, offer: None) -> None:
    response = send(client, GOOD | {"topics": ["events"]}, "nl")
    assert response.headers["Location"] == "/nl/newsletter/check-your-mail/"
    row = SignUp.objects.get()
    assert (row.topics, row.language, row.page) == (["events"], "nl", "/nl/newsletter/")
    assert row.consent_text.language == "en", "the only one there is"


def test_a_sign_up_is_one_insert_and_no_question(client: Client, offer: None) -> None:
    builders.subscriber("known@example.org")
    send(client, GOOD)  # reads the offer, which is kept from then on
    for address in ("known@example.org", "new@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            send(client, GOOD | {"email": address})
        assert [query["sql"].split()[0] for query in asked] == ["INSERT"]


def test_known_and_unknown_addresses_are_answered_alike(client: Client, offer: None) -> None:
    builders.subscriber("known@example.org")
    answers = [
        send(client, GOOD | {"email": each}) for each in ("known@example.org", "new@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers.items() == answers[1].headers.items()
    assert answers[0].content == answers[1].content


def test_a_program_that_fills_in_everything_is_told_the_same(client: Client, offer: None) -> None:
    response = send(client, GOOD | {"website": "https://spam.example"})
    assert (response.status_code, response.headers["Location"]) == (303, CHECK_MAIL)
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "   ",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "a b@example.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org\n",
        "ada\u202e@example.org",
        "ada\u200b@example.org",
        "ada@exam\u2066ple.org",
        "ada\ud7ff\ufffd@example.org",
        '"ada"@example.org',
        "ädä@example.org",
        "noreply@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 10_000 + ".org",
        "a@" + "b." * 5_000 + "org",
    ],
)
def test_a_bad_address_is_refused_and_nothing_kept(
    client: Client, offer: None, address: str
) -> None:
    response = send(client, GOOD | {"email": address})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not SignUp.objects.exists()


def test_a_nul_is_refused(client: Client, offer: None) -> None:
    assert send(client, GOOD | {"email": "ada\0@example.org"}).status_code == 400
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"consent": ""},
        {"consent": "false"},
        {"email": ["ada@example.org", "eve@example.org"]},
        {"consent": ["on", "on"]},
        {"topics": ["events", "nonsense"]},
        {"topics": ["' OR 1=1"]},
        {"wording": "7.en"},
    ],
)
def test_other_mistakes_are_refused_too(
    client: Client, offer: None, change: dict[str, Any]
) -> None:
    response = send(client, GOOD | change)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'class="mistakes"' in response.text
    assert not SignUp.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"email": "ada@example.org", "consent": true}', "application/json"),
        ("email=ada@example.org&consent=on", "text/plain"),
        ("email[]=ada@example.org&consent=on", "application/x-www-form-urlencoded"),
        ("<email>ada@example.org</email>", "application/xml"),
        ("", "application/x-www-form-urlencoded"),
    ],
)
def test_another_kind_of_body_is_refused(client: Client, offer: None, body: str, kind: str) -> None:
    response = client.post("/en/newsletter/", body, content_type=kind, headers=HERE)
    assert 400 <= response.status_code < 500
    assert not SignUp.objects.exists()


def test_a_file_is_no_address(client: Client, offer: None) -> None:
    file = SimpleUploadedFile("ada@example.org", b"x")
    assert send(client, {"email": file, "consent": "on"}).status_code == 422
    assert not SignUp.objects.exists()


def test_a_mistake_of_a_field_nobody_sees_is_told_at_one_that_is_seen(
    client: Client, offer: None
) -> None:
    page = send(client, GOOD | {"wording": ["1.en", "1.en"]}).text
    assert 'href="#newsletter-consent"' in page
    assert 'href="#newsletter-wording"' not in page


def test_mistakes_are_named_and_what_was_typed_stays(client: Client, offer: None) -> None:
    typed = '"><script>alert(1)</script>'
    page = send(client, {"email": typed, "consent": "on", "topics": ["events"]}).text
    assert '<a href="#newsletter-email">' in page
    assert 'aria-describedby="newsletter-email_error"' in page
    assert 'id="newsletter-email_error"' in page
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count(" checked") == 1, "the topic; never the consent"
    assert "Mistake:" in page.split("</title>")[0]
    assert "autofocus" in page


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
@pytest.mark.parametrize("path", ["", "send-my-link/"])
def test_a_form_from_another_site_is_refused(
    offer: None, path: str, headers: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"/en/newsletter/{path}", GOOD, headers=headers)
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not SignUp.objects.exists()
    assert not LinkRequest.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "options", "patch"])
def test_no_other_method_is_taken(client: Client, offer: None, method: str) -> None:
    for path in ("", "check-your-mail/", "send-my-link/"):
        response = getattr(client, method)(f"/en/newsletter/{path}", headers=HERE)
        assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_without_a_wording_sign_up_is_closed(client: Client, home: NodePage) -> None:
    assert '<form class="fill-in"' not in client.get("/en/newsletter/").text
    response = send(client, GOOD)
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert not SignUp.objects.exists()


def test_only_the_newest_wording_is_offered(client: Client, offer: None) -> None:
    builders.consent_text("nl", 1, text="Ik zeg ja, zie privacy notice.")
    builders.consent_text("en", 2, text="I say yes, see privacy notice.")
    assert "I say yes" in client.get("/en/newsletter/").text
    dutch = client.get("/nl/newsletter/").text
    assert '<div class="tick" lang="en">' in dutch, "the new one is not in Dutch"
    assert "Ik zeg ja" not in dutch


def test_the_network_is_a_hash_behind_the_trusted_proxies(
    client: Client, offer: None, settings: Settings
) -> None:
    def network(address: str, forwarded: str, hops: int) -> str:
        settings.TRUSTED_PROXY_HOPS = hops
        headers = HERE | {"X-Forwarded-For": forwarded}
        client.post("/en/newsletter/", GOOD, headers=headers, REMOTE_ADDR=address)
        return SignUp.objects.latest("pk").network

    direct = network("192.0.2.7", "", 0)
    assert len(direct) == 64
    assert network("192.0.2.200", "", 0) == direct, "of one /24"
    assert network("192.0.3.7", "", 0) != direct
    assert network("192.0.2.7", "203.0.113.1", 0) == direct, "nobody asked the proxy"
    assert network("10.0.0.1", "203.0.113.1, 192.0.2.9", 1) == direct
    assert network("10.0.0.1", "203.0.113.1, 192.0.2.9, 10.0.0.2", 2) == direct
    assert network("10.0.0.1", "192.0.2.9", 3) == direct
    assert network("10.0.0.1", "::ffff:192.0.2.9", 1) == direct
    assert network("10.0.0.1", "192.0.2.9:50123", 1) == direct
    six = network("2001:db8:1:2::3", "", 0)
    assert network("2001:db8:1:ffff::4", "", 0) == six, "of one /48"
    assert network("10.0.0.1", "[2001:db8:1:2::9]:50123", 1) == six
    assert network("nonsense", "", 0) == ""


def test_asking_for_the_link_is_one_row_whatever_the_address(client: Client, offer: None) -> None:
    builders.subscriber("known@example.org")
    for address in ("known@example.org", "new@example.org"):
        with CaptureQueriesContext(connection) as asked:
            response = client.post("/en/newsletter/send-my-link/", {"email": address}, headers=HERE)
        assert (response.status_code, response.headers["Location"]) == (303, CHECK_MAIL)
        assert [query["sql"].split()[0] for query in asked] == ["INSERT"]
    assert LinkRequest.objects.count() == 2


def test_asking_for_the_link_says_what_is_wrong(client: Client, offer: None) -> None:
    response = client.post("/en/newsletter/send-my-link/", {"email": "ada"}, headers=HERE)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This is not an e-mail address" in response.text
    assert not LinkRequest.objects.exists()


def test_the_form_is_kept_and_the_same_for_all(client: Client, offer: None, keeping: None) -> None:
    first = client.get("/en/newsletter/")
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/en/newsletter/").content == first.content
    assert not asked
