"""From a row to a message: two parts that say the same, and headers that no mail program minds."""

import re
import textwrap
from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.models import Locale

from newsletter.mails.letters import LETTERS
from newsletter.models import Delivery, DeliveryKind
from pages.models import SiteIdentity
from visitors.cache.generation import kept
from worker.mails import Mail, headers, written

WIDTH = 72  # characters of a line of text (RFC 3676 section 4.2 asks for fewer than 78)
INLINER = css_inline.CSSInliner(
    keep_at_rules=True,  # how it looks in the dark
    load_remote_stylesheets=False,  # which would read files of this machine, too
)


@dataclass(frozen=True)
class Sender:
    """Who writes, in the reader's language."""

    name: str
    tagline: str


def write(delivery: Delivery) -> Mail:
    """The mail of a row; its address comes from what the row is about."""
    letter = LETTERS[DeliveryKind(delivery.kind)]
    with override(delivery.language):
        sender = sender_in(delivery.language)
        subject = str(letter.subject).format(site=sender.name)
        about = letter.about(delivery) | {
            "subject": subject,
            "sender": sender,
            "language": delivery.language,
            "site_url": settings.SITE_URL,
            "home": f"{settings.SITE_URL}/{delivery.language}/",
        }
        html, text = _html(delivery.kind, about), _text(delivery.kind, about)
    told = headers(delivery.message_id, delivery.language)
    return written(subject, text, html, to=letter.to(delivery), headers=told)


def sender_in(language: str) -> Sender:
    senders = _senders()
    fallback = Sender(settings.WAGTAIL_SITE_NAME, "")
    return senders.get(language) or senders.get(settings.LANGUAGE_CODE) or fallback


@kept
def _senders() -> dict[str, Sender]:
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    identities = SiteIdentity.objects.all()
    return {codes[each.locale_id]: Sender(each.name, each.tagline) for each in identities}


def _html(kind: str, about: dict[str, Any]) -> str:
    return INLINER.inline(render_to_string(f"newsletter/mails/{kind}.html", about))


def _text(kind: str, about: dict[str, Any]) -> str:
    rendered = render_to_string(f"newsletter/mails/{kind}.txt", about)
    return re.sub(r"\n{3,}", "\n\n", wrapped(rendered)).strip() + "\n"


def wrapped(text: str) -> str:
    """Lines short enough to read; a link is never broken."""
    wrapper = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(wrapper.fill(line.strip()) for line in text.split("\n"))
