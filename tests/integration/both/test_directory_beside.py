"""What the Directory says beside: networks, services, quality, counts, labels; kept, none twice."""

from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from members.codes import AGE_RANGE, DISEASE, TraitKind
from members.finder.catalogue import catalogue
from members.models import Biobank, CodeLabel, Collection, Membership, NetworkPage
from members.models.code_labels import label
from pages.models import NodePage
from tests import builders
from tests.directory import (
    DirectoryServer,
    biobank_row,
    coded,
    collection_row,
    count_row,
    large_reply,
    network_row,
    quality_row,
    reply,
    send,
    service_row,
)
from tests.integration.directory_runs import last_run, run
from visitors.cache import generation

pytestmark = pytest.mark.django_db

BANK: dict[str, Any] = {
    "network": [network_row("Network of the North", 7)],
    "services": [service_row()],
    "quality": [quality_row()],
}
PART: dict[str, Any] = {
    "facts": [count_row()],
    "timestamp": "2026-05-04T09:53:13+0100",
    "quality": [quality_row(of="col")],
    "combined_quality": coded("eric"),
    "data_use": coded("DUO_0000007"),
}


@pytest.fixture
def network(home: NodePage) -> NetworkPage:
    return builders.network(home)


def networks() -> list[tuple[UUID, bool]]:
    return list(Membership.objects.values_list("network", "is_of_directory").order_by("pk"))


def test_what_it_says_is_stored(directory: DirectoryServer, network: NetworkPage) -> None:
    directory.says(reply([biobank_row(**BANK)], [collection_row(**PART)]))
    run()
    biobank, collection = Biobank.objects.get(), Collection.objects.get()
    assert biobank.services[0]["name"] == "Sequencing"
    assert str(biobank.told.hosted_by) == "A hospital"
    assert (collection.counts[0]["samples"], str(collection.counted)) == (20, "2026-05-04")
    assert collection.quality[0]["standard"] == "ISO 20387:2018"
    assert collection.labels(TraitKind.DATA_USE) == ["Research on a stated disease"]
    assert networks() == [(network.translation_key, True)]
    (entry,) = catalogue().in_network(network.slug)
    assert str(entry.host) == "A hospital"
    assert "Sequencing" in entry.texts


def test_a_code_that_we_do_not_know_is_said_in_the_directorys_words(
    directory: DirectoryServer,
) -> None:
    told = [{"name": "NEW_ONE", "label": "Tears"}]
    directory.says(reply([biobank_row()], [collection_row(materials=told, facts=[count_row()])]))
    run()
    generation.forget()
    assert label(TraitKind.MATERIAL, "NEW_ONE") == "Tears"
    with override("fr"):
        assert label(TraitKind.MATERIAL, "NEW_ONE").__html__() == '<span lang="en">Tears</span>'  # type: ignore[attr-defined]  # marked words alone have it
    kept = {(one.kind, one.code): one.label for one in CodeLabel.objects.all()}
    assert kept[DISEASE, "urn:miriam:icd:C50"] == "Label of urn:miriam:icd:C50"
    assert kept[AGE_RANGE, "Aged (>80 years)"] == "Aged"
    told[0]["label"] = "Tear fluid"
    directory.says(reply([biobank_row()], [collection_row(materials=told)]))
    run()
    assert CodeLabel.objects.get(code="NEW_ONE").label == "Tear fluid"
    assert CodeLabel.objects.filter(kind=DISEASE).exists()


def test_a_second_run_writes_nothing(directory: DirectoryServer, network: NetworkPage) -> None:
    whole = large_reply(10, 3)
    whole["data"]["Biobanks"][0]["network"] = BANK["network"]
    directory.says(whole)
    run()
    assert Membership.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        run()
    tables = [model._meta.db_table for model in (Biobank, Collection, CodeLabel, Membership)]
    writes = [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPD", "DEL"))]
    assert not [sql for sql in writes if any(table in sql for table in tables)]


def test_a_network_is_known_by_its_id_else_by_a_name_and_kept_until_it_is(
    directory: DirectoryServer, home: NodePage
) -> None:
    directory.says(reply([biobank_row(network=[network_row("Réseau du Nord", 7)])]))
    run()
    assert "no network of ours is “Réseau du Nord”" in last_run().notes
    assert networks() == []
    named = builders.network(home, "Someone", own_name="RESEAU DU NORD")
    run()
    assert networks() == [(named.translation_key, True)]
    sure = builders.network(home, "Another", directory_id="bbmri-eric:networkID:BE_7")
    run()
    assert networks() == [(sure.translation_key, True)]
    assert "no network" not in last_run().notes


def test_a_membership_that_an_editor_wrote_stands(
    directory: DirectoryServer, home: NodePage, network: NetworkPage
) -> None:
    directory.says(reply([biobank_row(**BANK)]))
    run()
    other = builders.network(home, "Other", acronym="O")
    Membership.objects.update(until="2020-01-01", is_of_directory=False)
    Membership.objects.create(biobank=Biobank.objects.get(), network=other.translation_key)
    run()
    assert networks() == [(network.translation_key, False), (other.translation_key, False)]


def test_what_the_directory_takes_back_goes_and_what_it_is_not_asked_stays(
    directory: DirectoryServer, network: NetworkPage
) -> None:
    directory.says(reply([biobank_row(**BANK)], [collection_row(**PART)]))
    run()

    bare = reply([biobank_row()], [collection_row()])
    unknown = {"network", "services", "facts", "timestamp", "combined_quality", "data_use"}

    def refuse(handler: BaseHTTPRequestHandler, query: str) -> None:
        errors = [{"message": f"Field '{one}' is undefined"} for one in unknown & {*query.split()}]
        send(handler, {"errors": errors} if errors else bare)

    directory.answer = refuse
    run()
    biobank, collection = Biobank.objects.get(), Collection.objects.get()
    assert biobank.services
    assert collection.counts
    assert collection.counted
    assert collection.labels(TraitKind.LEVEL) == ["BBMRI-ERIC"]
    assert networks() == [(network.translation_key, True)]
    directory.says(bare)
    run()
    biobank.refresh_from_db()
    collection.refresh_from_db()
    assert (biobank.services, collection.counts, collection.counted) == ([], [], None)
    assert not collection.traits.filter(kind__in=[TraitKind.LEVEL, TraitKind.DATA_USE]).exists()
    assert networks() == []
