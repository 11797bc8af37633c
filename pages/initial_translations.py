"""The first content in the other languages, in wagtail-localize's own records for editors to go on.

`initial_content/nl.po` and its like translate each piece of the English content as
wagtail-localize cuts it: a field, a paragraph of rich text with its links as `<a id="a1">`.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping

import polib
from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from pages import initial_content
from pages.models import Funding, SiteIdentity
from pages.translating.pieces import SAME

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def sources() -> Iterator[TranslationSource]:
    """What is to be translated: every page, parents first, and the snippets around them."""
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    pages: Iterator[TranslatableMixin] = (
        page.specific for page in Page.objects.filter(locale=locale, depth__gt=1).order_by("path")
    )
    for instance in pages:
        yield TranslationSource.update_or_create_from_instance(instance)[0]
    for model in (SiteIdentity, Funding):
        for snippet in model.objects.filter(locale=locale):
            yield TranslationSource.update_or_create_from_instance(snippet)[0]


def words_to_translate() -> list[str]:
    """Every piece of the English content, once, in the order of the pages."""
    found = (
        text
        for source in sources()
        for text in segments(source).values_list("string__data", flat=True)
    )
    return list(dict.fromkeys(found))


def translate(language: str, sources: Iterable[TranslationSource]) -> int:
    """Make the content of a language from that of English. Returns the things made."""
    words = words_of(language)
    locale = Locale.objects.get(language_code=language)
    made = [_translate(source, locale, words) for source in sources]
    return len(made)


def words_of(language: str) -> dict[str, str]:
    """What is said for each piece of the English content."""
    entries = polib.pofile(str(initial_content.FOLDER / f"{language}.po"))
    return {entry.msgid: entry.msgstr for entry in entries if entry.msgstr}


def _translate(source: TranslationSource, locale: Locale, words: dict[str, str]) -> Translation:
    translation = Translation.objects.create(source=source, target_locale=locale)
    fill(translation, words)
    is_page = issubclass(source.specific_content_type.model_class(), Page)
    translation.save_target(publish=not is_page)
    if is_page:
        # Published at commit, as wagtail-localize would, a page keeps the children it had by then.
        translation.get_target_instance().latest_revision.publish()
    return translation


def fill(translation: Translation, words: Mapping[str, str]) -> None:
    """With what is said for its pieces, and with links that lead elsewhere."""
    locale = translation.target_locale
    StringTranslation.objects.bulk_create(
        (
            said(segment, locale, words[segment.string.data])
            for segment in segments(translation.source)
            if segment.string.data in words
        ),
        ignore_conflicts=True,  # a piece may stand twice in one field
    )
    lead_elsewhere(translation.source, locale)


def lead_elsewhere(source: TranslationSource, locale: Locale) -> bool:
    """Links to pages of other sites that exist in this language; whether one was put there.

    Where somebody chose another, it stays.
    """
    elsewhere = links_of(locale.language_code)
    is_new = False
    for segment in OverridableSegment.objects.filter(source=source):
        if (address := elsewhere.get(json.loads(segment.data_json))) is not None:
            _override, is_made = SegmentOverride.objects.get_or_create(
                locale=locale,
                context_id=segment.context_id,
                defaults={"data_json": json.dumps(address)},
            )
            is_new |= is_made
    return is_new


def links_of(language: str) -> dict[str, str]:
    """By its address in English."""
    file = tomllib.loads((initial_content.FOLDER / "_links.toml").read_text(encoding="utf-8"))
    return {address: known[language] for address, known in file.items() if language in known}


def said(segment: StringSegment, locale: Locale, words: str) -> StringTranslation:
    """A piece translated, not saved."""
    return StringTranslation(
        translation_of=segment.string,
        locale=locale,
        context=segment.context,
        data=words,
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        tool_name=SAME if words == segment.string.data else "",
    )


def segments(source: TranslationSource) -> QuerySet[StringSegment]:
    return (
        StringSegment.objects.filter(source=source)
        .order_by("order")
        .select_related("string", "context")
    )
