"""The site's first content, from the files of `initial_content/`, into a site that has none.

A file is a page and its place in the folders is its address: `initial_content/README.md`. To load
them again is idempotent.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site

from pages.models import Funding, NodePage, SiteIdentity

FOLDER = settings.BASE_DIR / "initial_content"
HOME = "home"
# Sent when the pages are there: a room above loads its own first rows where it has none.
rows_wanted = Signal()
REFERENCE = re.compile(r"page:([a-z0-9/-]*)")  # a page of this site by its address below the home


@dataclass(frozen=True)
class PageFile:
    """What one file says of one page. `address` is the path below the home, empty for the home."""

    address: str
    model: type[Page]
    order: int
    fields: dict[str, Any] = field(repr=False)

    @property
    def parent_address(self) -> str:
        return self.address.rpartition("/")[0]

    @property
    def slug(self) -> str:
        return self.address.rpartition("/")[2] or HOME


def read_pages(folder: Path) -> list[PageFile]:
    """The pages of a language, parents before children, siblings in their order."""
    files = (
        path
        for path in folder.rglob("*.toml")
        if not path.relative_to(folder).as_posix().startswith("_")
    )
    pages = [_page_file(path, folder) for path in files]
    return sorted(
        pages,
        key=lambda page: (page.address != "", page.address.count("/"), page.order, page.address),
    )


def _page_file(path: Path, folder: Path) -> PageFile:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    address = path.relative_to(folder).with_suffix("").as_posix()
    model = apps.get_model(fields.pop("type"))
    return PageFile("" if address == HOME else address, model, fields.pop("order", 0), fields)


@transaction.atomic
def load(language: str = settings.LANGUAGE_CODE) -> int:
    """Fill a site that has no home; one that has belongs to its editors. Returns the pages made."""
    if NodePage.objects.exists():
        return 0
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    locale = Locale.objects.get(language_code=language)
    folder = FOLDER / language
    made = _make_pages(read_pages(folder), locale)
    _make_home_of_site(made[""])
    _load_snippets(folder, locale, made)
    return len(made)


def follow_site_url() -> None:
    """Wagtail's record of the site says what SITE_URL says."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    Site.objects.filter(is_default_site=True).exclude(hostname=address.hostname, port=port).update(
        hostname=address.hostname, port=port
    )
    Site.clear_site_root_paths_cache()


def _make_pages(files: list[PageFile], locale: Locale) -> dict[str, Page]:
    """Make every page, then fill and publish them: a link needs the page it leads to."""
    made: dict[str, Page] = {}
    for file in files:
        parent = made[file.parent_address] if file.address else Page.get_first_root_node()
        plain = {name: value for name, value in file.fields.items() if _is_plain(value)}
        page = file.model(slug=_free_slug(file.slug, parent), locale=locale, live=False, **plain)
        made[file.address] = parent.add_child(instance=page)
    for file in files:
        _fill(made[file.address], file.fields, made)
        made[file.address].save_revision().publish()
    return made


def _is_plain(value: object) -> bool:
    return not isinstance(value, list | dict) and "page:" not in str(value)


def _free_slug(slug: str, parent: Page) -> str:
    """Wagtail's first page is called home until it is deleted; so are other languages' homes."""
    return slug if not parent.is_root() else f"{slug}-{parent.numchild}"


def _fill(instance: models.Model, fields: dict[str, Any], made: dict[str, Page]) -> None:
    for name, value in fields.items():
        model_field = instance._meta.get_field(name)
        resolved: Any = _resolved(value, made)
        if isinstance(model_field, StreamField):
            resolved = model_field.stream_block.to_python(resolved)
            list(resolved)  # read, so that lists are stored with ids: translations hang on them
        elif model_field.one_to_many:
            child: Any = model_field.related_model
            resolved = [child(sort_order=order, **row) for order, row in enumerate(resolved)]
        setattr(instance, name, resolved)


def _resolved(value: object, made: dict[str, Page]) -> object:
    """The value with each `page:address` replaced: by an id in a chooser, by a link in text."""
    if isinstance(value, list):
        return [_resolved(part, made) for part in value]
    if isinstance(value, dict):
        return {name: _resolved(part, made) for name, part in value.items()}
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("<"):
        value = " ".join(value.split()).replace(
            "</p> <", "</p><"
        )  # lines are for the file's reader
    reference = REFERENCE.fullmatch(value)
    if reference:
        return made[reference[1]].pk
    return re.sub(
        rf'href="{REFERENCE.pattern}"',
        lambda found: f'linktype="page" id="{made[found[1]].pk}"',
        value,
    )


def _make_home_of_site(home: Page) -> None:
    Site.objects.update_or_create(
        is_default_site=True, defaults={"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
    )
    follow_site_url()
    # The welcome page of Wagtail's own migration: of no type of ours, with nothing below it.
    top = Page.objects.child_of(Page.get_first_root_node())
    top.filter(content_type__app_label="wagtailcore", numchild=0).delete()


def _load_snippets(folder: Path, locale: Locale, made: dict[str, Page]) -> None:
    files: list[tuple[type[models.Model], Path]] = [(SiteIdentity, folder / "_identity.toml")]
    files += ((Funding, path) for path in sorted((folder / "_funding").glob("*.toml")))
    for model, path in files:
        snippet = model(locale=locale)
        _fill(snippet, tomllib.loads(path.read_text(encoding="utf-8")), made)
        snippet.save()
