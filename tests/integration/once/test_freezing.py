"""What is frozen is what goes out; what must not go out is refused, by name."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils.translation import override
from pytest_django.fixtures import Settings
from wagtail.models import Locale

from newsletter.issues.composing import compose
from newsletter.issues.freezing import CannotFreeze, Frozen, freeze, picture_seen
from newsletter.models import NewsletterIssuePage
from newsletter.personal import MANAGE_LINK, UNSUBSCRIBE_LINK, inert
from newsletter.proofreading import checks
from pages.models import NewsPage, NodePage
from tests import builders
from tests.integration.issue_blocks import block, every_block, picture_block, text

EVIL = "<script>alert(1)</script>{{ settings.SECRET_KEY }}{% load i18n %}"


def frozen(home: NodePage, *body: dict[str, Any], **fields: Any) -> Frozen:
    about: dict[str, Any] = {"body": list(body)} if body else {}
    return freeze(builders.issue(home, **about, **fields).latest_revision)


def refused(home: NodePage, *body: dict[str, Any], **fields: Any) -> list[str]:
    with pytest.raises(CannotFreeze) as refusal:
        frozen(home, *body, **fields)
    return refusal.value.problems


def test_every_block_stands_in_both_parts(home: NodePage) -> None:
    mail = frozen(home, *every_block(home), summary="What the quarter brought.")
    for words in [
        "What the quarter brought.", "From the node", "the opening", "ERIC", "A biobank opened",
        "It has freezers.", "Open day", "Ghent", "A cold place", "In Ghent", "Open the Directory",
        "We share.", "A. Person", "Cancer Registry", "Rue Royale 215",
    ]:  # fmt: skip
        assert words in mail.html, words
        assert words in mail.text, words
    assert "http://127.0.0.1:8000/en/news/a-biobank-opened/" in mail.text
    assert "1. One ERIC\n   https://www.bbmri-eric.eu\n" in mail.text
    assert max(map(len, mail.text.splitlines())) <= 72


def test_the_mail_loads_only_its_own_pictures(home: NodePage, media: Path) -> None:
    mail = frozen(home, *every_block(home))
    pictures = list((media / "images" / "mail").iterdir())
    assert [picture.suffix for picture in pictures] == [".jpg"]
    assert mail.html.count("<img") == 1
    assert f'src="http://127.0.0.1:8000/media/images/mail/{pictures[0].name}"' in mail.html
    assert not checks.of_mail(mail.html, mail.text)


def test_a_later_edit_changes_nothing(home: NodePage, media: Path) -> None:
    picture = builders.picture()
    page = builders.issue(home, body=[picture_block(picture)])
    before = freeze(page.latest_revision)
    revision = page.latest_revision
    page.subject = "Something else"
    page.save_revision().publish()
    assert freeze(revision) == before
    assert freeze(revision).sha256 == before.sha256 != freeze(page.latest_revision).sha256
    picture.delete()
    assert len(list((media / "images" / "mail").iterdir())) == 1


def test_the_same_picture_is_kept_once(home: NodePage, media: Path) -> None:
    page = builders.issue(home, body=[picture_block(builders.picture())])
    freeze(page.latest_revision)
    freeze(page.latest_revision)
    assert len(list((media / "images" / "mail").iterdir())) == 1


@pytest.mark.parametrize("lost", ["original", "folder"])
def test_a_picture_missing_on_disk_is_named(home: NodePage, lost: str) -> None:
    picture = builders.picture("The blue freezer")
    page = builders.issue(home, body=[text("So."), picture_block(picture)])
    if lost == "original":
        Path(picture.file.path).unlink()
    else:
        for file in Path(picture.file.path).parents[1].rglob("*.*"):
            file.unlink()
    with pytest.raises(CannotFreeze) as refusal:
        freeze(page.latest_revision)
    assert any(
        "Block 2 (Picture)" in said and "The blue freezer" in said
        for said in refusal.value.problems
    )


def test_a_lost_size_is_made_anew(home: NodePage) -> None:
    picture = builders.picture()
    for rendition in picture.renditions.all():
        Path(rendition.file.path).unlink()
    assert "images/mail/" in frozen(home, picture_block(picture)).html


def test_a_picture_says_what_it_shows_or_that_it_only_decorates(home: NodePage) -> None:
    picture = builders.picture("Freezers")
    silent = refused(home, picture_block(picture, alt_text=""))
    assert silent == [
        "Block 1 (Picture): say what the picture “Freezers” shows, or tick that it only decorates."
    ]


@pytest.mark.parametrize("title", ["News {{date}}", "To to@reader.invalid"])
def test_a_mark_in_the_head_of_an_issue_is_refused(home: NodePage, title: str) -> None:
    assert any("take it out" in line for line in refused(home, title=title))


def test_a_picture_is_as_large_as_it_loads_quickly(
    home: NodePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = builders.large_picture("Freezers")
    small, large = (file for file, _width, _height in picture.sizes["wide"]["jpeg"])
    weights = {small: 120_000, large: 300_000}
    monkeypatch.setattr(default_storage, "size", weights.get)
    copy = re.findall(r"images/mail/[^\"]*", frozen(home, picture_block(picture)).html)[0]
    assert default_storage.open(copy).read() == default_storage.open(small).read()
    weights[small] = 250_000
    assert any("250 kB" in line for line in refused(home, picture_block(picture), title="Then"))


def test_a_decoration_has_an_empty_alternative(home: NodePage) -> None:
    mail = frozen(home, picture_block(builders.picture(), alt_text="", decorative=True))
    assert 'alt=""' in mail.html
    assert "[Picture" not in mail.text


@pytest.mark.parametrize("kind", ["news", "events"])
def test_an_unpublished_teaser_is_named(home: NodePage, kind: str) -> None:
    make = builders.news if kind == "news" else builders.event
    page = make(home, "Not out yet")
    page.unpublish()
    said = refused(home, block(kind, [page.pk]))
    assert said == [f"Block 1 ({kind.capitalize()}): “Not out yet” is not published."]


def test_a_link_to_a_hidden_page_is_named(home: NodePage) -> None:
    hidden = builders.text_page(home, "Hidden")
    hidden.unpublish()
    said = refused(home, text(f'<a linktype="page" id="{hidden.pk}">our text</a>'))
    assert said == ["Block 1 (Text): the link “our text” leads to no page visitors may see."]
    button = {"label": "Go there", "page": hidden.pk, "url": ""}
    assert any("“Go there”" in line for line in refused(home, block("button", button), title="B"))


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ('<a href="https://a.example">click here</a>', "does not say where"),
        ('<a href="https://a.example">hier</a>', "does not say where"),
        ('<a href="#part">the part</a>', "give a full web or mail address"),
        ('<a href="https://a.example">→</a>', "does not say where"),
        ('<a href="https://a.example">En savoir plus \u203a</a>', "does not say where"),
        ('<a href="tel:the-desk">call us</a>', "give a full web or mail address"),
        (f'<a href="https://a.example/{"x" * 900}">our form</a>', "“our form” has 918 characters"),
        ("Dear *|FNAME|*", "“*|FNAME|*” is filled in by other programs"),
        ("Dear {{ name }}", "“{{ name }}” is filled in by other programs"),
        ('<a href="https://a.example/?e=%%email%%">our form</a>', "“%%email%%” is filled in"),
        ('<a href="javascript:alert(1)">our offer</a>', "leads to no page visitors may see"),
        (MANAGE_LINK, "take it out"),
        (UNSUBSCRIBE_LINK, "take it out"),
        ("Written on {{date}}", "take it out"),
        ("{{one-click-link}}", "take it out"),
        ('<a href="mailto:to@reader.invalid">write to us</a>', "take it out"),
        ("&lt;message@reader.invalid&gt;", "take it out"),
        ("x" * 400, "too long for a word"),
    ],
)
def test_what_a_reader_could_not_use_is_refused(home: NodePage, link: str, reason: str) -> None:
    assert any(
        line.startswith("Block 1 (Text): ") and reason in line for line in refused(home, text(link))
    )


def test_a_telephone_is_a_place_to_lead_to(home: NodePage) -> None:
    mail = frozen(home, text('<a href="tel:+32-2-123-45-67">call the desk</a>'))
    assert 'href="tel:+32-2-123-45-67"' in mail.html
    assert "call the desk\n+32-2-123-45-67\n" in mail.text


def test_what_looks_like_code_is_named_and_never_run(home: NodePage, settings: Settings) -> None:
    quote = block("quote", {"text": EVIL, "attribution": EVIL})
    body = [block("heading", EVIL[:90]), quote]
    page = builders.issue(home, body=body, title="T" + EVIL, summary=EVIL)
    mail = compose(page, picture_seen)
    assert any("“{% load i18n %}” is filled in" in str(problem) for problem in mail.problems)
    assert "<script" not in mail.html
    assert "{{ settings.SECRET_KEY }}" in mail.html
    assert settings.SECRET_KEY not in mail.html + mail.text
    copy = inert(mail.html)
    assert "{{ settings.SECRET_KEY }}" in copy


def test_script_in_rich_text_stays_out(home: NodePage) -> None:
    words = "<p>Hello<script>alert(1)</script><iframe src='https://x.example'></iframe></p>"
    try:
        mail = frozen(home, block("text", words))
    except CannotFreeze:
        return
    assert "<script" not in mail.html
    assert "<iframe" not in mail.html


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@example.org", "", "   "])
def test_a_subject_is_one_line(home: NodePage, subject: str) -> None:
    page = builders.issue(home)
    page.subject = subject
    with pytest.raises(CannotFreeze):
        freeze(page.save_revision(clean=False))


def test_an_issue_that_would_be_cut_off_is_refused(home: NodePage) -> None:
    many = [text("A freezer was moved to another room today. " * 30) for _number in range(70)]
    assert any("would be cut off" in line for line in refused(home, *many))


def test_an_empty_issue_and_a_sender_without_address_are_refused(home: NodePage) -> None:
    page = builders.issue(home, body=[])
    home.host_address = ""
    home.save_revision().publish()
    with pytest.raises(CannotFreeze) as refusal:
        freeze(page.latest_revision)
    assert len(refusal.value.problems) == 2


def test_what_a_mail_is_written_in_stands_first(home: NodePage) -> None:
    html = frozen(home, *every_block(home)).html
    assert '<head><meta charset="utf-8">' in html[:200], "browsers look at 1,024 bytes"
    assert html.count("charset=") == 1


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_a_mail_speaks_its_language_and_its_problems_the_editors(
    home: NodePage, language: str
) -> None:
    locale = Locale.objects.create(language_code=language)
    builders.issue(home)
    there = home.copy_for_translation(locale)
    there.save_revision().publish()
    news = builders.news(home, "A biobank opened")
    translated = news.get_translation(locale)
    translated.title, translated.alias_of = "Vertaald", None
    translated.save_revision().publish()
    page = builders.issue(there, body=[block("news", [news.pk])])
    with override("en"):
        mail = freeze(page.latest_revision)
    assert f'<html lang="{language}"' in mail.html
    assert "Vertaald" in mail.html
    assert f"/{language}/" in mail.text
    for shown in (translated, news):
        NewsPage.objects.get(pk=shown.pk).unpublish()
    with override("en"), pytest.raises(CannotFreeze) as refusal:
        freeze(page.latest_revision)
    assert "is not published" in refusal.value.problems[0]


def test_an_issue_can_name_an_earlier_one_but_not_one_that_waits(home: NodePage) -> None:
    earlier = builders.issue(home, "Earlier")
    link = text(f'<a linktype="page" id="{earlier.pk}">the earlier issue</a>')
    assert any("leads to no page" in line for line in refused(home, link, title="Now"))
    builders.begun(earlier)
    assert "/en/newsletter/issues/earlier/" in frozen(home, link, title="Then").html
    assert NewsletterIssuePage.sent().count() == 1


def test_a_french_mail_is_set_as_french_is(home: NodePage) -> None:
    builders.issue(home)
    french = home.copy_for_translation(Locale.objects.create(language_code="fr"))
    french.save_revision().publish()
    quote = block("quote", {"text": "Il fait froid.", "attribution": ""})
    text_part = frozen(french, quote).text
    assert "«\u00a0Il fait froid.\u00a0»" in text_part
    assert "Se désabonner de la lettre d\u2019information\u00a0:" in text_part
