"""What is new in a release: it arrives where a site that is filled today has it."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import TranslationSource

from pages import initial_content
from pages.initial_content import PageFile
from pages.models import Shipped
from pages.releases import words
from pages.releases.site import File, Site, new_pieces


def make_new(site: Site) -> tuple[int, list[str]]:
    """Pages and records that no release had before; below a page that was deleted, none.

    Returns how many pages were made, and the addresses of those that something stands in the way.
    """
    there = set(Shipped.objects.values_list("name", flat=True))
    above = _pages(site)
    files = [file for file in site.release.pages if file.name not in there]
    made, refused = _make(site, files, above)
    pages = above | made
    ids = {address: page.pk for address, page in pages.items()}
    for file in (one for one in files if one.address in made):
        _record(site, file, made[file.address], ids)
        _translate(site, made[file.address])
        _place(made[file.address], file, site, pages)
    for record in site.release.records:
        if record.name not in there:
            one = initial_content.make_record(record, site.locale, ids)
            _record(site, record, one, ids)
            _translate(site, one)
    return len(made), refused


def _make(
    site: Site, files: list[PageFile], above: Mapping[str, Page]
) -> tuple[dict[str, Page], list[str]]:
    """All together, as they may link to each other; else each that nothing stands in the way of."""
    free = _with_place(files, above)
    refused = [file.address for file in files if file not in free and file.parent_address in above]
    try:
        with transaction.atomic():
            return initial_content.make_pages(free, site.locale, above), refused
    except ValidationError:
        if len(free) == 1:
            return {}, [*refused, free[0].address]
    made: dict[str, Page] = {}
    for file in free:
        one, more = _make(site, [file], {**above, **made})
        made |= one
        refused += more
    return made, refused


def _with_place(files: list[PageFile], above: Mapping[str, Page]) -> list[PageFile]:
    """Those whose parent is there, and whose address no other page has."""
    free: list[PageFile] = []
    for file in files:
        parent = above.get(file.parent_address) if file.address else None
        is_below_new = file.parent_address in {one.address for one in free}
        if is_below_new or (parent and Page._slug_is_available(file.slug, parent)):
            free.append(file)
    return free


def begin_languages(site: Site) -> None:
    """A language that the site did not have: all of the release, parents first."""
    there = set(Shipped.objects.values_list("name", flat=True))
    for language in site.release.words:
        if f"words/{language}" in there:
            continue
        for file in site.release.files:
            instance = site.find(file)
            if instance:
                source, _made = TranslationSource.get_or_create_from_instance(instance)
                words.begin(source, site.locale_of(language), site.release.words[language])


def _pages(site: Site) -> dict[str, Page]:
    pages = Page.objects.filter(pk__in=site.ids.values()).specific()
    return {site.addresses[page.pk]: page for page in pages}


def _record(site: Site, file: File, made: TranslatableMixin, ids: Mapping[str, int]) -> None:
    site.keys[file.name] = made.translation_key
    Shipped.objects.create(
        name=file.name,
        key=made.translation_key,
        release=site.mark,
        pieces=new_pieces(file, made, ids),
    )


def _translate(site: Site, made: TranslatableMixin) -> None:
    source, _made = TranslationSource.update_or_create_from_instance(made)
    for language, said in site.release.words.items():
        words.begin(source, site.locale_of(language), said)


def _place(page: Page, file: PageFile, site: Site, pages: Mapping[str, Page]) -> None:
    """Behind its nearest sibling before it in the files, in every language."""
    siblings = [one for one in site.release.pages if one.parent_address == file.parent_address]
    before = siblings[: siblings.index(file)] if file.address else []
    known = [pages[one.address] for one in before if one.address in pages and one.address]
    for key in page.get_translations(inclusive=True).values_list("pk", flat=True):
        each = Page.objects.get(pk=key)  # moving one writes the paths of others
        there = [one.get_translation_or_none(each.locale) for one in reversed(known)]
        parent = each.get_parent()
        nearest = next((one for one in there if one and one.get_parent() == parent), None)
        if nearest:
            each.move(Page.objects.get(pk=nearest.pk), pos="right")
        elif parent.get_first_child() != each:
            each.move(parent.get_first_child(), pos="left")
