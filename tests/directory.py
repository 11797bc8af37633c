"""A Directory for tests: answers in its shape, and a local HTTP server that gives them."""

import json
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from members.codes import AgeRange, AgeUnit, Category, CollectionType, Material, Sex, Temperature

Row = dict[str, Any]
Answer = Callable[[BaseHTTPRequestHandler, str], None]  # gets the query's text
CITIES = ("Ghent", "Liège", "Antwerp", "Leuven", "Brussels", "Namur", "Hasselt")


def biobank_id(number: int | str) -> str:
    return f"bbmri-eric:ID:BE_{number}"


def collection_id(biobank: int | str, name: int | str = "all") -> str:
    return f"{biobank_id(biobank)}:collection:{name}"


def biobank_row(number: int | str = 1, **columns: Any) -> Row:
    """A biobank as the Directory answers it; None leaves a column out, as the Directory does."""
    row = {
        "id": biobank_id(number),
        "pid": f"21.T12995/be-{number}",
        "name": f"Biobank {number}",
        "acronym": f"B{number}",
        "description": "Samples of many patients.",
        "url": f"https://biobank.example/{number}",
        "location": "Ghent",
        "latitude": "51.02",
        "longitude": "3.73",
        "juridical_person": "A hospital",
        "collaboration_commercial": True,
        "collaboration_non_for_profit": True,
        "withdrawn": False,
    } | columns
    return {name: value for name, value in row.items() if value is not None}


def collection_row(biobank: int | str = 1, part: int | str = "all", **columns: Any) -> Row:
    row = {
        "id": collection_id(biobank, part),
        "name": f"Collection {part}",
        "biobank": {"id": biobank_id(biobank)},
        "withdrawn": False,
        "type": coded("HOSPITAL"),
        "data_categories": coded("BIOLOGICAL_SAMPLES"),
        "materials": coded("TISSUE_FROZEN", "SERUM"),
        "storage_temperatures": coded("temperature-60to-85"),
        "sex": coded("FEMALE", "MALE"),
        "order_of_magnitude": {"name": "4", "label": "10.000 - 100.000"},
    } | columns
    return {name: value for name, value in row.items() if value is not None}


def coded(*codes: str) -> list[Row]:
    return [{"name": code, "label": code.title()} for code in codes]


def network_row(name: str, number: int | str = 1, **columns: Any) -> Row:
    """A network below a biobank."""
    return {"id": f"bbmri-eric:networkID:BE_{number}", "name": name} | columns


def service_row(name: str | None = "Sequencing", **columns: Any) -> Row:
    return {
        "id": "bbmri-eric:serviceID:BE_1",
        "name": name,
        "serviceTypes": coded("technologiesBioanalytics"),
        "description": "Of whole genomes.",
        "descriptionUrl": "https://biobank.example/sequencing",
        "accessDescription": "Write to us.",
    } | columns


def quality_row(standard: str = "ISO 20387:2018", *, of: str = "bio", **columns: Any) -> Row:
    """`of`: bio for a biobank, col for a collection."""
    return {
        "quality_standard": {"name": standard.lower(), "label": standard},
        f"assess_level_{of}": {"name": "eric", "label": "BBMRI-ERIC audited"},
    } | columns


def count_row(disease: str = "urn:miriam:icd:C50", **columns: Any) -> Row:
    """A row of the fact table, below its collection."""
    return {
        "disease": {"name": disease, "label": f"Label of {disease}"},
        "sex": {"name": "FEMALE"},
        "age_range": {"name": AgeRange.OLDEST, "label": "Aged"},
        "sample_type": {"name": "DNA"},
        "number_of_samples": 20,
        "number_of_donors": 10,
    } | columns


def reply(biobanks: list[Row] | None = None, collections: list[Row] | None = None) -> Row:
    """A whole answer. A table that is empty is not in it, as the Directory does."""
    tables = {"Biobanks": biobanks, "Collections": collections}
    return {"data": {name: rows for name, rows in tables.items() if rows}}


def large_reply(biobanks: int, collections_each: int) -> Row:
    """Rows that differ, with every column of a collection."""
    banks = [
        biobank_row(
            number,
            location=CITIES[number % len(CITIES)],
            latitude=str(50.4 + number % 40 / 100),
            longitude=str(4.4 + number % 50 / 100),
            description=f"Samples number {number}. " * 20,
            collaboration_commercial=number % 3 == 0,
            network=[network_row(f"Network {number % 3}", number % 3)],
            services=[service_row()] if number % 4 == 0 else None,
            quality=[quality_row()] if number % 5 == 0 else None,
        )
        for number in range(biobanks)
    ]
    return reply(
        banks,
        [_full_row(number, name) for number in range(biobanks) for name in range(collections_each)],
    )


