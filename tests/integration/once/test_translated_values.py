"""What a translator gives is looked at before it is kept: from the screen and from a PO file."""

import re
from collections.abc import Callable
from copy import deepcopy
from itertools import product
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail.documents.models import Document
from wagtail.users.models import UserProfile
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from pages.models import EventPage, NodePage
from pages.translating import drafts
from tests import builders
from tests.integration import four_languages as stage
from tests.unit.test_safe_links import HOSTILE

RICH = '<p>Read <a href="https://a.example/">these words</a></p>'


@pytest.fixture(scope="module")
def made(module_db: Path) -> Translation:
    home, dutch = builders.home(), stage.dutch()
    home.copy_for_translation(dutch).save_revision().publish()
    picture = {"image": builders.picture().pk, "alt_text": "Cold", "decorative": False}
    file = SimpleUploadedFile("a.pdf", b"%PDF")
    Document.objects.create(pk=9001, title="A", file=file)  # a key that nothing else has
    document = {"type": "item", "value": 9001, "id": "1"}
    body = [
        {"type": "paragraph", "value": RICH},
        {"type": "picture", "value": {"image": picture, "caption": ""}},
        {"type": "downloads", "value": [document]},
        {"type": "embed", "value": {"label": "A", "page": home.pk, "url": "", "text": "B"}},
        {"type": "embed", "value": {"label": "A", "url": "https://b.example/", "text": "B"}},
    ]
    event = builders.event(home, registration_url="https://c.example/", body=body)
    return stage.begun(event, User.objects.create_superuser("everybody"))


@pytest.fixture
def translation(db: None, made: Translation) -> Translation:
    """Of an event whose links, picture and document may be others in Dutch."""
    return deepcopy(made)


def segment(translation: Translation, value: object) -> OverridableSegment:
    of_it = OverridableSegment.objects.filter(source=translation.source)
    return next(one for one in of_it if one.data == value)


def put(
    client: Client, translation: Translation, piece: OverridableSegment | StringSegment, **sent: str
) -> tuple[int, str]:
    kind = "strings" if isinstance(piece, StringSegment) else "overrides"
    address = f"/admin/localize/translate/{translation.pk}/{kind}/{piece.pk}/edit/"
    answer = client.put(address, encode_multipart(BOUNDARY, sent), MULTIPART_CONTENT)
    return answer.status_code, answer.text


LINKS = ["https://a.example/", "https://b.example/", "https://c.example/"]


@pytest.mark.parametrize("who", ["publisher", "translator"])
def test_a_hostile_link_is_refused_with_a_sentence(
    publishing: Client, translation: Translation, who: str
) -> None:
    if who == "translator":
        publishing.force_login(stage.translator())
    for original in LINKS:
        piece = segment(translation, original)
        for value in HOSTILE:
            status, said = put(publishing, translation, piece, value=value)
            assert (status, said[-1:]) == (400, "."), (original, value)
    assert not SegmentOverride.objects.exists()


def test_another_link_is_kept_and_its_page_shows_it(
    publishing: Client, translation: Translation, publisher: User
) -> None:
    for original in LINKS:
        piece = segment(translation, original)
        given = original.replace(".example/", ".example/nl/?a=1")
        assert put(publishing, translation, piece, value=given)[0] == 201
    stage.translate(translation)
    words = StringTranslation.objects.filter(translation_of__data__contains="<a")
    words.update(data='Lees <a id="a1">dit</a>')
    drafts.make(translation, publisher).publish()
    page = EventPage.objects.get(locale=translation.target_locale)
    drawn = Client().get(page.url).text
    for original in LINKS:
        assert original.replace(".example/", ".example/nl/?a=1") in drawn
        assert f'href="{original}"' not in drawn


def test_the_sentence_is_in_the_editors_language(
    publishing: Client, translation: Translation
) -> None:
    user_id = publishing.session["_auth_user_id"]
    UserProfile.objects.update_or_create(user_id=user_id, defaults={"preferred_language": "nl"})
    piece = segment(translation, LINKS[0])
    _status, said = put(publishing, translation, piece, value="javascript:alert(1)")
    assert said.startswith("Een link leidt naar")


CHOICES: dict[str, Callable[[NodePage], object]] = {
    "page": lambda home: home.pk,
    "picture": lambda _home: builders.Picture.objects.get().pk,
    "document": lambda _home: Document.objects.get().pk,
}


NOTHING = ("0", "-1", "99999", "9" * 30, "x", "1.0", "", "٣", "null", "[1]", "javascript:x")


@pytest.mark.parametrize("kind", CHOICES)
def test_only_a_choice_of_what_there_is_is_kept(
    publishing: Client, home: NodePage, translation: Translation, kind: str
) -> None:
    own = CHOICES[kind](home)
    piece = segment(translation, own)
    for value in NOTHING:
        assert put(publishing, translation, piece, value=value)[0] == 400, value
    assert not SegmentOverride.objects.exists()
    assert put(publishing, translation, piece, value=str(own))[0] == 201


