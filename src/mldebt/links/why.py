"""Why a definition counts as alive or dead, in sentences."""

from __future__ import annotations

from mldebt.errors import UsageError
from mldebt.links.repository import Repository

_MOST_NAMED = 5


def why(repository: Repository, path: str, name: str) -> list[str]:
    """The way from an entry point to the definition `name` of `path`, a line a step; or what makes it dead.

    An empty name asks for the module itself. Raises UsageError, naming the nearest, if there is no such thing.
    """
    nodes = _nodes(repository, path, name)
    lines: list[str] = []
    for node in nodes:
        lines.extend(_alive(repository, node) if node in repository.reach else _dead(repository, node))
    return lines


def _nodes(repository: Repository, path: str, name: str) -> list[int]:
    found = [unit for unit in repository.units if unit.path == path]
    if not found:
        raise UsageError(f"no Python file {path} was read{_nearest(path, [u.path for u in repository.units])}")
    names = {d.name: u.base + i for u in found for i, d in enumerate(u.facts.definitions)}
    exact = [u.base + i for u in found for i, d in enumerate(u.facts.definitions) if d.name == name]
    short = [node for full, node in names.items() if full.rpartition(".")[2] == name]
    if not exact and not short:
        raise UsageError(f"{path} defines no `{name}`{_nearest(name, list(names))}")
    return exact or short


def _nearest(wanted: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wanted, known, n=1)
    return f": did you mean {close[0]}" if close else ""


def _alive(repository: Repository, node: int) -> list[str]:
    steps = repository.reach.chain(node)
    lines = [f"{_label(repository, node)} is alive:"]
    for depth, (step, why_reached) in enumerate(steps):
        lines.append(f"{'  ' * (depth + 1)}{_label(repository, step)} {why_reached}")
    return lines


def _dead(repository: Repository, node: int) -> list[str]:
    lines = [f"{_label(repository, node)} is dead:"]
    callers = [n for group in repository.dead for n in (group.root, *group.members) if n != node]
    callers = [n for n in callers if node in repository.graph.targets(n).nodes]
    for caller in callers[:_MOST_NAMED]:
        lines.append(f"  only {_label(repository, caller)} refers to it, which is dead too")
    if not callers:
        lines.append("  nothing that an entry point reaches refers to it")
    return lines


def _label(repository: Repository, node: int) -> str:
    unit = repository.graph.resolver.unit_of(node)
    definition = repository.graph.resolver.definition(node)
    cell = f"cell {definition.at.cell}:" if definition.at.cell else ""
    if definition.kind == "module":
        return f"module {unit.path}"
    return f"{definition.kind} `{definition.name}` ({unit.path}:{cell}{definition.at.line})"
