"""What would take the place of copies: worked out late, for the clone findings that stand and take most to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.judge.examine import crash
from mldebt.judge.pool import Crew, Lost
from mldebt.judge.prove import read
from mldebt.model import Code, FileFacts, Finding, Place, Problem, Span, Suggestion
from mldebt.proof.hollow import Outline, hollow, outlines
from mldebt.proof.piece import MOST_LINES, Cut, Piece
from mldebt.read.discover import kind_of
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode
from mldebt.read.tree import Tree

MOST_CLASSES = 30  # the dearest of a scan
_MOST_MEMBERS = 40
_FAMILY = "clones"
_UNITS = ("class", "function", "method", "cell", "block")


class Wanted(NamedTuple):
    """A member that has to be cut out: its places, and the unit it is."""

    places: tuple[Place, ...]
    unit: str


class Cutting(NamedTuple):
    """A file and the members in it; the `outline` is that of a file with one module."""

    path: str
    data: bytes
    wanted: tuple[Wanted, ...]
    outline: tuple[Outline, ...] = ()


class Copies(NamedTuple):
    """A clone class by its number, with its members cut out; `members` counts all it has."""

    number: int
    pieces: tuple[Piece, ...]
    members: int


class Suggested(NamedTuple):
    """The findings, and what could not be worked out."""

    findings: tuple[Finding, ...]
    problems: list[Problem]


class Sight(NamedTuple):
    """The tree, and what is known of its files."""

    tree: Tree
    files: Mapping[str, FileFacts]


def suggest_all(findings: Sequence[Finding], sight: Sight, workers: int, known: Set[str] = frozenset()) -> Suggested:
    """The findings, those of clone classes with their suggestion but those `known` by fingerprint.

    `workers` processes share the work.
    """
    chosen = [n for n in _dearest(findings) if findings[n].fingerprint not in known]
    if not chosen:
        return Suggested(tuple(findings), [])
    problems: list[Problem] = []
    pieces = _cut_out({n: _members(findings[n]) for n in chosen}, sight, workers, problems)
    classes = [Copies(n, tuple(pieces[n]), 1 + len(findings[n].see)) for n in chosen]
    found: dict[int, Suggestion] = {}
    for job, value in Crew(_of_class, workers).do(classes, _weight):
        if isinstance(value, Lost):
            problems.append(Problem(findings[job.number].at.path, value.what, value.kind))
        else:
            outcome, problem = msgspec.msgpack.decode(value, type=tuple[Suggestion | None, Problem | None])
            if outcome is not None:
                found[job.number] = outcome
            if problem is not None:
                problems.append(problem)
    done = (msgspec.structs.replace(f, suggestion=found[n]) if n in found else f for n, f in enumerate(findings))
    return Suggested(tuple(done), sorted(problems, key=lambda p: (p.path, p.what)))


def _dearest(findings: Sequence[Finding]) -> list[int]:
    clones = [n for n, f in enumerate(findings) if f.family == _FAMILY and f.see and _unit(f) in _UNITS]
    return sorted(sorted(clones, key=lambda n: (-findings[n].minutes, n))[:MOST_CLASSES])


def _unit(finding: Finding) -> str:
    return finding.see[0].kind or ""


def _members(finding: Finding) -> list[tuple[str, Wanted]]:
    """The members that are looked at, with their paths."""
    spans = [finding.at, *finding.see][:_MOST_MEMBERS]
    return [(span.path, Wanted(_places(span), span.kind or _unit(finding))) for span in spans]


def _places(span: Span) -> tuple[Place, ...]:
    return span.parts or (Place(span.line, span.end_line, span.column, span.cell),)


def _cut_out(
    classes: dict[int, list[tuple[str, Wanted]]], sight: Sight, workers: int, problems: list[Problem]
) -> dict[int, list[Piece]]:
    """The members of each class; a file is parsed once, whatever lies in it."""
    by_path: dict[str, list[tuple[int, int, Wanted]]] = defaultdict(list)
    for number, members in classes.items():
        for index, (path, wanted) in enumerate(members):
            by_path[path].append((number, index, wanted))
    entries = {entry.path: entry for entry in sight.tree.entries()[0]}
    jobs = [
        Cutting(
            path, read(sight.tree, entries.get(path)), tuple(w for *_, w in members), _outline(sight.files.get(path))
        )
        for path, members in sorted(by_path.items())
    ]
    found: dict[tuple[int, int], Piece] = {}
    for job, value in Crew(_of_file, workers).do(jobs, lambda job: len(job.data)):
        if isinstance(value, Lost):
            problems.append(Problem(job.path, value.what, value.kind))
            pieces = [Piece(job.path, refusal="the file could not be looked at")] * len(job.wanted)
        else:
            pieces = msgspec.msgpack.decode(value, type=list[Piece])
        for (number, index, _), piece in zip(by_path[job.path], pieces, strict=True):
            found[number, index] = piece
    return {number: [found[number, index] for index in range(len(members))] for number, members in classes.items()}


def _outline(facts: FileFacts | None) -> tuple[Outline, ...]:
    """The definitions of a Python file; none of a notebook, whose places are those of its cells."""
    return outlines(facts.modules[0]) if facts is not None and facts.kind == "python" and facts.modules else ()


def _of_file(job: Cutting) -> bytes:
    """The pieces of a file. As in `examine`, this is the worker's door."""
    try:
        pieces = _pieces(job)
    except Exception as error:  # noqa: BLE001 - one file must not end the scan; no suggestion is made of it
        pieces = [Piece(job.path, refusal=crash(error))] * len(job.wanted)
    return msgspec.msgpack.encode(pieces)


