"""A notebook as Python modules: its cells joined, and the modules that cells write."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Cell, Code, Command
from mldebt.read.magics import Translated, translate
from mldebt.read.python import parse_error

_PROBLEMS_SAID = 3  # cells that do not parse, each with a sentence; the rest is counted
_PYTHONS = ("python", "ipython", "pyspark")
_NO_OUTPUT = (b"", b"[]", b"null")
_ERRORS = ("error", "pyerr")
_ERROR = re.compile(rb'"output_type":\s*"(?:error|pyerr)"')  # within a text its quotes would be escaped
_SPEAKS = re.compile(
    r"error|exception|fail|rais(e[sd]?|ing)\b|traceback|debug|\bnot (work|possible|allowed)|\bcan(not|'t)|won't",
    re.IGNORECASE,
)
_ERROR_NAME = re.compile(rb'"ename":\s*"([\w.]{1,60})"')


class _Cell(msgspec.Struct):
    cell_type: str = "code"
    source: Any = ""
    input: Any = ""
    execution_count: Any = None
    prompt_number: Any = None
    metadata: Any = None
    outputs: msgspec.Raw = msgspec.Raw(b"")


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _File(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Worksheet] | None = None
    metadata: Any = None


class Notebook(msgspec.Struct, frozen=True):
    """`codes` begins with the notebook's own module; `problems` are sentences on cells that do not parse.

    `language` is "python"; of a notebook in another language nothing but its name is given.
    """

    codes: tuple[Code, ...]
    cells: tuple[Cell, ...]
    commands: tuple[Command, ...] = ()
    problems: tuple[str, ...] = ()
    language: str = "python"


def read_notebook(data: bytes) -> Notebook:
    """A notebook of format 3 or 4. Raises Unreadable for what is none. Outputs are skipped, not loaded."""
    file = _decode(data)
    if file.cells is None and file.worksheets is None:
        raise Unreadable("is no notebook, it has no cells: open and save it in Jupyter", "unparsable")
    language = _word(file.metadata, "language_info", "name") or _word(file.metadata, "kernelspec", "language")
    if language and not language.lower().startswith(_PYTHONS):
        return Notebook((), (), language=language)
    raw = file.cells or [cell for sheet in file.worksheets or () for cell in sheet.cells]
    return _assemble(raw, _word(file.metadata, "language_info", "version"))


def _decode(data: bytes) -> _File:
    if not data.strip():
        raise Unreadable("is empty: open and save it in Jupyter", "unparsable")
    try:
        return msgspec.json.decode(data, type=_File)
    except RecursionError as error:
        raise Unreadable("is nested too deep: clear its outputs", "unparsable") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_slowly(data)


def _decode_slowly(data: bytes) -> _File:
    """What the standard library takes beyond JSON: NaN as plots leave it in outputs, halves of surrogate pairs."""
    import json

    try:
        return msgspec.convert(json.loads(data.decode("utf-8-sig"), object_hook=_without_outputs), type=_File)
    except RecursionError as error:
        raise Unreadable("is nested too deep: clear its outputs", "unparsable") from error
    except (ValueError, msgspec.ValidationError) as error:
        conflict = b"\n<<<<<<< " in data
        remedy = "resolve its merge conflict" if conflict else "open and save it in Jupyter"
        raise Unreadable(f"is no notebook ({error}): {remedy}", "unparsable") from error


def _without_outputs(found: dict[str, Any]) -> dict[str, Any]:
    """A cell's outputs are no more than whether there are any, and whether one is an error."""
    if "outputs" in found:
        outputs = found["outputs"] if isinstance(found["outputs"], list) else []
        errors = [o for o in outputs if isinstance(o, dict) and o.get("output_type") in _ERRORS]
        names = [{"output_type": "error", "ename": str(o.get("ename") or "error")} for o in errors[:1]]
        found["outputs"] = msgspec.Raw(msgspec.json.encode(names or ([1] if found["outputs"] else [])))
    return found