BAD_FORMS: list[dict[str, str]] = [{}, {"other": "x"}, {"value": "https://x.be", "locale": "1"}]


BODIES = (b"", b"\xff", b"{}", b"--x\r\n", b"value=%00")
TYPES = (
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
)


@pytest.mark.parametrize("kind", ["override", "string"])
def test_a_form_without_its_value_or_with_more_is_refused(
    publishing: Client, translation: Translation, kind: str
) -> None:
    words = StringSegment.objects.filter(source=translation.source).first()
    piece = words if kind == "string" else segment(translation, LINKS[0])
    for sent in BAD_FORMS:
        said = "One value is wanted, and nothing else."
        assert put(publishing, translation, piece, **sent) == (400, said)
    address = f"/admin/localize/translate/{translation.pk}/{kind}s/{piece.pk}/edit/"
    for body, content_type in product(BODIES, TYPES):
        answer = publishing.put(address, body, content_type)
        assert 400 <= answer.status_code < 500, (body, content_type)
    assert not SegmentOverride.objects.exists()
    assert not StringTranslation.objects.exists()


HOSTILE_WORDS = [
    "x" * 100_000,
    "a\0b",
    "a\x08b",
    "a\x1b[1m",
    '<a href="javascript:alert(1)">words</a>',
    '<a href="data:text/html,x">words</a>',
    '<a id="a1" href="//evil.example">words</a>',
]


def test_hostile_words_are_refused(publishing: Client, translation: Translation) -> None:
    piece = StringSegment.objects.filter(source=translation.source).first()
    for words in HOSTILE_WORDS:
        status, said = put(publishing, translation, piece, value=words)
        assert (status, said[-1:]) == (400, "."), words
    assert not StringTranslation.objects.exists()


def test_an_endless_or_unprintable_override_is_refused(
    publishing: Client, translation: Translation
) -> None:
    piece = segment(translation, LINKS[0])
    for value in ("x" * 100_000, "a\0b", f"https://x.be/{'y' * 100_000}"):
        assert put(publishing, translation, piece, value=value)[0] == 400
    assert not SegmentOverride.objects.exists()


def test_words_with_their_link_are_kept(publishing: Client, translation: Translation) -> None:
    pieces = StringSegment.objects.filter(source=translation.source)
    piece = next(one for one in pieces if "<a" in one.string.data)
    status, _said = put(publishing, translation, piece, value='Lees <a id="a1">dit</a>\nnu.')
    assert status == 201


def test_foreign_numbers_are_not_found(publishing: Client, translation: Translation) -> None:
    body = encode_multipart(BOUNDARY, {"value": "https://x.be"})
    foreign = (0, 99999, 10**18, 10**30)
    pairs = [*((translation.pk, one) for one in foreign), *((one, 1) for one in foreign)]
    for (first, second), kind in product(pairs, ("overrides", "strings")):
        address = f"/admin/localize/translate/{first}/{kind}/{second}/edit/"
        assert publishing.put(address, body, MULTIPART_CONTENT).status_code == 404
        assert publishing.delete(address).status_code == 404


def test_a_piece_of_another_page_is_not_found(
    publishing: Client, home: NodePage, translation: Translation
) -> None:
    other = builders.event(home, "Another", registration_url="https://d.example/")
    source, _made = TranslationSource.get_or_create_from_instance(other)
    piece = OverridableSegment.objects.filter(source=source).first()
    assert put(publishing, translation, piece, value="https://x.be")[0] == 404


def catalogue(translation: Translation, words: str) -> bytes:
    po = translation.export_po()
    for entry in po:
        entry.msgstr = words
    return str(po).encode()


def upload(client: Client, translation: Translation, content: bytes) -> tuple[int, str]:
    """With the sentence of the page that refuses."""
    file = SimpleUploadedFile("nl.po", content)
    address = f"/admin/localize/translate/{translation.pk}/pofile/upload/"
    answer = client.post(address, {"file": file, "next": "/admin/"})
    return answer.status_code, "".join(re.findall(r"<p>([^<]+)</p>", answer.text))


def test_a_po_file_with_hostile_words_is_refused(
    publishing: Client, translation: Translation
) -> None:
    for words in HOSTILE_WORDS:
        status, said = upload(publishing, translation, catalogue(translation, words))
        assert (status, said[-1:]) == (400, "."), words
    assert not StringTranslation.objects.exists()


NO_PO = (b"", b"\xff\xfe", b"msgid", b'msgid ""\nmsgstr ""\n', b"/etc/passwd", b"x" * 3_000_000)


def test_what_is_no_po_file_is_refused(publishing: Client, translation: Translation) -> None:
    for content in NO_PO:
        assert upload(publishing, translation, content)[0] == 400, content[:20]
    address = f"/admin/localize/translate/{translation.pk}/pofile/upload/"
    assert publishing.post(address, {}).status_code == 400


def test_a_po_file_is_taken(publishing: Client, translation: Translation) -> None:
    assert upload(publishing, translation, catalogue(translation, "Woorden"))[0] == 302
    assert StringTranslation.objects.filter(data="Woorden").exists()
