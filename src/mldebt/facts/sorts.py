"""What sort of statement an item is: what the boilerplate filters of the clone search go by.

The sorts are numbers, because they travel packed: the low four bits of an item's meta.
"""

from __future__ import annotations

import ast

from mldebt.facts.shapes import callee

PLAIN = 0
INERT = 1  # matches nothing: a stub
SETTING = 2  # a name or attribute gets a name, attribute or literal
LAYER = 3  # an object is made for a list or attribute: `self.conv = nn.Conv2d(...)`, `model.add(Dense(...))`
STEP = 4  # `x = f(x)`, a step of a forward chain
PLOT = 5
LOG = 6
CHECK = 7  # an assertion
SETUP = 8  # a seed, a version, a device
DEFINITION = 9  # a header of a function
CLASS = 10
IMPORT = 13
ARGUMENT = 12  # a declared command-line argument: says the same only word for word
PLACE = 11  # where a definition with a frame of its own stands: matches nothing and ends a chain
SORT = 0x0F
PART = 0x10  # `else`, `except`, `finally`, `case`: belongs to the statement begun before
CONTINUED = 0x20  # an element of the statement begun before

_ARGUMENTS = frozenset(
    "ArgumentParser add_argument add_argument_group add_mutually_exclusive_group add_parser add_subparsers "
    "set_defaults parse_args parse_known_args".split()
)
_PLOTTERS = frozenset({"plt", "ax", "axs", "axes", "fig", "pyplot", "sns", "ax1", "ax2"})
_PLOT_CALLS = frozenset(
    "title xlabel ylabel xlim ylim legend figure subplot subplots grid axis colorbar xticks yticks tight_layout "
    "savefig set_title set_xlabel set_ylabel set_xlim set_ylim suptitle imshow scatter hist plot show".split()
)
_LOG_CALLS = frozenset("print info debug warning log write record_tabular add_scalar log_metric add_image".split())
_SETUP_CALLS = frozenset(
    "seed manual_seed manual_seed_all set_seed set_random_seed seed_everything clear_session filterwarnings device "
    "is_available set_printoptions basicConfig getLogger set_memory_growth list_physical_devices".split()
)
_ADDERS = frozenset({"append", "add", "add_module", "extend"})


def sort_of(node: ast.stmt) -> int:
    """The sort of a simple statement."""
    kind = node.__class__
    if kind is ast.Expr:
        return _expression(node.value)  # type: ignore[attr-defined]
    if kind is ast.Assign or kind is ast.AugAssign or kind is ast.AnnAssign:
        return _assignment(node)  # type: ignore[arg-type]
    if kind in _INERT:
        return INERT
    if kind is ast.Import or kind is ast.ImportFrom:
        return IMPORT
    if kind is ast.Assert:
        return CHECK
    if kind is ast.Raise and _name(node.exc) == "NotImplementedError":  # type: ignore[attr-defined]
        return INERT
    return PLAIN


_INERT = frozenset({ast.Pass, ast.Global, ast.Nonlocal})


def element_sort(nodes: list[ast.AST]) -> int:
    """The sort of an element of a split call or literal."""
    last = nodes[-1]
    value = last.value if isinstance(last, ast.keyword | ast.Starred) else last
    if isinstance(value, ast.Call) and _makes_object(value):
        return LAYER
    is_named = isinstance(last, ast.keyword) or len(nodes) > 1
    return SETTING if is_named and _is_plain_value(value) else PLAIN


def _expression(value: ast.expr) -> int:
    if value.__class__ is not ast.Call:
        return INERT if value.__class__ is ast.Constant else PLAIN
    word = callee(value.func)
    if word in _ARGUMENTS:
        return ARGUMENT
    if word in _LOG_CALLS:
        return LOG
    if word in _SETUP_CALLS:
        return SETUP
    if word in _PLOT_CALLS or _root(value) in _PLOTTERS:
        return PLOT
    if word.startswith("assert"):
        return CHECK
    return LAYER if _makes_object(value) else PLAIN


def _assignment(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> int:
    value = node.value
    kind = value.__class__
    if value is None:
        return INERT
    if node.__class__ is not ast.AugAssign and _is_plain_value(value):
        return SETTING
    if kind is ast.Call:
        return _called(node, value)  # type: ignore[arg-type]
    return PLAIN


def _is_plain_value(value: ast.AST | None) -> bool:
    """Whether a value is a name, attribute or literal, or a row, table or set of them."""
    kind = value.__class__
    if kind in _SIMPLE:
        return True
    if isinstance(value, ast.Tuple | ast.List | ast.Set):
        return all(map(_is_plain_value, value.elts))
    if isinstance(value, ast.Dict):
        return all(map(_is_plain_value, [*filter(None, value.keys), *value.values]))
    return isinstance(value, ast.Call) and _is_made_of_literals(value)


def _is_made_of_literals(value: ast.Call) -> bool:
    """Whether a call only gives literals another form: `frozenset({1, 2})`, `re.compile("a*")`, `"a b".split()`."""
    func = value.func
    if callee(func) not in _CONVERSIONS:
        return False
    around = [func.value] if isinstance(func, ast.Attribute) else []
    parts = [*around, *value.args, *(keyword.value for keyword in value.keywords)]
    return all(isinstance(part, ast.JoinedStr) or _is_plain_value(part) for part in parts)


_CONVERSIONS = frozenset("dict set frozenset tuple list compile split fromkeys Path".split())
_SIMPLE = frozenset({ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp})


def _called(node: ast.Assign | ast.AugAssign | ast.AnnAssign, value: ast.Call) -> int:
    word = callee(value.func)
    if word in _ARGUMENTS:
        return ARGUMENT
    if word in _SETUP_CALLS:
        return SETUP
    if word in _PLOT_CALLS and _root(value) in _PLOTTERS:
        return PLOT
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Attribute) and _makes_object(value):
        return LAYER
    if isinstance(target, ast.Name) and _passes(value, target.id):
        return STEP
    return PLAIN


def _passes(value: ast.Call, name: str) -> bool:
    """Whether a call hands a variable on: `f(x)`, `self.f(x)`, `x.f()`, `f(g(x))`."""
    func = value.func
    if isinstance(func, ast.Attribute) and _name(func.value) == name:
        return True
    first = value.args[0] if value.args else None
    return _name(first) == name or (isinstance(first, ast.Call) and _passes(first, name))


def _makes_object(value: ast.Call) -> bool:
    word = callee(value.func)
    if word in _ADDERS and len(value.args) == 1 and isinstance(value.args[0], ast.Call):
        word = callee(value.args[0].func)
    return word[:1].isupper()


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else ""


def _root(node: ast.AST) -> str:
    """The name a dotted or subscripted or called chain begins with; empty if it begins with something else."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id
