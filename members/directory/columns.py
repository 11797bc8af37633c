"""What is asked of the Directory, and the query that asks it.

One column the Directory does not know fails its whole answer (GraphQL), and its model drifts: so
each is named here once, and may be left out of the next question.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

NODE = "BE"
NAMED = "{ name }"

# Column: what is selected below it.
BIOBANKS = {
    "id": "",
    "name": "",
    "withdrawn": "",
    "pid": "",
    "acronym": "",
    "description": "",
    "url": "",
    "location": "",
    "latitude": "",
    "longitude": "",
    "juridical_person": "",
    "collaboration_commercial": "",
    "collaboration_non_for_profit": "",
    "quality": "{ quality_standard { name label } assess_level_bio { name } certification_number }",
}
COLLECTIONS = {
    "id": "",
    "name": "",
    "withdrawn": "",
    "biobank": "{ id }",
    "parent_collection": "{ id }",
    "acronym": "",
    "description": "",
    "url": "",
    "type": NAMED,
    "data_categories": NAMED,
    "categories": NAMED,
    "materials": NAMED,
    "storage_temperatures": NAMED,
    "sex": NAMED,
    "order_of_magnitude": NAMED,
    "size": "",
    "order_of_magnitude_donors": NAMED,
    "number_of_donors": "",
    "age_low": "",
    "age_high": "",
    "age_unit": NAMED,
    "diagnosis_available": "{ name label }",
    "commercial_use": "",
    "access_fee": NAMED,
    "access_joint_project": NAMED,
    "access_description": "",
    "access_uri": "",
}
TABLES = {"Biobanks": BIOBANKS, "Collections": COLLECTIONS}
# Without these there is nothing to import.
CORE = {
    "Biobanks": frozenset({"id", "name", "withdrawn"}),
    "Collections": frozenset({"id", "name", "withdrawn", "biobank"}),
}
WORDS_OF_ALL = frozenset({"id", "name", "label"})  # below many columns: they tell none apart
QUOTED = re.compile(r"'(\w+)'|\"(\w+)\"|[/.](\w+)\b")

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
    """The columns that no message of refusal names."""
    named = {word for text in messages for found in QUOTED.findall(text) for word in found if word}
    return {
        table: frozenset(
            column
            for column in columns
            if column in CORE[table] or not named & _words(table, column)
        )
        for table, columns in asked.items()
    }


def _words(table: str, column: str) -> set[str]:
    return {column, *re.findall(r"\w+", TABLES[table][column])} - WORDS_OF_ALL
