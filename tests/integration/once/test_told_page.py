"""A biobank's page shows what the Directory says beside, in English where we have no words."""

import re
from copy import deepcopy
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.codes import TraitKind
from members.models import Biobank, BiobanksPage, CodeLabel, Collection, FactKind, Trait
from tests import builders
from visitors.cache import generation

SERVICE = {
    "id": "bbmri-eric:serviceID:BE_1",
    "name": "Sequencing <fast>",
    "types": ["technologiesBioanalytics", "newType"],
    "description": "Of whole genomes.",
    "url": "https://bn.example/sequencing",
    "access": "Write to us.",
    "access_url": "javascript:alert(1)",
}


@pytest.fixture(scope="module")
def made(module_db: Path) -> Biobank:
    page = builders.finder(builders.home())
    builders.translation_of(page)
    row = builders.biobank(
        "Biobank", juridical_person="A hospital", location="Somewhere", services=[SERVICE]
    )
    part = builders.collection(
        row, "all", counted=date(2026, 5, 4), size=7, diagnoses=[{"code": "*", "label": "Any"}],
        quality=[{"standard": "ISO 20387:2018", "level": "eric", "certificate_number": ""}],
        counts=[{"disease": "*", "samples": 7}],
    )  # fmt: skip
    held = [
        (TraitKind.SEX, "UNDIFFERENTIAL"), (TraitKind.SEX, "NASK"), (TraitKind.SEX, "*"),
        (TraitKind.DATA, "CT"), (TraitKind.DATA, "BRAND_NEW"), (TraitKind.DATA_USE, "DUO_0000007"),
        (TraitKind.LEVEL, "eric"),
    ]  # fmt: skip
    Trait.objects.bulk_create(
        Trait(biobank=row, collection=part, kind=kind, code=code) for kind, code in held
    )
    CodeLabel.objects.create(kind=TraitKind.DATA, code="BRAND_NEW", label="Gait & posture")
    CodeLabel.objects.create(kind="service", code="newType", label="Robotics")
    generation.forget()
    return row


@pytest.fixture
def row(db: None, made: Biobank) -> Biobank:
    return deepcopy(made)


def shown(client: Client, language: str = "en", part: str = "") -> str:
    response = client.get(f"/{language}/biobanks/biobank/{part}")
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)


def test_services_quality_use_and_the_day_of_the_numbers_are_shown(
    client: Client, row: Biobank
) -> None:
    text = shown(client)
    for words in [
        'A hospital</p>', "<dd>A hospital </dd>", "<dd> Somewhere</dd>",
        '<b lang="en">Sequencing &lt;fast&gt;</b>', "Technologies and analyses", "Robotics",
        "https://bn.example/sequencing", "Write to us.",
        "7 samples", "Any disease",
    ]:  # fmt: skip
        assert words in text, words
    part = shown(client, part="all/")
    for words in [
        "7 samples", "Counted on 4 May 2026", "ISO 20387:2018, assessed by: BBMRI-ERIC",
        "Conditions of use</dt>", "Research on a stated disease", "Any disease",
        "Neither clearly female nor male", "Not asked", "CT scans or X-rays",
    ]:  # fmt: skip
        assert words in part, words
    assert "javascript:" not in text
    assert "(*)" not in text
    assert "<dt>Juridical person" not in text


def test_a_code_without_a_word_of_ours_is_marked_as_english(client: Client, row: Biobank) -> None:
    assert "Gait &amp; posture" in shown(client, part="all/")
    assert 'lang="en">Gait' not in shown(client, part="all/")
    text = shown(client, "fr") + shown(client, "fr", "all/")
    assert '<span lang="en">Gait &amp; posture</span>' in text
    assert '<span lang="en">Robotics</span>' in text
    assert "Scanners ou radiographies" in text
    assert "Toute maladie" in text
    for letters in ("Nask", "Ct<", "Undifferential", "Brand new"):
        assert letters not in text


def test_what_a_host_is_called_here_comes_before_the_juridical_person(
    client: Client, row: Biobank
) -> None:
    Biobank.objects.filter(pk=row.pk).update(city="Ghent")
    builders.fact(row, FactKind.HOST, "Our host")
    generation.raise_it()
    text = shown(client)
    assert "Our host</p>" in text
    assert "<dd>A hospital</dd>" in text
    assert "Somewhere" not in text


def test_the_counts_of_collections_are_not_read_for_the_page(client: Client, row: Biobank) -> None:
    with CaptureQueriesContext(connection) as queries:
        shown(client)
    assert not [one["sql"] for one in queries if '"counts"' in one["sql"]]
    assert Collection.objects.get().counts
    assert BiobanksPage.objects.count() == 2
