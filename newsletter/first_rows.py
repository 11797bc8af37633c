"""The first consent text and the first topics, from a file, into a site that has none."""

import tomllib
from typing import Any

from django.conf import settings
from django.db import transaction

from newsletter.models import ConsentText, Topic, TopicLabel
from pages.releases import rows

FILE = settings.BASE_DIR / "initial_content" / "_newsletter.toml"


@transaction.atomic
def load(**_signal: Any) -> None:
    """Each where there is none of its kind: what is there belongs to the editors."""
    if not ConsentText.last_version():
        ConsentText.publish(_texts(), material=True)
    if not Topic.objects.exists():
        for position, names in enumerate(_read()["topics"]):
            _make_topic(position, names)


def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _texts() -> dict[str, dict[str, str]]:
    rows = _read()
    more = {"controller": rows["controller"]}
    return {
        language: text | more | {"notice_url": f"{settings.SITE_URL}/{language}/privacy/"}
        for language, text in rows["texts"].items()
    }


def texts_of_release() -> dict[str, str]:
    """The words of the consent texts, by language; whose address leads where is the site's."""
    return {language: _said(ConsentText(**text)) for language, text in _texts().items()}


def texts_now() -> dict[str, str]:
    last = ConsentText.objects.filter(version=ConsentText.last_version())
    return {text.language: _said(text) for text in last}


def _said(text: ConsentText) -> str:
    return "\n".join((text.text, text.link_text, text.controller, text.purposes))


def topics_of_release() -> dict[str, str]:
    """The names of the topics: `events/nl`."""
    return {
        f"{names['slug']}/{language}": name
        for names in _read()["topics"]
        for language, name in names.items()
        if language != "slug"
    }


def topics_now() -> dict[str, str]:
    labels = TopicLabel.objects.values_list("topic__slug", "language", "name")
    return {f"{slug}/{language}": name for slug, language, name in labels}


def name_topic(key: str, name: str) -> None:
    """In one language; a topic that is not there is made, behind the others."""
    slug, _slash, language = key.partition("/")
    topic, _made = Topic.objects.get_or_create(
        slug=slug, defaults={"position": Topic.objects.count()}
    )
    languages = [code for code, _name in settings.LANGUAGES]
    TopicLabel.objects.update_or_create(
        topic=topic,
        language=language,
        defaults={"name": name, "sort_order": languages.index(language)},
    )


KINDS = {
    "newsletter.consent_texts": rows.Kind(
        ConsentText,
        "newsletter.add_consenttext",
        "consent_texts:index",
        texts_of_release,
        texts_now,
    ),
    "newsletter.topics": rows.Kind(
        Topic,
        "newsletter.change_topic",
        "newsletter_topics:index",
        topics_of_release,
        topics_now,
        name_topic,
    ),
}


def _make_topic(position: int, names: dict[str, str]) -> None:
    topic = Topic.objects.create(slug=names.pop("slug"), position=position)
    for order, (language, name) in enumerate(names.items()):
        TopicLabel.objects.create(topic=topic, language=language, name=name, sort_order=order)
