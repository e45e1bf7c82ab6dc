"""The names of stored things as expressions give them (facts/ways.py says how they are written)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from mldebt.facts.builders import Builders
from mldebt.facts.flows import own_statements
from mldebt.facts.keys import Keys
from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import Values, last_name
from mldebt.facts.ways import ANY, FILE, HOLE, MOST, Ways, parent, together

_DEEPEST = 8
_LONGEST = 3000  # characters; longer texts name nothing, and are no query that a person wrote
_QUERY = re.compile(r"\s*(?:select|with|insert|update|delete|merge|create|replace|copy)\b", re.IGNORECASE)
_UNREADABLE = re.compile(r"[⟨⟩\n\0]")
_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]")
_LISTS = frozenset("glob rglob iglob listdir iterdir".split())


class Templates:
    """Answers for one module; every answer is a few ways, none of them if the expression is no text."""

    def __init__(self, module: Module, values: Values) -> None:
        self._module = module
        self._values = values
        self._keys = Keys(module, values)
        self._busy: set[int] = set()

    @property
    def _builders(self) -> Builders:
        """Made for each question: if it were kept, it and this would hold each other, and the module with them."""
        return Builders(self._module, self._keys, self.of)

    def of(self, node: ast.AST, depth: int = 0) -> Ways:
        """The names an expression may give. Cost: a few steps along assignments."""
        if depth > _DEEPEST or id(node) in self._busy:
            return ()
        handle = _HANDLES.get(type(node))
        if handle is None:
            return ()
        self._busy.add(id(node))
        try:
            found = handle(self, node, depth)
        finally:
            self._busy.discard(id(node))
        return tuple(dict.fromkeys(way for way in found if len(way) <= _LONGEST))[:MOST]

    def _call(self, node: ast.Call, depth: int) -> Ways:
        return self._builders.call(node, depth) or self._returned(node, None, depth)

    def _returned(self, call: ast.Call, element: int | None, depth: int) -> Ways:
        """What a function of the module returns, or one element of the tuple that it does."""
        if not isinstance(call.func, ast.Name):
            return ()
        bindings = self._module.top.bindings.get(call.func.id, [])
        function = bindings[0] if len(bindings) == 1 else None
        if not isinstance(function, ast.FunctionDef) or self._module.scope(call).resolve(call.func.id) is None:
            return ()
        found: list[str] = []
        for statement in own_statements(function.body):
            value = statement.value if isinstance(statement, ast.Return) else None
            if element is not None:
                parts = value.elts if isinstance(value, ast.Tuple) else []
                value = parts[element] if element < len(parts) else None
            found.extend(self.of(value, depth + 1) if value is not None else ())
        return tuple(found)

    # -- texts ---------------------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant, depth: int) -> Ways:
        value = node.value
        if isinstance(value, str):
            if "\n" in value and _QUERY.match(value):
                value = " ".join(value.split())
            return () if _UNREADABLE.search(value) else (value,)
        return (str(value),) if depth and isinstance(value, int) and not isinstance(value, bool) else ()

    def _joined(self, node: ast.JoinedStr, depth: int) -> Ways:
        parts = [(ANY,) if _is_formatted(part) else self._builders.part(part, depth) for part in node.values]
        return together(parts, "")

    def _formatted(self, node: ast.FormattedValue, depth: int) -> Ways:
        return self.of(node.value, depth)

    def _operation(self, node: ast.BinOp, depth: int) -> Ways:
        if isinstance(node.op, ast.Div):
            return self._builders.join([node.left, node.right], depth)
        left = self.of(node.left, depth + 1)
        if isinstance(node.op, ast.Mod) and left:
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return tuple(self._builders.fill(way, _PERCENT, given, depth) for way in left)
        if not isinstance(node.op, ast.Add):
            return ()
        right = self.of(node.right, depth + 1)
        return together([left or (ANY,), right or (ANY,)], "") if left or right else ()

    # -- names ---------------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, depth: int) -> Ways:
        if node.id == "__file__":
            return (FILE,)
        found: list[str] = []
        for binding, value in self._values.latest(node)[:MOST]:
            found.extend(self._bound(node.id, binding, value, depth))
        return tuple(found)

    def _bound(self, name: str, binding: ast.AST, value: ast.expr | None, depth: int) -> Ways:
        if isinstance(binding, ast.alias):
            return (f"⟨n:{name}⟩",)
        if isinstance(binding, ast.arg):
            return self._parameter(binding, depth)
        up = self._module.parent(binding)
        if isinstance(value, ast.Call) and isinstance(up, ast.Tuple):
            return self._returned(value, next(i for i, e in enumerate(up.elts) if e is binding), depth)
        if value is not None:
            key = self._keys.of(value, depth) if isinstance(value, ast.Subscript | ast.Attribute) else ""
            return self.of(value, depth + 1) or ((f"⟨k:{key}⟩",) if key else ())
        loop = self._module.parent(binding)
        if isinstance(loop, ast.For | ast.comprehension) and loop.target is binding:
            return self._looped(loop.iter, depth)
        return ()

    def _looped(self, node: ast.expr, depth: int) -> Ways:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return tuple(way for item in node.elts[:MOST] for way in self.of(item, depth + 1))
        if isinstance(node, ast.Name):
            values = [value for _, value in self._values.latest(node)]
            return self._looped(values[0], depth + 1) if len(values) == 1 and values[0] is not None else ()
        if isinstance(node, ast.Call) and last_name(node.func) in _LISTS | {"sorted", "list", "tqdm"}:
            return self.of(node, depth + 1)
        return ()

    def _parameter(self, binding: ast.arg, depth: int) -> Ways:
        arguments = self._module.parent(binding)
        function = self._module.parent(arguments) if arguments is not None else None
        if not isinstance(arguments, ast.arguments) or not isinstance(function, Function):
            return ()
        names = parameter_names(function)
        if binding in (arguments.vararg, arguments.kwarg) or binding.arg not in names:
            return ()
        found = [f"⟨p:{self._module.qualname(function)}:{names.index(binding.arg)}:{binding.arg}⟩"]
        default = default_of(arguments, binding)
        if default is not None:
            found.extend(self.of(default, depth + 1))
        return tuple(found)

    def _attribute(self, node: ast.Attribute, depth: int) -> Ways:
        if node.attr == "parent":
            return tuple(parent(way) for way in self.of(node.value, depth + 1))
        if node.attr in ("name", "stem", "suffix"):
            inner = self.of(node.value, depth + 1)
            return tuple(ANY if HOLE.search(way.split("/")[-1]) else way.split("/")[-1] for way in inner)
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            return self._own(node, depth)
        key = self._keys.of(node, depth)
        if key:
            return (f"⟨k:{key}⟩",)
        dotted = self._dotted(node)
        return (f"⟨n:{dotted}⟩",) if dotted else ()

    def _dotted(self, node: ast.Attribute) -> str:
        """An attribute chain on an import, a class of the module, or an object of one."""
        parts = [node.attr]
        inner: ast.expr = node.value
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            return ".".join([inner.id, *reversed(parts)])
        return ""

    def _own(self, node: ast.Attribute, depth: int) -> Ways:
        found: list[str] = []
        holder = self._module.enclosing(node, ast.ClassDef)
        for value in self._values.stored(node):
            if value is not None:
                found.extend(self.of(value, depth + 1))
        if found or not isinstance(holder, ast.ClassDef):
            return tuple(found)
        for statement in holder.body:
            target = statement.target if isinstance(statement, ast.AnnAssign) else None
            targets = statement.targets if isinstance(statement, ast.Assign) else [target] if target else []
            if any(isinstance(t, ast.Name) and t.id == node.attr for t in targets):
                value = getattr(statement, "value", None)
                default = self.of(value, depth + 1) if value is not None else ()
                return (*([f"⟨f:{holder.name}:{node.attr}⟩"] if target else []), *default)
        return (f"⟨f:{holder.name}:{node.attr}⟩",) if holder.bases else ()

    def _subscript(self, node: ast.Subscript, depth: int) -> Ways:
        if not isinstance(node.slice, ast.Constant):
            return ()
        index = node.slice.value
        qualified = self._module.name(node.value) or ""
        if qualified == "sys.argv":
            return (f"⟨a:{index!s}⟩",)
        if qualified == "os.environ":
            return (f"⟨e:{index!s}⟩",)
        literal = self._literal(node.value, index)
        if literal is not None:
            return self.of(literal, depth + 1)
        key = self._keys.of(node, depth)
        return (f"⟨k:{key}⟩",) if key else ()

    def _literal(self, node: ast.expr, key: object) -> ast.expr | None:
        """The value that a literal dictionary, kept under a name, has at a key."""
        values = [v for _, v in self._values.latest(node)] if isinstance(node, ast.Name) else [node]
        if len(values) == 1 and isinstance(values[0], ast.Dict):
            pairs = zip(values[0].keys, values[0].values, strict=True)
            return next((v for k, v in pairs if isinstance(k, ast.Constant) and k.value == key), None)
        return None

    def _either(self, node: ast.IfExp, depth: int) -> Ways:
        return (*self.of(node.body, depth + 1), *self.of(node.orelse, depth + 1))

    def _or(self, node: ast.BoolOp, depth: int) -> Ways:
        return tuple(way for value in node.values for way in self.of(value, depth + 1))

    def _wrapped(self, node: ast.NamedExpr | ast.Await | ast.Starred, depth: int) -> Ways:
        return self.of(node.value, depth + 1)

    def _first(self, node: ast.List | ast.Tuple, depth: int) -> Ways:
        return tuple(way for item in node.elts[:MOST] for way in self.of(item, depth + 1))


def parameter_names(function: Function) -> list[str]:
    """The parameters of a function in order, without `self` and `cls`, those that are given by keyword only last."""
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return [a.arg for a in every if a.arg not in ("self", "cls")]


def default_of(arguments: ast.arguments, wanted: ast.arg) -> ast.expr | None:
    """The default of a parameter."""
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
    found = next((d for a, d in pairs if a is wanted), None)
    keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found if found is not None else next((d for a, d in keyword if a is wanted), None)


def _is_formatted(node: ast.AST) -> bool:
    return isinstance(node, ast.FormattedValue) and node.format_spec is not None


_HANDLES: dict[type[ast.AST], Callable[..., Ways]] = {  # each handler takes just its own node type
    ast.Constant: Templates._constant,
    ast.JoinedStr: Templates._joined,
    ast.FormattedValue: Templates._formatted,
    ast.BinOp: Templates._operation,
    ast.Call: Templates._call,
    ast.Name: Templates._name,
    ast.Attribute: Templates._attribute,
    ast.Subscript: Templates._subscript,
    ast.IfExp: Templates._either,
    ast.BoolOp: Templates._or,
    ast.NamedExpr: Templates._wrapped,
    ast.Await: Templates._wrapped,
    ast.Starred: Templates._wrapped,
    ast.List: Templates._first,
    ast.Tuple: Templates._first,
}
