"""A suggestion as it has to be carried out: its members cut out of their files, and the shared code."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mldebt.facts.syntax import Module
from mldebt.model import Code
from mldebt.proof.border import uses_of
from mldebt.proof.piece import Cut, Piece, cut
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode

_IMPORTS = (ast.Import, ast.ImportFrom)
SHARED = "shared_code"
_ALONG = re.compile(r"^# moves along: (.*)$", re.MULTILINE)


class NotCarried(Exception):
    """A suggestion that this benchmark does not know to carry out; the text says why."""


class Task(NamedTuple):
    """A suggestion: its members cut out, in the order of `calls`; `code` is the shared code, `name` what it defines."""

    pieces: tuple[Piece, ...]
    calls: tuple[str, ...]
    code: str
    name: str
    form: str  # function, class, method, constructor, template, block, step, sibling (of one class) or definitions
    one_file: bool


def text_of(path: Path) -> str:
    """The Python of a file; of a notebook what its cells are joined to."""
    data = path.read_bytes()
    return read_notebook(data).codes[0].text if path.suffix == ".ipynb" else Code(decode(data)).text


def task_of(root: Path, finding: dict[str, Any]) -> Task:
    """The suggestion of a finding. Raises NotCarried if a member is not what the report says."""
    suggestion = finding["suggestion"]
    spans = [finding["at"], *finding["see"]]
    unit = finding["see"][0]["kind"]
    pieces = tuple(_piece(root, spans[n], spans[n].get("kind") or unit) for n in suggestion["members"])
    if any(piece.refusal for piece in pieces):
        raise NotCarried("a member could not be cut out")
    tree = ast.parse(suggestion["skeleton"])
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    one_file = len({piece.path for piece in pieces}) == 1
    form = _form(pieces[0], defined[-1], suggestion["calls"][0])
    return Task(pieces, tuple(suggestion["calls"]), suggestion["skeleton"], defined[-1].name, form, one_file)


def _form(piece: Piece, defined: ast.stmt, call: str) -> str:
    if call.startswith("keeps "):
        return "template"
    if piece.unit == "method" and isinstance(defined, ast.ClassDef):
        return "constructor" if piece.symbol.endswith(".__init__") else "method"
    if piece.unit == "method":
        return "sibling"
    if piece.unit == "block":
        return "step" if re.match(r"(.* = |return )?self\.\w+\(", call) else "block"
    return piece.unit


def _piece(root: Path, span: dict[str, Any], unit: str) -> Piece:
    path = root / span["path"]
    code = read_notebook(path.read_bytes()).codes[0] if path.suffix == ".ipynb" else Code(text_of(path))
    firsts = {cell.number: cell.first - 1 for cell in code.cells}
    places = span.get("parts") or [span]
    lines = [(p["line"] + firsts.get(p["cell"], 0), p["end_line"] + firsts.get(p["cell"], 0)) for p in places]
    module = Module(code)
    return cut(module, uses_of(module), span["path"], Cut(tuple(sorted(lines)), unit))


def along(task: Task) -> list[str]:
    """The names that move along with shared code."""
    return [name for row in _ALONG.findall(task.code) for name in row.split(", ")]


def plain(task: Task) -> str:
    """The shared code without the line that says what moves along."""
    return _ALONG.sub("", task.code)


def shared_text(root: Path, task: Task) -> str:
    """The shared module, with the definitions that move along and all that these read themselves."""
    names = along(task)
    if not names:
        return task.code
    imported = {name for s in ast.parse(task.code).body if isinstance(s, _IMPORTS) for name in bound(s)}
    moved = _moved(ast.parse(text_of(root / task.pieces[0].path)), names, imported)
    return _ALONG.sub(lambda _: moved, task.code)


def _moved(tree: ast.Module, names: Sequence[str], known: set[str]) -> str:
    found: dict[ast.stmt, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        for statement in (s for s in tree.body if name in bound(s) and s not in found):
            found[statement] = None
            waiting.extend(n.id for n in ast.walk(statement) if isinstance(n, ast.Name))
    return "\n".join(ast.unparse(s) for s in tree.body if s in found)


def bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module binds."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    stored = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    tried = statement.body if isinstance(statement, ast.Try) else []
    return stored.union(*map(bound, tried))
