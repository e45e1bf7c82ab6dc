"""A suggestion carried out: the shared code, and each file with what takes its copies' places."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tasks import SHARED, NotCarried, Task, bound, plain, shared_text, text_of

from mldebt.proof.piece import Piece

_IMPORT = re.compile(r"(import|from) ")


def carried(root: Path, task: Task) -> dict[str, str]:
    """The files after the extraction, by path; a module of shared code among them if the members' files are several."""
    edits: dict[str, list[tuple[int, int, list[str]]]] = defaultdict(list)
    texts = {piece.path: text_of(root / piece.path) for piece in task.pieces}
    trees = {path: ast.parse(text) for path, text in texts.items()}
    for piece, call in zip(task.pieces, task.calls, strict=True):
        edits[piece.path].extend(_edits(task, trees[piece.path], piece, call))
    for path, text in texts.items():
        top = min(statement for statement in (_top(trees[path], p.line) for p in task.pieces if p.path == path))
        owner = _owner(task, trees[path])
        if owner is not None:  # the shared code is one more method of the only class
            shift = " " * owner.body[0].col_offset
            code = _own_code(task, trees[path])
            head = [line for line in code if _IMPORT.match(line)]
            method = [shift + line if line.strip() else line for line in code if line not in head]
            edits[path].extend([(_first(owner.body[0]) - 1, 0, method), (top - 1, 0, head)])
        else:
            head = _own_code(task, trees[path]) if task.one_file else [f"from {SHARED} import {_imported(task)}"]
            edits[path].append((top - 1, 0, head))
        texts[path] = _edited(text, edits[path])
    if not task.one_file:
        texts[f"{SHARED}.py"] = shared_text(root, task)
    return texts


def task_code(task: Task) -> str:
    """The shared code under the name that members find it by in their own file."""
    code, name = plain(task), given_name(task)
    return code if name == task.name else re.sub(rf"(?<![.\w]){task.name}\b", name, code)


def _own_code(task: Task, tree: ast.Module) -> list[str]:
    """The shared code without imports that the file has."""
    known = {name for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom) for name in bound(s)}
    code = task_code(task)
    twice = [s.lineno for s in ast.parse(code).body if isinstance(s, ast.Import | ast.ImportFrom) and bound(s) <= known]
    return [line for number, line in enumerate(code.split("\n"), 1) if number not in twice]


def given_name(task: Task) -> str:
    """The name that members call shared code by: not their own."""
    return f"shared_{task.name}" if task.form in ("function", "class", "sibling") else task.name


def _imported(task: Task) -> str:
    name = given_name(task)
    return task.name if name == task.name else f"{task.name} as {name}"


def _owner(task: Task, tree: ast.Module) -> ast.ClassDef | None:
    """The class that the shared code is a method of, if it is not one of a base class."""
    if task.form not in ("step", "sibling") or re.search(r"^class ", task.code, re.MULTILINE):
        return None
    return _class(tree, task.pieces[0].owner, task.pieces[0].line)


def _top(tree: ast.Module, line: int) -> int:
    return next(_first(s) for s in tree.body if (s.end_lineno or 0) >= line)


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _class(tree: ast.Module, name: str, line: int) -> ast.ClassDef:
    classes = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name)
    return next(n for n in classes if _first(n) <= line <= (n.end_lineno or 0))


def _edits(task: Task, tree: ast.Module, piece: Piece, call: str) -> Iterator[tuple[int, int, list[str]]]:
    """Edits as first line from 0, number of lines, new lines."""
    lines = placed(task, piece, call)
    if task.form == "template":
        yield from _without(task, tree, piece)
        return
    yield piece.line - 1, piece.lines, lines
    if task.form in ("method", "constructor", "step") and _owner(task, tree) is None:
        yield from _derived(task, _class(tree, piece.owner, piece.line))


def _derived(task: Task, owner: ast.ClassDef) -> Iterator[tuple[int, int, list[str]]]:
    """The head of a class that gets the base class of the shared code."""
    base = next(n for n in ast.parse(task.code).body if isinstance(n, ast.ClassDef))
    taken = {ast.unparse(b) for b in base.bases}
    kept = [ast.unparse(b) for b in owner.bases if ast.unparse(b) not in taken]
    heads = [task.name, *kept, *(ast.unparse(k) for k in owner.keywords)]
    body = owner.body[0]
    if _first(body) > owner.lineno:
        line = f"{' ' * owner.col_offset}class {owner.name}({', '.join(heads)}):"
        yield owner.lineno - 1, _first(body) - owner.lineno, [line]


