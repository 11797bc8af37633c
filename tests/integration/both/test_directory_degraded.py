"""An answer without some columns is degraded: what they said before is kept, and it is said."""

from http.server import BaseHTTPRequestHandler
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.directory import importing
from members.management.commands.import_directory import DEGRADED
from members.models import Biobank, Collection, ImportRun, Trait
from tests.directory import (
    Answer,
    DirectoryServer,
    biobank_id,
    biobank_row,
    collection_id,
    collection_row,
    large_reply,
    reply,
    send,
)
from tests.integration.directory_runs import due_run, last_run, run

pytestmark = pytest.mark.django_db
State = ImportRun.State


def refusing(*columns: str) -> Answer:
    """As GraphQL does: one unknown column fails the whole question."""

    def answer(handler: BaseHTTPRequestHandler, query: str) -> None:
        of_biobanks = query.partition("Collections(")[0].split()
        unknown = [column for column in columns if column in of_biobanks]
        errors = [{"message": f"Field '{one}' in type 'Biobanks' is undefined"} for one in unknown]
        row = {name: value for name, value in biobank_row(pid="new/pid").items() if name in query}
        whole = reply([row | {"name": "New name"}], [collection_row()])
        send(handler, {"errors": errors} if errors else whole, status=400 if errors else 200)

    return answer


def test_an_unknown_column_is_left_out_and_its_field_left_alone(
    directory: DirectoryServer,
) -> None:
    run()
    directory.answer = refusing("pid", "acronym")
    assert "note: The Directory refused: Field 'pid'" in run()
    biobank = Biobank.objects.get()
    assert (biobank.name, biobank.pid, biobank.acronym) == ("New name", "21.T12995/be-1", "B1")
    assert biobank.website == "https://biobank.example/1"
    assert len(directory.queries) == 3
    assert "Fewer columns" in last_run().notes


def test_when_leaving_out_does_not_help_the_smallest_question_is_asked(
    directory: DirectoryServer,
) -> None:
    run()

    def only_the_core(handler: BaseHTTPRequestHandler, query: str) -> None:
        if "website" in query or "materials" in query:
            half = reply([biobank_row()])
            send(handler, half | {"errors": [{"message": "Something went wrong"}]})
        else:
            core = {"id": biobank_id(1), "name": "New name", "withdrawn": False}
            part = {"id": collection_id(1), "name": "All", "biobank": {"id": biobank_id(1)}}
            send(handler, reply([core], [part]))

    directory.answer = only_the_core
    run()
    assert Biobank.objects.get().name == "New name"
    assert Biobank.objects.get().acronym == "B1"
    assert Collection.objects.get().traits.exists()
    assert Collection.objects.get().withdrawn is None
    assert last_run().state == State.DEGRADED


def test_a_part_of_what_is_withdrawn_stays_so_when_its_parent_may_not_be_asked(
    directory: DirectoryServer,
) -> None:
    parts = {"parent_collection": {"id": collection_id(1, "whole")}}
    listed = [collection_row(1, "whole"), collection_row(1, "part", **parts)]
    listed.append(collection_row(1, "other"))
    directory.says(reply([biobank_row()], listed))
    run()
    gone = [collection_row(1, "whole", withdrawn=True), *listed[1:]]
    directory.says(reply([biobank_row()], gone))
    assert "2 withdrawn" in run("--force")

    def refuse_parents(handler: BaseHTTPRequestHandler, query: str) -> None:
        if "parent_collection" in query:
            send(handler, {"errors": [{"message": "Field 'parent_collection'"}]}, status=400)
        else:
            rows = [{name: row[name] for name in row if name in query} for row in gone]
            send(handler, reply([biobank_row()], rows))

    directory.answer = refuse_parents
    assert "0 back again" in run()
    assert Collection.objects.shown().get().directory_id == collection_id(1, "other")


def test_a_column_is_left_out_however_many_are_refused(directory: DirectoryServer) -> None:
    names = ("pid", "acronym", "url", "location", "latitude", "longitude", "juridical_person")
    directory.answer = refusing(*names)
    assert run().count("Field '") == 5  # of all that was refused, the log names some
    assert len(directory.queries) == 2


def test_an_answer_without_two_columns_is_degraded_and_loses_nothing(
    directory: DirectoryServer, caplog: pytest.LogCaptureFixture
) -> None:
    whole = large_reply(1, 2)
    directory.says(whole)
    run()
    models = (Biobank, Collection, Trait)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    gone = ("Biobanks.juridical_person", "Collections.materials")
    directory.lacks(whole, *gone)
    with pytest.raises(CommandError) as error:
        call_command("import_directory", stdout=StringIO())
    assert error.value.returncode == DEGRADED
    assert "Degraded: the Directory refused Biobanks.juridical_person" in str(error.value)
    assert "degraded, without Biobanks.juridical_person, Collections.materials." in caplog.text
    assert last_run().state == State.DEGRADED
    assert f"left out, and kept as they were before: {', '.join(gone)}" in last_run().notes
    assert ImportRun.objects.latest_done() == last_run()
    assert not importing.is_due(timezone.now())
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    directory.says(whole)
    assert run().endswith("0 added, 0 changed, 0 withdrawn, 0 back again.\n")
    assert last_run().state == State.DONE


def test_the_worker_says_that_an_answer_is_degraded(
    directory: DirectoryServer, caplog: pytest.LogCaptureFixture
) -> None:
    directory.lacks(reply([biobank_row()], [collection_row()]), "Biobanks.pid")
    assert due_run(directory) == 2
    assert "The Directory's answer is degraded, without Biobanks.pid." in caplog.text
    assert due_run(directory) == 0
