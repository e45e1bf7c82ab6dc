"""One file, examined: its facts, what the per-file rules say of it, and its excuses. Runs in a worker."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from mldebt.errors import Unreadable
from mldebt.facts.directives import directives
from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.model import Code, Directive, FileFacts, Hit, ModuleFacts, ProblemKind
from mldebt.read.config import read_config
from mldebt.read.discover import Kind
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode, generated
from mldebt.rules.catalogue import Rule, load

LEFT_OUT = {"generated": "is generated code", "foreign": "is a notebook in another language than Python"}  # by kind
_IDENTITY = 400  # characters of code that tell a hit from another


def examine(kind: Kind, path: str, data: bytes) -> FileFacts:
    """The facts of a file; only the form of a configuration depends on `path`.

    This is the worker's door: whatever goes wrong with a file becomes one of its problems.
    """
    try:
        if kind == "python":
            return _python(data)
        return _notebook(data) if kind == "notebook" else _config(path, data)
    except Unreadable as error:
        return not_looked_at(kind, data, str(error), error.kind)
    except RecursionError:
        return not_looked_at(kind, data, "is nested too deep to be looked at", "unparsable")
    except MemoryError:
        return not_looked_at(kind, data, "needs too much memory to be looked at", "too-large")
    except Exception as error:  # noqa: BLE001 - one file must not end the scan; the problem is shown and counted
        return not_looked_at(kind, data, crash(error), "crashed")


def not_looked_at(kind: Kind, data: bytes, what: str, problem: ProblemKind) -> FileFacts:
    """What is left of a file that could not be looked at: the problem, and the words of its code."""
    known = _words(data.decode(errors="replace")) if kind != "config" else ()
    return FileFacts(kind, _lines(data), problems=((what, problem),), words=known)


# what a generator writes into strings, as protoc does its descriptors, are names of another language
_STRING = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")


def _words(text: str) -> tuple[str, ...]:
    """The identifiers in a text, those read as attributes with their dot too; longer ones are no names but data."""
    found = set(re.findall(r"\.?\b[^\W\d]\w{0,79}\b", text))
    return tuple(sorted(found | {word.removeprefix(".") for word in found}))


def crash(error: Exception) -> str:
    """What is said of a crash of ours on one file."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" in {frame.tb_frame.f_code.co_name}, line {frame.tb_lineno}" if frame else ""
    return f"mldebt failed on it ({type(error).__name__}{where}): please report it with the file"


def _lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") if data else 0)


def _python(data: bytes) -> FileFacts:
    text = decode(data)
    why = generated(text)
    if why is not None:
        return FileFacts("generated", _lines(data), words=_words(_STRING.sub("", text)))
    return _assemble("python", _lines(data), (Code(text),), ())


def _notebook(data: bytes) -> FileFacts:
    notebook = read_notebook(data)
    if notebook.language != "python":
        return FileFacts("foreign", _lines(data))
    problems: tuple[tuple[str, ProblemKind], ...] = tuple((what, "unparsable") for what in notebook.problems)
    lines = sum(cell.lines for cell in notebook.cells)
    facts = _assemble("notebook", lines, notebook.codes, problems)
    broken = {cell.number for cell in notebook.cells if cell.kind == "broken"}
    return FileFacts(
        facts.kind,
        facts.lines,
        facts.modules,
        cells=notebook.cells,
        commands=notebook.commands,
        hits=facts.hits,
        directives=facts.directives,
        problems=facts.problems,
        words=_words(" ".join(command.text for command in notebook.commands if command.cell in broken)),
    )


def _config(path: str, data: bytes) -> FileFacts:
    config = read_config(path, data)
    modules = tuple(module_facts(Module(code)) for code in config.codes)
    return FileFacts(
        "config", _lines(data), modules, settings=config.settings, commands=config.commands, mentions=config.mentions
    )


def _assemble(
    kind: str, lines: int, codes: tuple[Code, ...], problems: tuple[tuple[str, ProblemKind], ...]
) -> FileFacts:
    modules: list[ModuleFacts] = []
    hits: dict[str, list[Hit]] = {}
    excuses: list[Directive] = []
    failed = list(problems)
    for code in codes:
        try:
            module = Module(code)
        except Unreadable as error:
            if len(codes) == 1:
                raise
            failed.append((str(error), error.kind))
            continue
        modules.append(module_facts(module))
        excuses.extend(directives(module))
        for rule in _module_rules():
            found = list(_stamped(module, rule))
            if found:
                hits.setdefault(rule.name, []).extend(found)
        module.forget()
    plain = {name: tuple(found) for name, found in sorted(hits.items())}
    return FileFacts(kind, lines, tuple(modules), hits=plain, directives=tuple(excuses), problems=tuple(failed))


@lru_cache(maxsize=1)
def _module_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load() if rule.scope == "module")


def _stamped(module: Module, rule: Rule) -> Iterator[Hit]:
    """The rule's hits with what only the source can give: identity and enclosing definition."""
    import msgspec

    for hit in rule.find(module):
        line = _line_of(module, hit)
        scope = hit.scope or _scope(module, line)
        yield msgspec.structs.replace(hit, identity=hit.identity or _identity(module, hit, line), scope=scope)


def _identity(module: Module, hit: Hit, line: int) -> str:
    """The code of a hit as it would be written in one way only: wrapping, brackets and comments are none of it."""
    here = [node for node in module.starting(line) if module.place(node) == hit.at]
    node = next((node for node in here if module.parent(node) not in here), None)  # the outermost
    try:
        text = ast.unparse(node) if node is not None else ""
    except RecursionError:
        text = ""
    lines = module.lines[line - 1 : line + hit.at.end_line - hit.at.line]
    return (text or "".join("".join(lines).split()))[:_IDENTITY]


def _line_of(module: Module, hit: Hit) -> int:
    """The line of the joined text in which a hit begins."""
    first = next((cell.first for cell in module.code.cells if cell.number == hit.at.cell), 1)
    return first + hit.at.line - 1


def _scope(module: Module, line: int) -> str:
    """The name of the innermost definition around a line."""
    best, name = 0, ""
    for function in module.functions:
        if best <= function.lineno < line <= (function.end_lineno or 0):
            best, name = function.lineno, module.qualname(function)
    return name