def _without(task: Task, tree: ast.Module, piece: Piece) -> Iterator[tuple[int, int, list[str]]]:
    base = next(n for n in ast.parse(task.code).body if isinstance(n, ast.ClassDef))
    shared = {n.name for n in base.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    owner = _class(tree, piece.symbol.rpartition(".")[2], piece.line)
    yield from _derived(task, owner)
    for method in owner.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name in shared:
            number = (method.end_lineno or 0) - _first(method) + 1
            yield _first(method) - 1, number, [f"{' ' * method.col_offset}pass"]


def _edited(text: str, edits: Sequence[tuple[int, int, list[str]]]) -> str:
    lines = text.split("\n")
    for at, number, new in sorted(set_of(edits), key=lambda e: (e[0], e[1]), reverse=True):
        lines[at : at + number] = new
    return "\n".join(lines)


def set_of(edits: Sequence[tuple[int, int, list[str]]]) -> list[tuple[int, int, list[str]]]:
    """Edits, each once: two members of one class change its head in the same way."""
    return [edit for number, edit in enumerate(edits) if edit not in edits[:number]]


def placed(task: Task, piece: Piece, call: str) -> list[str]:
    """The lines that take a member's place. Raises NotCarried for what is not known."""
    shift = re.match(r"[ \t]*", piece.text)
    indent = shift[0] if shift else ""
    match task.form:
        case "block" | "step":
            new = [*_imports(piece), *call.split("\n")]
        case "definitions":
            new = ["pass"]
        case "function" | "constructor" | "sibling":
            new = _passing(task, piece, call)
        case "class":
            new = _subclass(task, piece, call)
        case "method":
            new = _attributes(task, piece, call)
        case _:
            new = []
    return [indent + new[0], *(indent + line if line.strip() else line for line in new[1:])] if new else []


def _statement(piece: Piece) -> ast.stmt:
    return parsed(piece)[0]


def parsed(piece: Piece) -> list[ast.stmt]:
    """The statements of a piece."""
    if piece.text[:1] not in (" ", "\t"):
        return ast.parse(piece.text).body
    block = ast.parse("if 1:\n" + piece.text).body[0]
    return block.body if isinstance(block, ast.If) else []


def _imports(piece: Piece) -> list[str]:
    return [ast.unparse(s) for s in parsed(piece) if isinstance(s, ast.Import | ast.ImportFrom)]


def _passing(task: Task, piece: Piece, call: str) -> list[str]:
    """A function of the member's own head that hands its parameters on."""
    own = _statement(piece)
    if not isinstance(own, ast.FunctionDef):
        raise NotCarried("an async function")
    if own.decorator_list and (call or task.form == "sibling"):
        raise NotCarried("a decorated function that is told more")
    is_method = task.form in ("constructor", "sibling")
    target = "super().__init__" if task.form == "constructor" else given_name(task)
    if task.form == "sibling" and [a.arg for a in own.args.args[:1]] != ["self"]:
        raise NotCarried("a method that takes no object")
    target = f"self.{target}" if task.form == "sibling" else target
    given = handed(own.args, skip=int(is_method))
    result = "" if task.form == "constructor" else "return "
    return [
        f"def {own.name}({ast.unparse(_bare(own.args))}):",
        f"    {result}{target}({', '.join([*given, *([call] if call else [])])})",
    ]


def _bare(arguments: ast.arguments) -> ast.arguments:
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        argument.annotation = None
    for star in (arguments.vararg, arguments.kwarg):
        if star is not None:
            star.annotation = None
    return arguments


def handed(arguments: ast.arguments, skip: int = 0) -> list[str]:
    """A function's parameters as arguments of the same names, without the first `skip`."""
    plain = [a.arg for a in [*arguments.posonlyargs, *arguments.args]][skip:]
    star = [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    named = [f"{a.arg}={a.arg}" for a in arguments.kwonlyargs]
    return [*plain, *star, *named, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])]


def _subclass(task: Task, piece: Piece, call: str) -> list[str]:
    own = _statement(piece)
    if not isinstance(own, ast.ClassDef):
        raise NotCarried("not a class")
    inits = [s for s in own.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"]
    head = f"class {own.name}({given_name(task)}):"
    if not inits or not (call or inits[0].args.defaults or inits[0].args.kw_defaults):
        return [head, "    pass"]
    arguments = _bare(inits[0].args)
    return [
        head,
        f"    def __init__({ast.unparse(arguments)}):",
        f"        super().__init__({', '.join([*handed(arguments, 1), *([call] if call else [])])})",
    ]


def _attributes(task: Task, piece: Piece, call: str) -> list[str]:
    """What a class gives to the method of its base class."""
    given = ast.parse(f"f({call})").body[0]
    keywords = given.value.keywords if isinstance(given, ast.Expr) and isinstance(given.value, ast.Call) else []
    new: list[str] = []
    for keyword in keywords:
        value = ast.unparse(keyword.value)
        first = keyword.value.args.args[:1] if isinstance(keyword.value, ast.Lambda) else []
        if [a.arg for a in first] == ["self"]:
            new.append(f"{keyword.arg} = {value}")
        else:
            new.append(f"{keyword.arg} = property(lambda self: {value})")
    own, shared = piece.symbol.rpartition(".")[2], _methods(task)
    if own not in shared:
        new.append(f"{own} = {task.name}.{shared[0]}")
    return new or ["pass"]


def _methods(task: Task) -> list[str]:
    base = next(n for n in ast.parse(task.code).body if isinstance(n, ast.ClassDef))
    return [n.name for n in base.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def kept_class(task: Task, piece: Piece) -> str:
    """A class of its own without the methods that its base class has now."""
    tree = ast.parse("if 1:\n" + piece.text) if piece.text[:1] in (" ", "\t") else ast.parse(piece.text)
    shared = _methods(task)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == piece.symbol.rpartition(".")[2]:
            base = next(n for n in ast.parse(task.code).body if isinstance(n, ast.ClassDef))
            taken = {ast.unparse(b) for b in base.bases}
            node.bases = [ast.Name(task.name), *(b for b in node.bases if ast.unparse(b) not in taken)]
            node.body = [s for s in node.body if getattr(s, "name", "") not in shared] or [ast.Pass()]
    return ast.unparse(tree)
