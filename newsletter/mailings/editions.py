"""An issue in the site's languages, at one moment: how far each is, and how many wait for it."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.db.models import Count
from django.utils.functional import cached_property
from wagtail.models import Locale, WorkflowState
from wagtail_localize.models import StringSegment, Translation

from newsletter.issues.readiness import problems, why_not_approved
from newsletter.mailings.progress import Progress
from newsletter.mailings.transitions import recipients
from newsletter.models import Mailing, NewsletterIssuePage, Subscriber, Subscription, Topic
from pages.translating.pieces import open_pieces, translation_of


class Stage(Enum):
    """What an issue waits for in one language."""

    MISSING = auto()
    OPEN = auto()  # pieces are not translated
    DRAFT = auto()
    IN_REVIEW = auto()
    FAULTY = auto()  # approved, and something of it is to be mended
    READY = auto()
    PREPARED = auto()  # or it missed its time
    ON_ITS_WAY = auto()  # scheduled, begun or finished


@dataclass
class Edition:
    """An issue in one language."""

    code: str
    name: str
    locale: Locale | None
    page: NewsletterIssuePage | None
    in_language: int  # people who read it, whatever their topics

    @cached_property
    def translation(self) -> Translation | None:
        """None of what is no translation, or not any more."""
        return translation_of(self.page) if self.page else None

    @cached_property
    def pieces(self) -> int:
        source = self.translation.source_id if self.translation else None
        return StringSegment.objects.filter(source=source).count()

    @cached_property
    def translated(self) -> int:
        return self.pieces - self.open

    @cached_property
    def open(self) -> int:
        return len(open_pieces(self.translation)) if self.translation else 0

    @cached_property
    def review(self) -> str:
        state = self.page.current_workflow_state if self.page else None
        return state.status if state else ""

    @property
    def was_sent_back(self) -> bool:
        return self.review == WorkflowState.STATUS_NEEDS_CHANGES

    @property
    def is_translated_anew(self) -> bool:
        """A translation with words that visitors do not have."""
        return bool(self.page and self.translation and self.page.has_unpublished_changes)

    @property
    def renewal(self) -> int | None:
        """Its source, where the original was published since its pieces were taken."""
        if self.page is None or self.translation is None:
            return None
        source = self.translation.source
        original = _in(source.locale_id, self.page)
        published = original.last_published_at if original else None
        return source.pk if published and published > source.last_updated_at else None

    @cached_property
    def why_not_approved(self) -> str:
        return why_not_approved(self.page) if self.page else ""

    @cached_property
    def problems(self) -> list[str]:
        """Of its newest words, approved or not."""
        return problems(self.page.get_latest_revision_as_object()) if self.page else []

    @cached_property
    def mailing(self) -> Mailing | None:
        going = Mailing.objects.exclude(state=Mailing.State.CANCELLED).prefetch_related("topics")
        return going.filter(issue=self.page).first() if self.page else None

    @cached_property
    def progress(self) -> Progress | None:
        return Progress(self.mailing) if self.mailing and self.mailing.started_at else None

    @cached_property
    def readers(self) -> int:
        if self.progress:
            return self.progress.sent_to
        return recipients(self.mailing).count() if self.mailing else self.in_language

    @cached_property
    def stage(self) -> Stage:
        if self.page is None:
            return Stage.MISSING
        if self.mailing:
            is_waiting = self.mailing.state in (Mailing.State.PREPARED, Mailing.State.MISSED)
            return Stage.PREPARED if is_waiting else Stage.ON_ITS_WAY
        if self.open:
            return Stage.OPEN
        if self.review == WorkflowState.STATUS_IN_PROGRESS:
            return Stage.IN_REVIEW
        if self.why_not_approved:
            return Stage.DRAFT
        return Stage.FAULTY if self.problems else Stage.READY


def editions_of(issue: NewsletterIssuePage) -> list[Edition]:
    """In every language of the site, in their order."""
    pages = NewsletterIssuePage.objects.filter(translation_key=issue.translation_key)
    by_locale = {page.locale_id: page for page in pages if _is_written(page)}
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    people = readers_by_language()
    return [
        Edition(code, str(name), locale, by_locale.get(locale and locale.pk), people[code])
        for code, name in settings.LANGUAGES
        for locale in [locales.get(code)]
    ]


def _is_written(page: NewsletterIssuePage) -> bool:
    """An alias shows another language's words, unless its translation was begun."""
    return not page.alias_of_id or translation_of(page) is not None


def original_of(issue: NewsletterIssuePage) -> NewsletterIssuePage:
    """What further translations are made from."""
    translation = translation_of(issue)
    if translation is None:
        return issue
    return _in(translation.source.locale_id, issue) or issue


def _in(locale: int, issue: NewsletterIssuePage) -> NewsletterIssuePage | None:
    pages = NewsletterIssuePage.objects.filter(translation_key=issue.translation_key)
    return pages.filter(locale=locale, alias_of=None).first()


def readers_by_language() -> Counter[str]:
    """Who gets an issue at all, by the language they read."""
    subscribed = Subscription.objects.values("subscriber")
    people = Subscriber.objects.reachable().filter(pk__in=subscribed).order_by()
    return Counter(dict(people.values_list("language").annotate(Count("pk"))))


def readers_by_topic() -> Counter[tuple[int, str]]:
    """By topic and language."""
    chosen = Subscription.objects.filter(subscriber__in=Subscriber.objects.reachable())
    counted = chosen.values_list("topic", "subscriber__language").annotate(count=Count("pk"))
    return Counter({(topic, language): count for topic, language, count in counted})


def usual_topics() -> list[Topic]:
    """Those of the mailing before; where there is none, the only one that is offered."""
    if last := Mailing.objects.exclude(state=Mailing.State.CANCELLED).first():
        return list(last.topics.all())
    offered = list(Topic.objects.filter(offered=True)[:2])
    return offered if len(offered) == 1 else []
