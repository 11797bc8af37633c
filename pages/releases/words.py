"""The words of a page in its other languages: those of the release where nobody translated others.

A language goes live when it is whole, and not while somebody works at its draft.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from pages import initial_translations
from pages.models import Offer, Shipped
from pages.releases.digests import digest
from pages.releases.plan import Known, is_brought, pairs
from pages.releases.release import Release
from pages.translating import drafts
from pages.translating.pieces import open_pieces
from pages.translating.rights import User

Place = tuple[int, int]  # of a piece: its context and its words
Pieces = dict[int, list[StringSegment]]  # by context


@dataclass
class Words:
    """What a release says in one language, and what is known of earlier ones."""

    said: Mapping[str, str]
    known: Mapping[str, Known]

    def known_of(self, segment: StringSegment) -> Known:
        return self.known.get(digest(segment.string.data), [])


@dataclass
class Bringing:
    """Of one page or record: who does it, and what may be touched."""

    shipped: Shipped
    source: TranslationSource
    words: Mapping[str, Words]
    before: Pieces = field(default_factory=dict)  # its pieces before the original was changed
    is_offered: bool = False  # nothing that stands there is changed
    user: User | None = None
    may_publish: Callable[[TranslatableMixin], bool] = lambda _target: True


def known(release: Release) -> dict[str, Words]:
    """By language."""
    kept = dict(Shipped.objects.filter(name__startswith="words/").values_list("name", "pieces"))
    return {
        language: Words(said, kept.get(f"words/{language}", {}))
        for language, said in release.words.items()
    }


def is_in_work(target: TranslatableMixin) -> bool:
    """Whether somebody is at a page, or keeps it from visitors. What has no draft is never."""
    if not isinstance(target, Page):
        return False
    is_still = target.live and not target.has_unpublished_changes
    return not is_still or bool(target.get_lock()) or bool(target.current_workflow_state)


def pieces_of(source: TranslationSource | None) -> Pieces:
    pieces: Pieces = {}
    for segment in initial_translations.segments(source) if source else ():
        pieces.setdefault(segment.context_id, []).append(segment)
    return pieces


def bring(bringing: Bringing, *, is_changed: bool) -> None:
    """Into each language that the page or record is translated into."""
    now = pieces_of(bringing.source)
    going_on = bringing.source.translations.filter(enabled=True).select_related("target_locale")
    for translation in going_on:
        words = bringing.words.get(translation.target_locale.language_code)
        target = bringing.source.object.get_instance_or_none(translation.target_locale)
        if words and target:
            target = target.specific if isinstance(target, Page) else target
            is_kept = bringing.is_offered or is_in_work(target)
            is_new = _bring_pieces(bringing, translation, words, now, is_offered=is_kept)
            if not is_kept:
                locale = translation.target_locale
                is_new |= initial_translations.lead_elsewhere(bringing.source, locale)
            if (is_new or is_changed) and not is_kept:
                _show_or_leave(translation, target, bringing)


def begin(source: TranslationSource, locale: Locale, words: Mapping[str, str]) -> None:
    """A translation that is not there yet; live if it is whole."""
    translation, is_new = Translation.objects.get_or_create(source=source, target_locale=locale)
    if not is_new:
        return
    initial_translations.fill(translation, words)
    original = source.get_source_instance()
    if not isinstance(original, Page):
        translation.save_target()
    elif _stands_in(original, locale):
        show(translation, original, None)


def _stands_in(original: Page, locale: Locale) -> bool:
    """Whether there is a page to be translated; it is made where it has a place."""
    if original.has_translation(locale):
        return True
    parent = original.get_parent()
    if not parent.is_root() and not parent.has_translation(locale):
        return False
    place = parent if parent.is_root() else parent.get_translation(locale)
    if not parent.is_root() and not Page._slug_is_available(original.slug, place):
        return False
    original.copy_for_translation(locale, alias=True)
    return True


def _show_or_leave(translation: Translation, target: TranslatableMixin, bringing: Bringing) -> None:
    if bringing.may_publish(target):
        show(translation, target, bringing.user)
    elif isinstance(target, Page):
        drafts.make(translation, bringing.user)


def show(translation: Translation, target: TranslatableMixin, user: User | None) -> bool:
    """To visitors, if it is whole; its draft is left where a piece is open."""
    if isinstance(target, Page):
        revision = drafts.make(translation, user)
    is_whole = not open_pieces(translation)
    if is_whole and isinstance(target, Page):
        revision.publish(user=user)
    elif is_whole:
        translation.save_target(user=user)
    return is_whole


def _bring_pieces(
    bringing: Bringing, translation: Translation, words: Words, now: Pieces, *, is_offered: bool
) -> bool:
    """Whether any was written."""
    locale = translation.target_locale
    rows: dict[Place, StringTranslation] = {
        (row.context_id, row.translation_of_id): row
        for row in StringTranslation.objects.filter(
            locale=locale, context__object=bringing.source.object_id
        )
    }
    written: list[StringTranslation] = []
    for segment, old in _with_former(bringing.before, now):
        said = words.said.get(segment.string.data)
        row = rows.get((segment.context_id, segment.string_id))
        former = rows.get((old.context_id, old.string_id)) if old else None
        if said is None:
            continue
        if row is None:
            mended = former if old and former and _is_mended(former, words.known_of(old)) else None
            made = mended.data if mended else said
            written.append(initial_translations.said(segment, locale, made))
            gives_way = None if made == said else False
        else:
            gives_way = is_brought(words.known_of(segment), digest(row.data), digest(said))
            if gives_way and not is_offered:
                put(row, said)
                written.append(row)
        if gives_way is False or (gives_way and is_offered):
            offer(bringing.shipped, locale, segment, said)
    for row in written:
        if row.pk:
            row.save()
    fresh = [row for row in written if not row.pk]
    StringTranslation.objects.bulk_create(fresh, ignore_conflicts=True)
    return bool(written)


def put(row: StringTranslation, words: str) -> None:
    row.data = words
    row.has_error = False
    row.field_error = ""
    is_same = words == row.translation_of.data
    row.tool_name = initial_translations.SAME if is_same else ""


def offer(shipped: Shipped, locale: Locale, segment: StringSegment, words: str) -> None:
    Offer.objects.update_or_create(
        shipped=shipped,
        language=locale.language_code,
        place=segment.context.path,
        item=segment.string.data,
        defaults={"value": words, "act": Offer.Act.PUT},
    )


def _is_mended(row: StringTranslation, known: Known) -> bool:
    return bool(known) and digest(row.data) not in known


def _with_former(
    before: Pieces, now: Pieces
) -> Iterator[tuple[StringSegment, StringSegment | None]]:
    """Each piece, with the one whose place it took."""
    for context, segments in now.items():
        olds = before.get(context, segments)
        words = [[one.string.data for one in each] for each in (olds, segments)]
        for place, number in pairs(*words):
            if number is not None:
                old = olds[place] if place is not None else None
                yield segments[number], old
