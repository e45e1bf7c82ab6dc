"""A notebook as Python modules: its cells joined, and the modules that cells write."""

from __future__ import annotations

import ast
import warnings
from typing import Any

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Cell, Code, Command
from mldebt.read.magics import Translated, translate


class _Cell(msgspec.Struct):
    cell_type: str = "code"
    source: str | list[str] | None = ""
    input: str | list[str] | None = ""
    execution_count: Any = None
    prompt_number: Any = None
    metadata: Any = None


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _File(msgspec.Struct):
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []
    metadata: dict[str, Any] = {}


class Notebook(msgspec.Struct, frozen=True):
    """`codes` begins with the notebook's own module; `problems` are sentences on cells that do not parse."""

    codes: tuple[Code, ...]
    cells: tuple[Cell, ...]
    commands: tuple[Command, ...] = ()
    problems: tuple[str, ...] = ()


def read_notebook(data: bytes) -> Notebook:
    """A notebook of format 3 or 4. Raises Unreadable for what is no notebook or is in another language than Python."""
    file = _decode(data)
    language = _language(file.metadata)
    if language != "python":
        raise Unreadable(f"is a notebook in {language}: only Python is read", "unparsable")
    raw = file.cells or [cell for sheet in file.worksheets for cell in sheet.cells]
    return _assemble(raw)


def _decode(data: bytes) -> _File:
    try:
        return msgspec.json.decode(data, type=_File, strict=False)
    except RecursionError as error:
        raise Unreadable("is nested too deep: clear its outputs", "unparsable") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"is no notebook ({error}): open and save it in Jupyter", "unparsable") from error


def _language(metadata: dict[str, Any]) -> str:
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        info = metadata.get(key)
        name = info.get(field) if isinstance(info, dict) else None
        if isinstance(name, str) and name:
            return "python" if name.lower() in ("python", "ipython", "python3", "python2") else name
    return "python"


def _assemble(raw: list[_Cell]) -> Notebook:
    cells: list[Cell] = []
    translated: list[Translated] = []
    line = 1
    for number, item in enumerate(raw, 1):
        part = translate(_text(item.source) or _text(item.input)) if item.cell_type == "code" else Translated([])
        cells.append(_cell(number, item, line, len(part.lines)))
        translated.append(part)
        line += len(part.lines)
    problems = _blank_broken(cells, translated)
    text = "\n".join(line for part in translated for line in part.lines) + "\n"
    written = tuple(_written(cell, part) for cell, part in zip(cells, translated, strict=True) if part.writes)
    commands = tuple(
        Command(text, at, cell.number)
        for cell, part in zip(cells, translated, strict=True)
        for at, text in part.commands
    )
    codes = (Code(text, cells=tuple(c for c in cells if c.lines)), *written)
    return Notebook(codes, tuple(cells), commands, tuple(problems))


def _text(source: str | list[str] | None) -> str:
    text = source if isinstance(source, str) else "".join(source or ())
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def _cell(number: int, item: _Cell, first: int, lines: int) -> Cell:
    metadata = item.metadata if isinstance(item.metadata, dict) else {}
    tags = metadata.get("tags")
    count = item.execution_count if item.execution_count is not None else item.prompt_number
    return Cell(
        number,
        item.cell_type,
        first,
        lines,
        execution=count if isinstance(count, int) and count > 0 else None,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _blank_broken(cells: list[Cell], translated: list[Translated]) -> list[str]:
    """Blank the cells that do not parse, each with a sentence; nothing is parsed twice while the whole parses."""
    if _error("\n".join(line for part in translated for line in part.lines)) is None:
        return []
    problems = []
    for cell, part in zip(cells, translated, strict=True):
        error = _error("\n".join(part.lines))
        if error is not None:
            problems.append(f"cell {cell.number}, {error}")
            part.lines[:] = [""] * len(part.lines)
    return problems


def _error(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (RecursionError, MemoryError, ValueError) as error:
        return f"cannot be parsed: {error}"
    return None


def _written(cell: Cell, part: Translated) -> Code:
    """The module a `%%writefile` cell writes, its lines numbered as in the cell."""
    lines = part.body
    return Code("\n".join(lines) + "\n", part.writes, (Cell(cell.number, "code", 1, len(lines)),))
