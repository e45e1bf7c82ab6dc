"""Which file a call reads or writes, as far as one module can tell, and whether it is the module's own."""

from __future__ import annotations

import ast
from functools import cached_property

from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name

_DEEPEST = 8  # steps along assignments
_WRITERS = frozenset("dump dumps save savez savez_compressed to_pickle".split())
# calls that only put a path together from their arguments and their receiver
_BUILDERS = frozenset(
    """join Path PurePath abspath dirname realpath basename expanduser normpath str format resolve with_suffix open
    absolute joinpath read_bytes get_data as_posix""".split()
)


class Paths:
    """Answers for one module."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._values = Values(module)

    def is_own(self, call: ast.Call) -> bool:
        """Whether what a call loads is fixed in the source, or written by the same module."""
        target = call.args[0] if call.args else next((k.value for k in call.keywords), None)
        if target is None:
            return False
        path = self._opened(target)
        return self._is_fixed(path, 0) or self._is_echo(call, target) or bool(self._texts(path) & self._written)

    def _opened(self, target: ast.expr) -> ast.expr:
        """The path behind a file object: `f` of `with open(p) as f`, `open(p)` itself, or else what was given."""
        for value in [target, *self._sources(target)]:
            if isinstance(value, ast.Call) and last_name(value.func) in ("open", "GFile", "BytesIO", "File"):
                receiver = value.func.value if isinstance(value.func, ast.Attribute) else None
                opens_itself = receiver is not None and (not value.args or _is_mode(value.args[0]))
                inner = receiver if opens_itself else value.args[0] if value.args else None
                return inner if inner is not None else value
        return target

    def _sources(self, node: ast.expr) -> list[ast.expr]:
        if not isinstance(node, ast.Name):
            return []
        return [value for _, value in self._values.latest(node) if value is not None]

    def _texts(self, path: ast.expr) -> set[str]:
        """How a path is written, here and where the name it has is assigned; a bare parameter says nothing."""
        texts = {ast.unparse(node) for node in self._sources(path) if not isinstance(node, ast.Constant)}
        return texts if isinstance(path, ast.Name) and self._is_parameter(path) else texts | {ast.unparse(path)}

    def _is_parameter(self, name: ast.Name) -> bool:
        return any(isinstance(binding, ast.arg) for binding, _ in self._values.sources(name))

    @cached_property
    def _written(self) -> set[str]:
        found: set[str] = set()
        for call in self._module.of(ast.Call):
            if isinstance(call.func, ast.Attribute | ast.Name) and last_name(call.func) in _WRITERS:
                for argument in [*call.args, *(k.value for k in call.keywords)]:
                    found |= self._texts(self._opened(argument))
        return found

    def _is_echo(self, call: ast.Call, target: ast.expr) -> bool:
        """Whether bytes are unpickled in the function that pickled them."""
        if last_name(call.func) != "loads":
            return False
        home = self._module.enclosing(call, ast.FunctionDef, ast.AsyncFunctionDef) or self._module.tree
        return any(isinstance(n, ast.Call) and last_name(n.func) == "dumps" for n in ast.walk(home))

    def _is_fixed(self, node: ast.expr, depth: int) -> bool:
        """Whether a path is made of constants only."""
        if depth > _DEEPEST:
            return False
        if isinstance(node, ast.Constant):
            return not (isinstance(node.value, str) and "://" in node.value)
        if isinstance(node, ast.Name):
            if node.id == "__file__":
                return True
            sources = self._values.latest(node)
            return bool(sources) and all(v is not None and self._is_fixed(v, depth + 1) for _, v in sources)
        parts = _parts(node)
        return parts is not None and all(self._is_fixed(part, depth + 1) for part in parts)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """What an expression that puts a path together is made of; None for any other expression."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.JoinedStr):
        return list(node.values)
    if isinstance(node, ast.FormattedValue):
        return [node.value]
    if isinstance(node, ast.Tuple):
        return list(node.elts)
    if isinstance(node, ast.Attribute) and node.attr in ("parent", "name", "stem"):
        return [node.value]
    if isinstance(node, ast.Call) and last_name(node.func) in _BUILDERS:
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        return [*node.args, *([] if receiver is None or last_name(receiver) in ("path", "os") else [receiver])]
    return None


def _is_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 3
