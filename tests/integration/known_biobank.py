"""A biobank of which everything is known, and how its page is read."""

import re
from datetime import date
from http import HTTPStatus

from django.test import Client

from members.codes import TraitKind
from members.models import Biobank, Membership, OtherName, QualityMark, Trait
from tests import builders

ID = "bbmri-eric:ID:BE_1"


def known_biobank() -> Biobank:
    home = builders.home()
    page = builders.finder(home)
    page.asking = "<p>Write a letter.</p>"
    page.objecting = "<p>Ask at the reception.</p>"
    page.save_revision().publish()
    row = builders.biobank(
        "Biothèque <Nord>", acronym="BN", host="A hospital", city="Ghent", postcode="9000",
        directory_id=ID, source="directory", description="Tissue.\n\nAnd blood.",
        website="https://bn.example/", pid="21.T1/x", ror="https://ror.org/00xmkp704",
        open_to_companies=True, as_of=date(2026, 3, 3),
    )  # fmt: skip
    key = builders.network(home, "North", acronym="NN").translation_key
    Membership.objects.create(biobank=row, network=key, since=date(2015, 1, 1))
    OtherName.objects.create(biobank=row, name="Old name")
    QualityMark.objects.create(
        biobank=row, standard="ISO 20387", level="accredited", certificate_number="7-QM"
    )
    builders.fact(row, "introduction", "<p>We keep it cold.</p>", "en")
    builders.fact(row, "objection", "https://bn.example/no", "en")
    builders.fact(row, "notification", "BB190044")
    whole = builders.collection(
        row, "all", name="All samples", size=12345, donors_magnitude=3, age_low=18, age_unit="YEAR",
        diagnoses=[{"code": "urn:miriam:icd:C50", "label": "Breast"}], commercial_use=False,
        description="Many",
        access_description="On request", access_url="https://bn.example/access",
        website="https://bn.example/all",
    )  # fmt: skip
    builders.collection(row, "part", parent=whole)
    Trait.objects.create(
        biobank=row, collection=whole, kind=TraitKind.MATERIAL, code="TISSUE_FROZEN"
    )
    Trait.objects.create(biobank=row, collection=whole, kind=TraitKind.FEE, code="samples")
    return row


def address(row: Biobank, language: str = "en") -> str:
    return f"/{language}/biobanks/{row.slug}/"


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)
