"""A small first content in two languages, as one release after another has it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringSegment, Translation

from pages import initial_content, initial_translations
from pages.models import Offer, StandardPage
from pages.releases.digests import digest

A, WHO, ASK, BEGAN = (
    {"type": "paragraph", "value": "<p>The node has three biobanks.</p>"},
    {"type": "heading", "value": "Who we are"},
    {"type": "paragraph", "value": '<p>Ask <a href="page:contact">the office</a>.</p>'},
    {"type": "paragraph", "value": "<p>It began in 2013.</p><p>It grew.</p>"},
)
FILES: dict[str, dict[str, Any]] = {
    "home": {"type": "pages.NodePage", "title": "Belgium (Member)"},
    "about": {"type": "pages.StandardPage", "order": 10, "title": "About", "summary": "A node."},
    "contact": {"type": "pages.StandardPage", "order": 30, "title": "Contact"},
    "privacy": {"type": "pages.LegalPage", "order": 40, "title": "Privacy", "kind": "privacy"},
    "people": {"type": "pages.PeoplePage", "order": 50, "title": "People"},
    "people/ada-peeters": {"type": "pages.PersonPage", "title": "Ada Peeters"},
    "_identity": {"name": "BBMRI.be", "tagline": "The node"},
    "_funding/adopt": {"project": "ADOPT", "sentence": "The European Union paid."},
}
FILES["about"]["body"] = [A, WHO, ASK, BEGAN]
FILES["privacy"] |= {"dated": "2026-01-01", "body": [{"type": "heading", "value": "We keep mails"}]}
FILES["people/ada-peeters"]["roles"] = [{"body": "office", "title": "Director"}]
FILES["_identity"]["header_menu"] = [
    {"type": "link", "value": {"label": "About us", "page": "page:about"}}
]
WORDS = {
    "Belgium (Member)": "België (lid)",
    "Belgium": "België",
    "About": "Over ons",
    "A node.": "Een knooppunt.",
    "The node has three biobanks.": "Het knooppunt heeft drie biobanken.",
    "Who we are": "Wie we zijn",
    'Ask <a id="a1">the office</a>.': 'Vraag <a id="a1">het kantoor</a>.',
    "It began in 2013.": "Het begon in 2013.",
    "It grew.": "Het groeide.",
    "Contact": "Contacteer ons",
    "Privacy": "Privacyverklaring",
    "We keep mails": "Wij bewaren mails",
    "People": "Mensen",
    "Director": "Directeur",
    "The node": "Het knooppunt",
    "About us": "Over ons allen",
    "ADOPT": "ADOPT (nl)",
    "The European Union paid.": "De Europese Unie betaalde.",
}
PIECES = {"value": "<p>It began in 2014.</p><p>It grew.</p>", "type": "paragraph"}


@dataclass
class Release:
    """To be changed, then brought."""

    folder: Path
    files: dict[str, dict[str, Any]] = field(default_factory=lambda: deepcopy(FILES))
    words: dict[str, str] = field(default_factory=lambda: dict(WORDS))
    earlier: Mapping[str, object] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)  # `_links.toml`

    def bring(self) -> str:
        """What the command prints."""
        self.write()
        return self.start()

    def start(self) -> str:
        out = StringIO()
        call_command("load_initial_content", stdout=out)
        return out.getvalue()

    def write(self) -> None:
        for path in [*self.folder.rglob("*.toml")]:
            path.unlink()
        for name, said in self.files.items():
            path = self.folder / "en" / f"{name}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{key} = {_toml(value)}\n" for key, value in said.items()))
        links = "".join(f"{json.dumps(one)} = {_toml(to)}\n" for one, to in self.links.items())
        (self.folder / "_links.toml").write_text(links)
        catalogue = polib.POFile()
        catalogue.extend(polib.POEntry(msgid=one, msgstr=said) for one, said in self.words.items())
        catalogue.save(str(self.folder / "nl.po"))
        (self.folder / "earlier.json").write_text(json.dumps(self.earlier))

    def use(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(initial_content, "FOLDER", self.folder)
        patch.setattr(initial_translations, "LANGUAGES", ["nl"])


def record_of_first() -> dict[str, object]:
    """What `earlier.json` says of the first release."""
    record: dict[str, object] = {
        "words/nl": {digest(piece): [digest(said)] for piece, said in WORDS.items()}
    }
    for name, said in FILES.items():
        place = name.removeprefix("_") if name[0] == "_" else f"pages/{name}".replace("home", "")
        record[place] = {
            key: [[digest(one) for one in value] if isinstance(value, list) else digest(value)]
            for key, value in said.items()
            if key not in {"type", "order"}
        }
    return record


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


# What editors do


def about(language: str = "en") -> StandardPage:
    return StandardPage.objects.get(slug="about", locale__language_code=language)


def read(path: str) -> str:
    return Client().get(path).text


def edit_english(operator: Client, first_paragraph: str, act: str = "action-publish") -> None:
    """As the screen of the page sends it."""
    page = about()
    blocks = page.body.get_prep_value()
    values = [
        (one["type"], rich_text(one["value"]) if one["type"] == "paragraph" else one["value"])
        for one in blocks
    ]
    values[0] = ("paragraph", rich_text(first_paragraph))
    typed = nested_form_data(
        {"title": page.title, "slug": page.slug, "summary": page.summary}
        | {"body": streamfield(values), "comments": inline_formset([]), act: "yes"}
    )
    typed |= {f"body-{number}-id": one["id"] for number, one in enumerate(blocks)}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert operator.post(address, typed).status_code == 302


def edit_dutch(operator: Client, piece: str, words: str) -> None:
    """As the screen of the translation does: the piece, then "Publish"."""
    target = about("nl")
    translation = Translation.objects.get(
        source__object_id=target.translation_key, target_locale=target.locale
    )
    segment = StringSegment.objects.get(source=translation.source, string__data=piece)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    form = "application/x-www-form-urlencoded"
    assert operator.put(address, f"value={words}", content_type=form).status_code in {200, 201}
    edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
    operator.post(edit, {"action-publish": "yes"})


def decide(client: Client, act: str, *offers: Offer) -> str:
    chosen = [offer.pk for offer in offers]
    return client.post(reverse("release_texts"), {"offer": chosen, act: "yes"}, follow=True).text


def changed(release: Release) -> Release:
    """New facts, in pieces that will be edited and in others."""
    body = release.files["about"]["body"]
    body[0] = {"type": "paragraph", "value": "<p>The node has four biobanks.</p>"}
    body[3] = PIECES
    release.files["about"]["summary"] = "A node of networks."
    release.words |= {
        "The node has four biobanks.": "Het knooppunt heeft vier biobanken.",
        "It began in 2014.": "Het begon in 2014.",
        "A node of networks.": "Een knooppunt van netwerken.",
        "It grew.": "Het is gegroeid.",
    }
    return release
