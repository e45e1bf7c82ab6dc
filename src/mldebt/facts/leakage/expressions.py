"""What an expression gives, as far as rows, learning and models go."""

from __future__ import annotations

import ast
from collections.abc import Callable

from mldebt.facts.leakage.calls import call
from mldebt.facts.leakage.figures import arithmetic
from mldebt.facts.leakage.indexing import comparison, subscript, turned
from mldebt.facts.leakage.lineage import NOTHING, Value, bare, chosen, either, together
from mldebt.facts.leakage.rows import Part
from mldebt.facts.leakage.state import DEEPEST, State
from mldebt.facts.leakage.targets import bind, element

# what is read off a table and carries no rows of it
_TOLD = frozenset("shape dtypes dtype size ndim name names empty feature_names target_names DESCR".split())
# what gives the same rows in another form
_FORMS = frozenset("values T loc iloc ix at iat str dt cat data array sparse A flat array_ feature_matrix".split())


def evaluate(state: State, node: ast.expr) -> Value:
    """The value of an expression; nothing for what is too deep, or once a module has been followed long enough."""
    handle = _HANDLERS.get(type(node))
    if handle is None or state.fuel <= 0 or state.depth > DEEPEST:
        return NOTHING
    state.fuel -= 1
    state.depth += 1
    value = handle(state, node)
    state.depth -= 1
    return value


def _name(state: State, node: ast.Name) -> Value:
    return state.look(node.id)


def _constant(state: State, node: ast.Constant) -> Value:
    return Value(columns=frozenset({node.value})) if isinstance(node.value, str) and len(node.value) < 80 else NOTHING


def _attribute(state: State, node: ast.Attribute) -> Value:
    key = state.key(node)
    if key:
        return state.look(key)
    base = evaluate(state, node.value)
    if base.figures and not base.rows:
        return base
    if node.attr == "index" and base.rows:
        return Value(takes=(Part("index", "all"), *(p for r in sorted(base.rows)[:1] for p in r.parts)))
    if node.attr in _TOLD or node.attr == "columns":
        return NOTHING
    if base.things and not base.rows:
        return base if node.attr in ("best_estimator_", "named_steps") else NOTHING
    if node.attr in _FORMS or not base.rows:
        return base
    return chosen(base, frozenset({node.attr}))


def _binary(state: State, node: ast.BinOp) -> Value:
    left, right = evaluate(state, node.left), evaluate(state, node.right)
    if isinstance(node.op, ast.BitAnd | ast.BitOr):
        return Value(takes=(Part(f"mask {ast.unparse(node)}", "yes"),))
    if isinstance(node.op, ast.Add) and left.elements is not None and right.elements is not None:
        return together((left, right))._replace(elements=left.elements + right.elements)
    return arithmetic(node, left, right)


def _compare(state: State, node: ast.Compare) -> Value:
    values = [evaluate(state, side) for side in (node.left, *node.comparators)]
    index = comparison(node) if any(v.rows or v == NOTHING or v.takes for v in values) else ()
    return bare(together(values))._replace(figures=values[0].figures, takes=index)


def _unary(state: State, node: ast.UnaryOp) -> Value:
    value = evaluate(state, node.operand)
    if isinstance(node.op, ast.Invert):
        return value._replace(takes=turned(value.takes))
    return value


def _boolean(state: State, node: ast.BoolOp) -> Value:
    return together(evaluate(state, value) for value in node.values)


def _sequence(state: State, node: ast.Tuple | ast.List | ast.Set) -> Value:
    elements = tuple(evaluate(state, e) for e in node.elts[:60])
    joined = together(elements)
    if elements and all(e.columns is not None and not e.rows for e in elements):
        return Value(columns=joined.columns)
    return joined._replace(elements=elements, takes=(), single=False)


def _dictionary(state: State, node: ast.Dict) -> Value:
    elements = tuple(evaluate(state, value) for value in node.values[:60])
    names = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    keys = tuple(names) if len(names) == len(node.keys) and len(elements) == len(names) else ()
    return together(elements)._replace(elements=elements, keys=keys, takes=(), columns=None)


def _comprehension(state: State, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    before = dict(state.frames[-1])
    for generator in node.generators:
        bind(state, generator.target, element(evaluate(state, generator.iter), None))
    filters = [evaluate(state, test) for generator in node.generators for test in generator.ifs]
    value = evaluate(state, node.value if isinstance(node, ast.DictComp) else node.elt)
    state.frames[-1] = before
    figures = frozenset(f for v in filters for f in v.figures) | value.figures
    return value._replace(each=value, elements=None, figures=figures, takes=(), single=False)


def _conditional(state: State, node: ast.IfExp) -> Value:
    return either(evaluate(state, node.body), evaluate(state, node.orelse))


def _walrus(state: State, node: ast.NamedExpr) -> Value:
    value = evaluate(state, node.value)
    state.bind(node.target.id, value)
    return value


def _inner(state: State, node: ast.Starred | ast.Await) -> Value:
    return evaluate(state, node.value)


_HANDLERS: dict[type[ast.expr], Callable[..., Value]] = {  # each handler takes just its own node type
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Subscript: subscript,
    ast.Call: call,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dictionary,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.IfExp: _conditional,
    ast.NamedExpr: _walrus,
    ast.Starred: _inner,
    ast.Await: _inner,
}
