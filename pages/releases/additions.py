"""What is new in a release: it arrives where a site that is filled today has it."""

from collections.abc import Mapping

from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import TranslationSource

from pages import initial_content
from pages.initial_content import PageFile
from pages.models import Shipped
from pages.releases import words
from pages.releases.site import File, Site, new_pieces


def make_new(site: Site) -> tuple[int, list[str]]:
    """Pages and records that no release had before; below a page that was deleted, none.

    Returns how many pages were made, and the addresses that other pages have.
    """
    there = set(Shipped.objects.values_list("name", flat=True))
    above = _pages(site)
    files: list[PageFile] = []
    taken: list[str] = []
    for file in site.release.pages:
        parents = {*above, *(one.address for one in files)}
        if file.name in there or file.parent_address not in parents:
            continue
        parent = above.get(file.parent_address)
        if parent and not Page._slug_is_available(file.slug, parent):
            taken.append(file.address)
        else:
            files.append(file)
    made = initial_content.make_pages(files, site.locale, above)
    pages = above | made
    ids = {address: page.pk for address, page in pages.items()}
    for file in files:
        _record(site, file, made[file.address], ids)
        _translate(site, made[file.address])
        _place(made[file.address], file, site, pages)
    for record in site.release.records:
        if record.name not in there:
            one = initial_content.make_record(record, site.locale, ids)
            _record(site, record, one, ids)
            _translate(site, one)
    return len(made), taken


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
