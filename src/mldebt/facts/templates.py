"""The names of stored things as an expression gives them: texts with holes where one module cannot tell.

| hole | stands for |
|---|---|
| `⟨n:config.DATA⟩` | a name of another module, as in Definition.uses |
| `⟨k:data.path⟩` | a key of a loaded configuration or of parsed options |
| `⟨p:load:0:path⟩` | the parameter `path` of the function `load`, its first |
| `⟨f:Reader:path⟩` | the field `path` of the class `Reader`, set by whoever makes one |
| `⟨a:1⟩`, `⟨e:NAME⟩` | a word of the command line, a variable of the environment |
| `⟨here⟩`, `⟨file⟩` | the folder of the module, the module itself |
| `⟨*⟩` | anything |
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from itertools import product

from mldebt.facts.keys import Keys
from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import Values, last_name

ANY = "⟨*⟩"
HERE = "⟨here⟩"
FILE = "⟨file⟩"
HOLE = re.compile(r"⟨([^⟨⟩]*)⟩")
_DEEPEST = 8
_MOST = 4  # ways of one name
_LONGEST = 300  # characters; longer texts name nothing
_UNREADABLE = re.compile(r"[⟨⟩\n\0]")
_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z]")
_BRACES = re.compile(r"\{[^{}]*\}")
# calls that give the path they are handed, or are called on
_SAME = frozenset(
    """str fspath abspath expanduser realpath normpath resolve as_posix absolute to_absolute_path strip Path PurePath
    PosixPath PurePosixPath UPath expandvars as_uri get_original_cwd make_path ensure_path iglob glob rglob listdir
    sorted list""".split()
)
_LISTS = frozenset("glob rglob iglob listdir iterdir".split())
_OPTIONS = frozenset({"Option", "Argument", "field", "Field", "option"})
Ways = tuple[str, ...]


class Templates:
    """Answers for one module; every answer is a few ways, none of them if the expression is no text."""

    def __init__(self, module: Module, values: Values) -> None:
        self._module = module
        self._values = values
        self._keys = Keys(module, values)
        self._busy: set[int] = set()

    def of(self, node: ast.AST, depth: int = 0) -> Ways:
        """The names an expression may give. Cost: a few steps along assignments."""
        if depth > _DEEPEST or id(node) in self._busy:
            return ()
        handle = _HANDLES.get(type(node))
        if handle is None:
            return ()
        self._busy.add(id(node))
        try:
            found: Ways = handle(self, node, depth)
        finally:
            self._busy.discard(id(node))
        return tuple(dict.fromkeys(way for way in found if len(way) <= _LONGEST))[:_MOST]

    def _part(self, node: ast.AST, depth: int) -> Ways:
        """As `of`, for what is put into a text: anything has a text."""
        return self.of(node, depth + 1) or (ANY,)

    # -- texts ---------------------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant, depth: int) -> Ways:
        value = node.value
        if isinstance(value, str):
            return () if _UNREADABLE.search(value) else (value,)
        return (str(value),) if depth and isinstance(value, int) and not isinstance(value, bool) else ()

    def _joined(self, node: ast.JoinedStr, depth: int) -> Ways:
        parts = [(ANY,) if _is_formatted(part) else self._part(part, depth) for part in node.values]
        return _product(parts, "")

    def _formatted(self, node: ast.FormattedValue, depth: int) -> Ways:
        return self.of(node.value, depth)

    def _operation(self, node: ast.BinOp, depth: int) -> Ways:
        if isinstance(node.op, ast.Div):
            return self.join([node.left, node.right], depth)
        left = self.of(node.left, depth + 1)
        if isinstance(node.op, ast.Mod) and left:
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return tuple(self._fill(way, _PERCENT, given, depth) for way in left)
        if not isinstance(node.op, ast.Add):
            return ()
        right = self.of(node.right, depth + 1)
        return _product([left or (ANY,), right or (ANY,)], "") if left or right else ()

    def _fill(self, way: str, marks: re.Pattern[str], given: list[ast.expr], depth: int) -> str:
        values = iter([self._part(node, depth)[0] for node in given])
        return marks.sub(lambda match: next(values, ANY) if match[0] in ("%s", "{}", "%d") else ANY, way)

    def join(self, nodes: Iterable[ast.AST], depth: int) -> Ways:
        """The parts of a path put together."""
        found = _product([self._part(node, depth) for node in nodes], "/")
        return tuple(_rooted(way) for way in found if HOLE.sub("", way).strip("/.")) or found

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, depth: int) -> Ways:
        name = last_name(node.func)
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in ("join", "joinpath", "Path", "PurePath", "UPath") and node.args:
            return self._joining(node, name, receiver, depth)
        if name in ("dirname", "parent"):
            return tuple(_parent(way) for way in (self.of(node.args[0], depth + 1) if node.args else ()))
        if name == "format" and receiver is not None:
            return tuple(self._fill(way, _BRACES, node.args, depth) for way in self.of(receiver, depth + 1))
        if name in ("with_suffix", "with_name") and receiver is not None and node.args:
            return self._renamed(receiver, node.args[0], name == "with_suffix", depth)
        if name in ("getenv", "get", "getattr", "pop"):
            return self._looked_up(node, name, depth)
        if name in ("cwd", "getcwd"):
            return (".",)
        if name in _OPTIONS:
            return self._default(node, depth)
        return self._passed_on(node, name, receiver, depth)

    def _joining(self, node: ast.Call, name: str, receiver: ast.expr | None, depth: int) -> Ways:
        parts = list(node.args)
        if name == "joinpath" and receiver is not None:
            parts = [receiver, *parts]
        elif name == "join" and isinstance(receiver, ast.Constant | ast.JoinedStr):
            return ()  # the join of texts
        return self.join(parts, depth)

    def _passed_on(self, node: ast.Call, name: str, receiver: ast.expr | None, depth: int) -> Ways:
        if name not in _SAME and name != "iterdir":
            return ()
        found: Ways = ()
        if receiver is not None and self._module.name(node.func) is None:
            found = self.of(receiver, depth + 1)
            if name in ("glob", "rglob") and node.args:
                return _product([found or (ANY,), self._part(node.args[0], depth)], "/")
        if not found and node.args:
            found = self.of(node.args[0], depth + 1)
        return tuple(f"{way}/{ANY}" for way in found) if name in ("listdir", "iterdir") else found

    def _renamed(self, receiver: ast.expr, given: ast.expr, suffix: bool, depth: int) -> Ways:
        found = _product([self._part(receiver, depth), self._part(given, depth)], "\0")
        pairs = (way.split("\0", 1) for way in found)
        if suffix:
            return tuple(re.sub(r"\.\w+$", "", old) + new for old, new in pairs)
        return tuple("/".join([*old.split("/")[:-1], new]) for old, new in pairs)

    def _looked_up(self, node: ast.Call, name: str, depth: int) -> Ways:
        """What is looked up by a key with a default: in the environment, or in a configuration."""
        qualified = self._module.name(node.func) or ""
        default = [way for arg in node.args[1 + (name == "getattr") : 3] for way in self.of(arg, depth + 1)]
        if qualified in ("os.getenv", "os.environ.get") and node.args:
            return (*default, *(f"⟨e:{key}⟩" for key in self.of(node.args[0], depth + 1)))
        key = self._keys.of(node, depth)
        return (*([f"⟨k:{key}⟩"] if key else []), *default)

    def _default(self, node: ast.Call, depth: int) -> Ways:
        """The default that a field or option is declared with."""
        given = [k.value for k in node.keywords if k.arg == "default"] or node.args[:1]
        return self.of(given[0], depth + 1) if given else ()

    # -- names ---------------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, depth: int) -> Ways:
        if node.id == "__file__":
            return (FILE,)
        found: list[str] = []
        for binding, value in self._values.latest(node)[:_MOST]:
            found.extend(self._bound(node.id, binding, value, depth))
        return tuple(found)

    def _bound(self, name: str, binding: ast.AST, value: ast.expr | None, depth: int) -> Ways:
        if isinstance(binding, ast.alias):
            return (f"⟨n:{name}⟩",)
        if isinstance(binding, ast.arg):
            return self._parameter(binding, depth)
        if value is not None:
            key = self._keys.of(value, depth) if isinstance(value, ast.Subscript | ast.Attribute) else ""
            return self.of(value, depth + 1) or ((f"⟨k:{key}⟩",) if key else ())
        loop = self._module.parent(binding)
        if isinstance(loop, ast.For | ast.comprehension) and loop.target is binding:
            return self._looped(loop.iter, depth)
        return ()

    def _looped(self, node: ast.expr, depth: int) -> Ways:
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return tuple(way for item in node.elts[:_MOST] for way in self.of(item, depth + 1))
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
        if binding in (arguments.vararg, arguments.kwarg):
            return ()
        index = parameter_names(function).index(binding.arg)
        found = [f"⟨p:{self._module.qualname(function)}:{index}:{binding.arg}⟩"]
        default = default_of(arguments, binding)
        if default is not None:
            found.extend(self.of(default, depth + 1))
        return tuple(found)

    def _attribute(self, node: ast.Attribute, depth: int) -> Ways:
        if node.attr == "parent":
            return tuple(_parent(way) for way in self.of(node.value, depth + 1))
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
            return (f"⟨a:{index}⟩",)
        if qualified == "os.environ":
            return (f"⟨e:{index}⟩",)
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
        return tuple(way for item in node.elts[:_MOST] for way in self.of(item, depth + 1))


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


def _product(parts: list[Ways], between: str) -> Ways:
    """All ways of putting parts together, the first few of them."""
    if any(not part for part in parts):
        return ()
    found: list[str] = []
    for ways in product(*(part[:_MOST] for part in parts)):
        found.append(between.join(ways))
        if len(found) == _MOST:
            break
    return tuple(found)


def _rooted(way: str) -> str:
    """A joined path from its last absolute part on."""
    start = max(way.rfind("//"), way.rfind(f"/{HERE}"), way.rfind("/~/"))
    return way[start + 1 :] if start >= 0 and "://" not in way else way


def _parent(way: str) -> str:
    if way == FILE:
        return HERE
    if way == HERE or way.endswith((HERE, "..")):
        return f"{way}/.."
    return way.rpartition("/")[0] if "/" in way else ANY if HOLE.search(way) else "."


def _is_formatted(node: ast.AST) -> bool:
    return isinstance(node, ast.FormattedValue) and node.format_spec is not None


_HANDLES = {
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
