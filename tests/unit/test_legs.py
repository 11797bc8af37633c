"""What one leg of the tests leaves out, the other runs: nothing falls between them."""

from itertools import product

import pytest

from tests.legs import LEGS, Case, Record, cases_of, left_out

FILES = [f"tests/{folder}/test_{name}.py" for folder, name in product(("unit", "e2e"), "abcdefg")]
ONCE = [Case(f"{file}::test_{number}") for file in FILES for number in range(30)]
EACH = [Case(f"tests/integration/both/test_h.py::test_{number}", legs=LEGS) for number in "ij"]


def test_the_legs_together_run_every_test() -> None:
    legs = [cases_of(leg, [*ONCE, *EACH]) for leg in LEGS]
    assert set.union(*legs) == {case.name for case in [*ONCE, *EACH]}
    assert set.intersection(*legs) == {case.name for case in EACH}
    assert all(leg > set.intersection(*legs) for leg in legs)


def test_a_file_stays_whole() -> None:
    for leg in LEGS:
        chosen = cases_of(leg, ONCE)
        files = {name.partition("::")[0] for name in chosen}
        assert chosen == {case.name for case in ONCE if case.file in files}


def test_what_is_of_one_leg_runs_there_alone() -> None:
    case = Case("tests/e2e/test_a.py::test_k", legs=("PostgreSQL",))
    assert [case.name in cases_of(leg, [*ONCE, case]) for leg in LEGS] == [False, True]


def test_the_order_of_the_tests_makes_no_difference() -> None:
    assert cases_of("SQLite", ONCE) == cases_of("SQLite", ONCE[::-1])


@pytest.mark.parametrize(
    ("found", "other_found", "missing"),
    [("a", "a", ["b"]), ("ab", "a", []), ("", "", ["a", "b"]), ("a", "bc", [])],
)
def test_what_no_leg_ran_is_named(found: str, other_found: str, missing: list[str]) -> None:
    records = [Record(set("ab"), set(found)), Record(set("ab"), set(other_found))]
    assert left_out(records) == missing