def _word(metadata: object, key: str, field: str) -> str:
    """A text two levels down in the metadata; empty if anything on the way is missing or of another type."""
    info = metadata.get(key) if isinstance(metadata, dict) else None
    value = info.get(field) if isinstance(info, dict) else None
    return value if isinstance(value, str) else ""


def _assemble(raw: list[_Cell], version: str) -> Notebook:
    cells: list[Cell] = []
    translated: list[Translated] = []
    line = 1
    for number, item in enumerate(raw, 1):
        part = translate(_text(item.source) or _text(item.input)) if item.cell_type == "code" else Translated([])
        cells.append(_cell(number, item, line, len(part.lines), _is_announced(raw, number)))
        translated.append(part)
        line += len(part.lines)
    pairs = list(zip(cells, translated, strict=True))
    problems = _blank_broken(pairs, version)
    cells = [cell for cell, _ in pairs]
    main = Code(_joined(translated), cells=tuple(cell for cell in cells if cell.lines))
    commands = tuple(Command(text, at, cell.number) for cell, part in pairs for at, text in part.commands)
    return Notebook((main, *_written(pairs)), tuple(cells), commands, problems)


def _joined(translated: list[Translated]) -> str:
    return "\n".join(line for part in translated for line in part.lines) + "\n"


def _text(source: object) -> str:
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    return text if text.isascii() else text.encode(errors="replace").decode()


def _is_announced(raw: list[_Cell], number: int) -> bool:
    """Whether the text right before or after a code cell speaks of an error."""
    around = (raw[i] for i in (number - 2, number) if 0 <= i < len(raw))
    return any(item.cell_type == "markdown" and _SPEAKS.search(_text(item.source)) is not None for item in around)


def _cell(number: int, item: _Cell, first: int, lines: int, announced: bool) -> Cell:
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
        shown=bytes(item.outputs).strip() not in _NO_OUTPUT,
        error="" if announced else _error(bytes(item.outputs)),
    )


def _error(outputs: bytes) -> str:
    """The name of the error that a cell ended in; empty if it did not."""
    if _ERROR.search(outputs) is None:
        return ""
    name = _ERROR_NAME.search(outputs)
    return name[1].decode() if name else "error"


def _blank_broken(pairs: list[tuple[Cell, Translated]], version: str) -> tuple[str, ...]:
    """Blank and mark the cells that do not parse, and say so; nothing is parsed one by one while the whole parses."""
    if parse_error(_joined([part for _, part in pairs])) is None:
        return ()
    problems = []
    for index, (cell, part) in enumerate(pairs):
        error = parse_error("\n".join(part.lines))
        if error is not None:
            pairs[index] = msgspec.structs.replace(cell, kind="broken"), part
            problems.append(f"cell {cell.number}, {error}")
            # what such a cell names may be used there: its lines are kept as words
            part.commands.extend((at, line.strip()) for at, line in enumerate(part.lines, 1) if line.strip())
            part.lines[:] = [""] * len(part.lines)
    if version.startswith("2") and problems:
        return (f"is written for Python 2, {len(problems)} cells do not parse ({problems[0]}): port it",)
    more = len(problems) - _PROBLEMS_SAID
    return (*problems[:_PROBLEMS_SAID], *([f"{more} more cells do not parse"] if more > 0 else []))


def _written(pairs: list[tuple[Cell, Translated]]) -> list[Code]:
    """The modules that `%%writefile` cells write, each as it is in the end; lines are numbered as in the cells."""
    modules: dict[str, Code] = {}
    for cell, part in pairs:
        if part.writes:
            before = modules.get(part.writes, Code("")) if part.appends else Code("")
            first = before.text.count("\n") + 1
            text = before.text + "\n".join(part.body) + "\n"
            at = Cell(cell.number, "code", first, len(part.body))
            modules[part.writes] = Code(text, part.writes, (*before.cells, at))
    return list(modules.values())
