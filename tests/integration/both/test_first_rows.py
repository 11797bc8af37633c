"""The newsletter has its text and topics from the start, word for word, and once."""

import pytest
from django.conf import settings

from newsletter import first_rows
from newsletter.models import ConsentText, Topic
from tests import builders

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SENTENCE = (
    "I give permission for BBMRI-ERIC to send me their newsletter and emails about subjects which "
    "they think may be of interest to me. I can unsubscribe from all emails at any time. I "
    "understand that my information will be processed according to BBMRI-ERIC's privacy notice."
)


def test_the_english_text_is_word_for_word(db: None) -> None:
    first_rows.load()
    text = ConsentText.objects.get(language="en")
    assert (text.text, text.version, text.material) == (SENTENCE, 1, True)
    assert (text.link_text, text.controller) == ("privacy notice", "BBMRI-ERIC")
    assert text.notice_url == f"{settings.SITE_URL}/en/privacy/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_text_with_the_link_once(db: None, language: str) -> None:
    first_rows.load()
    text = ConsentText.objects.get(language=language)
    text.full_clean(exclude=["notice_url"])  # tests' own address has no name
    assert text.text.count(text.link_text) == 1
    assert all(text.pieces)
    assert text.text.count("BBMRI-ERIC") >= 2


def test_every_topic_has_a_name_in_every_language(db: None) -> None:
    first_rows.load()
    assert [topic.slug for topic in Topic.objects.all()] == ["newsletter", "events"]
    for topic in Topic.objects.all():
        assert {label.language for label in topic.labels.all()} == set(LANGUAGES)


def test_what_is_there_is_left_as_it_is(db: None) -> None:
    first_rows.load()
    first_rows.load()
    assert ConsentText.objects.count() == len(LANGUAGES)
    assert Topic.objects.count() == 2


def test_a_site_with_texts_and_topics_of_its_own_keeps_them(db: None) -> None:
    builders.consent_text()
    builders.topic("of-its-own")
    first_rows.load()
    assert ConsentText.objects.get().text == builders.CONSENT
    assert Topic.objects.get().slug == "of-its-own"
