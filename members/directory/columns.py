"""What is asked of the Directory, and the query that asks it: the columns our fields are read from.

One column the Directory does not know fails its whole answer (GraphQL), and its model drifts: so
each is known by its name, and may be left out of the next question.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from members.directory.fields import BIOBANK_FIELDS, CODE_COLUMNS, COLLECTION_FIELDS, Fields

NODE = "BE"
NAMED = "{ name }"
LABELLED = "{ name label }"
STANDARD = "quality_standard { name label } certification_number"


def _told(fields: Fields) -> dict[str, str]:
    return {column: "" for columns, _read in fields.values() for column in columns}


# Column: what is selected below it.
BIOBANKS = {
    **dict.fromkeys(("id", "withdrawn"), ""),
    **_told(BIOBANK_FIELDS),
    "quality": f"{{ {STANDARD} assess_level_bio {LABELLED} }}",
    "network": "{ id name withdrawn }",
    "services": (
        f"{{ id name serviceTypes {LABELLED} description descriptionUrl"
        " accessDescription accessDescriptionUrl }"
    ),
}
COLLECTIONS = {
    **dict.fromkeys(("id", "withdrawn"), ""),
    **_told(COLLECTION_FIELDS),
    **dict.fromkeys((*CODE_COLUMNS, "diagnosis_available"), LABELLED),
    **dict.fromkeys(("order_of_magnitude", "order_of_magnitude_donors", "age_unit"), NAMED),
    **dict.fromkeys(("biobank", "parent_collection"), "{ id }"),
    "quality": f"{{ {STANDARD} assess_level_col {LABELLED} }}",
    "facts": (
        # They are many, and the labels of these two come with the collection's own codes.
        f"{{ disease {LABELLED} sex {NAMED} age_range {LABELLED} sample_type {NAMED}"
        " number_of_samples number_of_donors }"
    ),
}
TABLES = {"Biobanks": BIOBANKS, "Collections": COLLECTIONS}
# Without these there is nothing to import.
CORE = {
    "Biobanks": frozenset({"id", "name", "withdrawn"}),
    "Collections": frozenset({"id", "name", "withdrawn", "biobank"}),
}
# The Directory's types of what is selected below: it names them where it refuses a column of one.
TYPES = {
    ("Biobanks", "quality"): "QualityInfoBiobanks",
    ("Biobanks", "network"): "Networks",
    ("Biobanks", "services"): "Services",
    ("Collections", "quality"): "QualityInfoCollections",
    ("Collections", "facts"): "CollectionFacts",
}
IN_TYPE = re.compile(r"in type '(\w+)'")
WORDS_OF_ALL = frozenset({"id", "name", "label"})  # below many columns: they tell none apart
QUOTED = re.compile(r"'(\w+)'|\"(\w+)\"|[/.](\w+)\b")
PATH = re.compile(r"\b(\w+)/(\w+)")
TYPED = re.compile(r"'(\w+)' in type '(\w+)'")

Asked: TypeAlias = Mapping[str, frozenset[str]]  # table: its columns

EVERYTHING: Asked = {table: frozenset(columns) for table, columns in TABLES.items()}


def query(asked: Asked) -> str:
    """The GraphQL text for the node's rows of each table, with the columns asked for."""
    tables = " ".join(_table(table, columns) for table, columns in asked.items())
    return f"{{ {tables} }}"


def _table(table: str, asked: frozenset[str]) -> str:
    columns = " ".join(
        f"{name} {below}".strip() for name, below in TABLES[table].items() if name in asked
    )
    wanted = f'filter: {{ national_node: {{ id: {{ equals: "{NODE}" }} }} }}'
    return f"{table}({wanted}, orderby: {{ id: ASC }}) {{ {columns} }}"


def without(asked: Asked, messages: Iterable[str]) -> Asked:
    """The columns that no message of refusal names: by table and column, else by a word."""
    gone = {found for text in messages for found in _named(asked, text)}
    return {
        table: frozenset(column for column in columns if (table, column) not in gone)
        for table, columns in asked.items()
    }


def _named(asked: Asked, text: str) -> set[tuple[str, str]]:
    """As graphql-java says it: FieldUndefined@[Biobanks/pid], Field 'pid' in type 'Biobanks'."""
    pairs = set(PATH.findall(text)) | {(table, column) for column, table in TYPED.findall(text)}
    may_go = {(table, column) for table in asked for column in asked[table] - CORE[table]}
    if pairs & may_go:
        return pairs & may_go
    types = set(IN_TYPE.findall(text))
    of_type = {one for one in may_go if TYPES.get(one) in types}  # it stands below one of these
    words = {word for found in QUOTED.findall(text) for word in found if word}
    return {one for one in of_type or may_go if words & _words(*one)}


def left_out(asked: Asked) -> tuple[str, ...]:
    """As the log names them."""
    gone = (
        f"{table}.{column}"
        for table, columns in EVERYTHING.items()
        for column in columns - asked[table]
    )
    return tuple(sorted(gone))


def _words(table: str, column: str) -> set[str]:
    return {column, *re.findall(r"\w+", TABLES[table][column])} - WORDS_OF_ALL