def _full_row(biobank: int, name: int) -> Row:
    turn = biobank + name
    return collection_row(
        biobank,
        name,
        parent_collection={"id": collection_id(biobank, 0)} if name == 1 else None,
        description=f"Collection {name} of biobank {biobank}. " * 20,
        type=coded(CollectionType.values[turn % 16], "SAMPLE"),
        materials=coded(*{Material.values[(turn + step) % 21] for step in (0, 3, 7)}),
        storage_temperatures=coded(Temperature.values[turn % 6]),
        categories=coded(Category.values[turn % 10]),
        sex=coded(*Sex.values[: turn % 3]),
        size=turn * 10,
        number_of_donors=turn,
        age_low=0,
        age_high=turn % 99,
        age_unit={"name": AgeUnit.YEAR},
        diagnosis_available=[
            {"name": f"urn:miriam:icd:C{code}", "label": f"Malignant neoplasm of site {code}"}
            for code in range(turn % 60, turn % 60 + 40)
        ],
        commercial_use=turn % 2 == 0,
        facts=[count_row(f"urn:miriam:icd:C{turn % 90}", number_of_samples=n) for n in range(4)],
        timestamp="2026-05-04T09:53:13+0100",
        quality=[quality_row(of="col")] if turn % 5 == 0 else None,
        combined_quality=coded("eric") if turn % 5 == 0 else None,
        data_use=coded("DUO_0000007", "DUO_0000021"),
        access_description="Ask the biobank.",
        access_uri="https://biobank.example/access",
    )


@dataclass
class DirectoryServer:
    """Answers at `url` as `answer` says; `queries` are those it got."""

    url: str = ""
    answer: Answer = field(default=lambda handler, query: send(handler, reply()))
    queries: list[str] = field(default_factory=list)

    def says(self, body: Mapping[str, Any]) -> None:
        self.answer = lambda handler, query: send(handler, body)

    def lacks(self, whole: Row, *gone: str) -> None:
        """Its model has changed: these columns ("Biobanks.pid") are gone."""

        def answer(handler: BaseHTTPRequestHandler, query: str) -> None:
            body = selected(whole, query, gone)
            send(handler, body, status=400 if "errors" in body else 200)

        self.answer = answer


def selected(whole: Row, query: str, gone: Collection[str] = ()) -> Row:
    """What EMX2 answers of a whole reply: the columns that are asked for. Of those that are gone
    ("Biobanks.pid") it names one a question.
    """
    asked = {}
    for table, rest in re.findall(r"(\w+)\(filter: [^)]*\)((?:(?!\w+\().)*)", query):
        while rest != (rest := re.sub(r"(?<=\w )\{[^{}]*\}", "", rest)):
            continue
        asked[table] = rest.strip(" {}").split()
    for table, columns in asked.items():
        for column in columns:
            if f"{table}.{column}" in gone:
                where = f"(FieldUndefined@[{table}/{column}])"
                what = f"Field '{column}' in type '{table}' is undefined"
                return {"errors": [{"message": f"Validation error {where} : {what}"}]}
    tables = {
        table: [{name: row[name] for name in columns if name in row} for row in rows]
        for table, columns in asked.items()
        if (rows := whole["data"].get(table))
    }
    return {"data": tables}


def send(
    handler: BaseHTTPRequestHandler,
    body: Mapping[str, Any] | bytes,
    *,
    status: int = 200,
    content_type: str = "application/json",
    encoding: str = "identity",
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Encoding", encoding)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def redirect(handler: BaseHTTPRequestHandler, address: str, status: int = 302) -> None:
    handler.send_response(status)
    handler.send_header("Location", address)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def drip(handler: BaseHTTPRequestHandler, *, seconds: float, in_headers: bool = False) -> None:
    """A byte at a time, each soon enough for a time-out that is only about silence."""
    if not in_headers:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
    else:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return  # who asked has gone, as it should


@contextmanager
def directory_server() -> Iterator[DirectoryServer]:
    directory = DirectoryServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            query = json.loads(self.rfile.read(length))["query"]
            directory.queries.append(query)
            directory.answer(self, query)

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002  its own name
            """Tests' output is for tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    directory.url = f"http://127.0.0.1:{server.server_port}/ERIC/graphql"
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
