"""Collections that are parts of others."""

from collections.abc import Mapping


def without_cycles(parents: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """The parents, of parts that are no part of themselves, and those that are."""
    settled: set[str] = set()
    cyclic: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}  # each with its place
        one = start
        while one in parents and one not in settled and one not in path:
            path[one] = len(path)
            one = parents[one]
        if one in path:
            cyclic.update(list(path)[path[one] :])
        settled.update(path)
    return {part: whole for part, whole in parents.items() if part not in cyclic}, cyclic


def effectively_withdrawn(withdrawn: set[str], parents: Mapping[str, str]) -> set[str]:
    """Those withdrawn and their parts, the parts' parts, and so on. `parents` has no cycle."""
    known: dict[str, bool] = dict.fromkeys(withdrawn, True)
    for start in parents:
        path = []
        one = start
        while one in parents and one not in known:
            path.append(one)
            one = parents[one]
        known |= dict.fromkeys(path, known.get(one, False))
    return {one for one, is_gone in known.items() if is_gone}
