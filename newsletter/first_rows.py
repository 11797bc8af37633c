"""The first consent text and the first topics, from a file, into a site that has none."""

import tomllib
from typing import Any

from django.conf import settings
from django.db import transaction

from newsletter.models import ConsentText, Topic, TopicLabel

FILE = settings.BASE_DIR / "initial_content" / "_newsletter.toml"


@transaction.atomic
def load(**_signal: Any) -> None:
    """Each where there is none of its kind: what is there belongs to the editors."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if not ConsentText.last_version():
        for language, text in rows["texts"].items():
            text["controller"] = rows["controller"]
            text["notice_url"] = f"{settings.SITE_URL}/{language}/privacy/"
        ConsentText.publish(rows["texts"], material=True)
    if not Topic.objects.exists():
        for position, names in enumerate(rows["topics"]):
            _make_topic(position, names)


def _make_topic(position: int, names: dict[str, str]) -> None:
    topic = Topic.objects.create(slug=names.pop("slug"), position=position)
    for order, (language, name) in enumerate(names.items()):
        TopicLabel.objects.create(topic=topic, language=language, name=name, sort_order=order)
