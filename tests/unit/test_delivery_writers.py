"""One file moves a delivery from state to state, and two statements that it names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ONE_FILE = "newsletter/models/delivery_states.py"
STATEMENTS = ("newsletter/sending/statements.py", {"BEGIN", "SETTLE"})
STATE_OF_OTHERS = {  # of mailings, sign-ups, subscribers, runs of the import; of an address's query
    "members/directory/importing.py",
    "members/import_admin.py",
    "members/models/import_runs.py",
    "newsletter/admin/lists.py",
    "newsletter/mailings/transitions.py",
    "newsletter/subscribers/acts.py",
    "newsletter/subscribers/sign_up_queue.py",
    "worker/outbox.py",
}
READS = {"filter", "exclude", "get", "Q", "When"}
SETS_A_STATE = re.compile(r"\bset\b[^;]*\bstate\s*=", re.IGNORECASE)


def sources() -> Iterator[tuple[str, ast.Module]]:
    """All that runs on a site; a migration tells what was, and bench/ makes rows to measure."""
    for path in ROOT.rglob("*.py"):
        place = path.relative_to(ROOT)
        hidden = place.parts[0].startswith(".") or place.parts[0] in {"tests", "bench", "var"}
        if not hidden and "migrations" not in place.parts:
            yield place.as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def writes_a_state(node: ast.AST) -> bool:
    """Whether it may: by a name, by the words of an UPDATE, or by a row that is saved."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), keywords=words):
            return name not in READS and any(word.arg == "state" for word in words)
        case ast.Dict(keys=keys):
            return any(isinstance(key, ast.Constant) and key.value == "state" for key in keys)
        case ast.Attribute(attr="state", ctx=ast.Store()):
            return True
        case ast.keyword(arg="update_fields", value=names):
            return '"state"' in ast.unparse(names).replace("'", '"')
    return False


def statements_of(tree: ast.Module) -> Iterator[ast.stmt]:
    """The smallest ones: what is said of one row at a time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not getattr(node, "body", None):
            yield node


def test_no_other_file_writes_the_state_of_a_delivery() -> None:
    writers = set()
    for place, tree in sources():
        for statement in statements_of(tree):
            if any(map(writes_a_state, ast.walk(statement))):
                is_delivery = "deliver" in ast.unparse(statement).lower()
                writers.add((place, is_delivery))
    assert {place for place, _is_delivery in writers} == {ONE_FILE, *STATE_OF_OTHERS}
    assert not {place for place, is_delivery in writers if is_delivery} - {ONE_FILE}


def test_two_statements_alone_say_it_in_sql() -> None:
    said = set()
    for place, tree in sources():
        for statement in statements_of(tree):
            texts = (node.value for node in ast.walk(statement) if isinstance(node, ast.Constant))
            if any(isinstance(text, str) and SETS_A_STATE.search(text) for text in texts):
                said.add((place, ast.unparse(statement).split(" = ")[0]))
    assert said == {(STATEMENTS[0], name) for name in STATEMENTS[1]}


def test_what_writes_a_state_is_seen() -> None:
    for source in (
        "rows.update(state=State.SENT)",
        "rows.update(**{'state': 'sent'})",
        "delivery.state, delivery.claim = 'sent', None",
        "delivery.save(update_fields=['state'])",
        "Delivery(state=DeliveryState.ACCEPTED)",
    ):
        assert any(map(writes_a_state, ast.walk(ast.parse(source)))), source
    assert not any(map(writes_a_state, ast.walk(ast.parse("rows.filter(state=State.SENT)"))))
