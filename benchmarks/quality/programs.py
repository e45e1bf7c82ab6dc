"""A member and what takes its place, each as a program that needs nothing but stand-ins for what it reads."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence

from carrying import given_name, kept_class, parsed, placed, task_code
from tasks import NotCarried, Task, along

from mldebt.proof.piece import Piece

_HARMLESS = {"staticmethod", "classmethod", "property"}


def programs(task: Task, number: int) -> tuple[str, str, list[str]]:
    """A member before and after, and what the shared code stores beside. Raises NotCarried for what cannot be run."""
    piece, call = task.pieces[number], task.calls[number]
    if re.search(r"(?<!\w)__(?!init__|name__|call__|len__|getitem__|dict__|class__|repr__|str__)\w+__", piece.text):
        raise NotCarried("it uses Python's own names")
    head = "\n".join(_head(task, piece))
    body, lines = _before(task, piece), placed(task, piece, call)
    after = _after(task, piece, lines)
    ignored = [] if call.startswith("keeps") else re.findall(r"(\w+)=", call)
    return f"{head}\n{body}", f"{head}\n{_shared(task)}\n{after}", ignored


def _head(task: Task, piece: Piece) -> Iterator[str]:
    """The names that a member reads from its module."""
    for outer in (*piece.around, *piece.outer):
        if outer.line and not outer.line.endswith("*"):
            yield outer.line
        elif outer.kind != "builtin" or outer.line:
            yield f"{outer.name} = make({outer.name!r})"
    if task.one_file:
        yield from (f"{name} = make({name!r})" for name in _bases(task) if all(o.name != name for o in piece.around))


def _bases(task: Task) -> list[str]:
    """The names that classes of the shared code derive from."""
    classes = [n for n in ast.parse(task.code).body if isinstance(n, ast.ClassDef)]
    read = {n.id for c in classes for base in c.bases for n in ast.walk(base) if isinstance(n, ast.Name)}
    return sorted(read - set(dir(builtins)))


def _shared(task: Task) -> str:
    """The shared code, loaded: in a module of its own, or in the member's."""
    name = given_name(task)
    if task.one_file:
        return task_code(task)
    names = [*along(task), *_bases(task)]
    return f"{name} = load({task.code!r}, {names!r})[{task.name!r}]"


def _indent(piece: Piece) -> str:
    found = re.match(r"[ \t]*", piece.text)
    return found[0] if found else ""


def _raw(piece: Piece) -> str:
    """A definition's text as statements of a module."""
    return f"if 1:\n{piece.text}" if _indent(piece) else piece.text


def _before(task: Task, piece: Piece) -> str:
    match task.form:
        case "block":
            return _run(piece, piece.text.rstrip("\n"))
        case "step":
            return f"class {piece.owner}(Made):\n{_step(piece, piece.text)}"
        case "function":
            return f"{_raw(piece)}\n{_used(piece)}"
        case "method" | "constructor" | "sibling":
            return f"class {piece.owner}(Made):\n{piece.text}\n{_asked(piece)}"
        case "class" | "template":
            if any(_decorators(statement) - _HARMLESS for statement in ast.walk(parsed(piece)[0])):
                raise NotCarried("decorators run when it is loaded")
            return f"{_raw(piece)}\n{_tried(piece)}"
    raise NotCarried("several definitions")


def _after(task: Task, piece: Piece, lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    match task.form:
        case "block":
            return _run(piece, text)
        case "step":
            if re.search(r"^class ", task.code, re.MULTILINE):
                return f"class {piece.owner}({given_name(task)}, Made):\n{_step(piece, text)}"
            return f"class {piece.owner}(Made):\n {given_name(task)} = {given_name(task)}\n{_step(piece, text)}"
        case "function":
            return f"if 1:\n{text}\n{_used(piece)}" if _indent(piece) else f"{text}\n{_used(piece)}"
        case "sibling":
            name = given_name(task)
            return f"class {piece.owner}(Made):\n{_indent(piece)}{name} = {name}\n{text}\n{_asked(piece)}"
        case "method" | "constructor":
            return f"class {piece.owner}({given_name(task)}, Made):\n{text}\n{_asked(piece)}"
        case "class":
            return f"if 1:\n{text}\n{_tried(piece)}" if _indent(piece) else f"{text}\n{_tried(piece)}"
    return f"{kept_class(task, piece)}\n{_tried(piece)}"


def _variables(piece: Piece) -> list[str]:
    return [o.name for o in piece.outer if o.kind == "variable"]


def _results(piece: Piece) -> str:
    return "".join(f"{name}, " for name in piece.results)


def _run(piece: Piece, text: str) -> str:
    """A run of statements; one that stands in a function becomes one."""
    indent = _indent(piece)
    if not indent:
        return f"{text}\nresult = ({_results(piece)})"
    end = "" if piece.tail else f"\n{indent}return ({_results(piece)})"
    given = ", ".join(_variables(piece))
    return f"def _run({given}):\n{text}{end}\nresult = _run({given})"


def _step(piece: Piece, text: str) -> str:
    indent = _indent(piece)
    end = "" if piece.tail else f"\n{indent}return ({_results(piece)})"
    given = ", ".join(["self", *(name for name in _variables(piece) if name != "self")])
    arguments = ", ".join(name for name in _variables(piece) if name != "self")
    return f" def _run({given}):\n{text.rstrip()}{end}\nresult = {piece.owner}()._run({arguments})"


def _decorators(node: ast.AST) -> set[str]:
    return {ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])}


def _arguments(function: ast.FunctionDef, skip: int) -> Iterator[str]:
    """What a function is called with: only what it must have, and all."""
    own = function.args
    plain = [a.arg for a in [*own.posonlyargs, *own.args]]
    named = {a.arg: d for a, d in zip(own.kwonlyargs, own.kw_defaults, strict=True)}
    for most in sorted({len(plain) - len(own.defaults), len(plain)}):
        given = [f"make({name!r})" for name in plain[skip:most]]
        yield ", ".join([*given, *(f"{n}=make({n!r})" for n, d in named.items() if d is None or most == len(plain))])


def _used(piece: Piece) -> str:
    """Calls of a function."""
    function = _function(parsed(piece)[0])
    return f"result = [{', '.join(f'{function.name}({given})' for given in _arguments(function, 0))}]"


def _function(statement: ast.stmt) -> ast.FunctionDef:
    if not isinstance(statement, ast.FunctionDef):
        raise NotCarried("an async function")
    return statement


def _asked(piece: Piece) -> str:
    """Calls of a method."""
    method = _function(parsed(piece)[0])
    words = {n.id for d in method.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)}
    if "property" in words:
        return f"result = {piece.owner}().{method.name}"
    given = list(_arguments(method, int("staticmethod" not in words)))
    if method.name == "__init__":
        return f"result = [{', '.join(f'{piece.owner}({a})' for a in given)}]"
    return f"result = [{', '.join(f'{piece.owner}().{method.name}({a})' for a in given)}]"


def _tried(piece: Piece) -> str:
    """An object of a class, and calls of its methods."""
    own = parsed(piece)[0]
    if not isinstance(own, ast.ClassDef):
        raise NotCarried("not a class")
    methods = [s for s in own.body if isinstance(s, ast.FunctionDef) and not s.decorator_list]
    made = next((next(_arguments(m, 1)) for m in methods if m.name == "__init__"), "")
    calls = [f"_o.{m.name}({[*_arguments(m, 1)][-1]})" for m in methods if not m.name.startswith("__")]
    return f"_o = {own.name}({made})\nresult = [{', '.join(calls)}]"