def _pieces(job: Cutting) -> list[Piece]:
    from mldebt.facts.syntax import Module, parse
    from mldebt.proof.border import Use, uses_of
    from mldebt.proof.piece import cut

    try:
        codes, commands = _codes(job)
        modules: dict[int, tuple[Module, list[Use]]] = {}
        found: list[Piece] = []
        for wanted in job.wanted:
            number = _code_of(codes, wanted.places)
            if number not in modules:
                here = [s for w in job.wanted for s in _stretches(codes[number], w.places)]
                module = Module(codes[number], parse(hollow(codes[number].text, job.outline, here)))
                modules[number] = module, uses_of(module)
            stretches = _stretches(codes[number], wanted.places)
            wish = Cut(stretches, wanted.unit, commands if number == 0 else ())
            found.append(cut(*modules[number], job.path, wish))
    except Unreadable:
        return [Piece(job.path, refusal="the file could not be read again")] * len(job.wanted)
    return found


def _codes(job: Cutting) -> tuple[tuple[Code, ...], tuple[int, ...]]:
    """The modules of a file, and in which lines of the first of them commands stand."""
    if kind_of(job.path) != "notebook":
        return (Code(decode(job.data)),), ()
    book = read_notebook(job.data)
    if not book.codes:
        raise Unreadable("has no code in Python", "unparsable")
    firsts = {cell.number: cell.first - 1 for cell in book.cells}
    return book.codes, tuple(firsts.get(c.cell or 0, 0) + c.line for c in book.commands)


def _code_of(codes: Sequence[Code], places: Iterable[Place]) -> int:
    """The number of the module that holds the places: the notebook's own, or one that its cells write."""
    cells = {place.cell for place in places}
    fits = (n for n, code in enumerate(codes) if cells & {cell.number for cell in code.cells})
    return next(fits, 0)


def _stretches(code: Code, places: Sequence[Place]) -> tuple[tuple[int, int], ...]:
    firsts = {cell.number: cell.first - 1 for cell in code.cells}
    shifts = [firsts.get(place.cell, 0) if place.cell is not None else 0 for place in places]
    return tuple(sorted((p.line + shift, p.end_line + shift) for p, shift in zip(places, shifts, strict=True)))


def _weight(job: Copies) -> int:
    """Half the text: to load libcst in one more process costs as much as some hundred members."""
    return sum(len(piece.text) for piece in job.pieces) // 2


def _of_class(job: Copies) -> bytes:
    """The suggestion for a class. As in `examine`, this is the worker's door."""
    problem: Problem | None = None
    outcome: Suggestion | None = None
    try:
        if max((p.lines for p in job.pieces), default=0) <= MOST_LINES:
            from mldebt.proof.abstraction import abstract

            outcome = abstract(job.pieces, job.members)
    except Exception as error:  # noqa: BLE001 - one class must not end the scan; the problem is shown and counted
        problem = Problem(job.pieces[0].path, crash(error), "crashed")
    return msgspec.msgpack.encode((outcome, problem))
