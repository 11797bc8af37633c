"""What the sign-up form offers now: the wording to agree to, and the topics."""

from dataclasses import dataclass

from django.conf import settings

from newsletter.models import ConsentText, Topic
from visitors.cache.generation import kept


@dataclass(frozen=True)
class Offer:
    """`texts`: the newest version of the wording by language. Without one nobody can sign up."""

    texts: dict[str, ConsentText]
    topics: list[Topic]

    def text(self, language: str) -> ConsentText | None:
        """In a language, else in the site's first, else in any it was published in."""
        texts = self.texts
        any_text = next(iter(texts.values()), None)
        return texts.get(language) or texts.get(settings.LANGUAGE_CODE) or any_text


@kept
def current_offer() -> Offer:
    texts: dict[str, ConsentText] = {}
    for text in ConsentText.objects.order_by("-version", "language"):
        if texts and text.version != next(iter(texts.values())).version:
            break
        texts[text.language] = text
    return Offer(texts, list(Topic.objects.filter(offered=True).prefetch_related("labels")))
