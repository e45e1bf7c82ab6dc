"""Networks that get their weights from a file and are run, and that nothing in sight puts into a mode or trains.

A network is a name of one scope, or an attribute of `self` in a class that inherits from nothing. All that the module
does with it has to be understood: what is handed on, returned or asked for its parameters is left alone, since others
may set its mode or train it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module, chain, position
from mldebt.facts.values import Values, last_name
from mldebt.model import Restored

_MOVES = frozenset("to cuda cpu half float double bfloat16".split())  # give the network itself back
_HARMLESS = _MOVES | {"load_state_dict", "share_memory"}
_WRAPS = frozenset({"torch.nn.DataParallel", "torch.nn.parallel.DistributedDataParallel", "torch.compile"})
_ONLY_SHOW = frozenset({"print", "type", "repr", "id", "callable", "isinstance", "hasattr", "len", "str"})
Uses = list[ast.expr]


def restored(module: Module, owner_of: Callable[[ast.AST], int]) -> tuple[Restored, ...]:
    """The networks of a module, by where they run. Cost: nothing unless the module loads weights into one."""
    if "load_state_dict" not in module.code.text or "torch" not in module.packages:
        return ()
    values = Values(module)
    seen: set[tuple[int, str]] = set()
    found: list[Restored] = []
    for call in module.calls(["load_state_dict"]):
        network = _bare(call.func.value) if isinstance(call.func, ast.Attribute) else None
        key, uses = _uses(module, network)
        if not uses or key in seen or _is_copied(values, call):
            continue
        seen.add(key)
        made = _maker(module, uses)
        passed = _pass(module, uses, call)
        if made and passed is not None:
            places = module.first_line(passed), module.first_line(call)
            found.append(Restored(key[1], made, *places, owner_of(passed)))
    return tuple(found)


def _bare(node: ast.expr) -> ast.expr:
    """The network in a wrapper: `net.module` is `net`."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "module" else node


def _is_copied(values: Values, call: ast.Call) -> bool:
    """Whether weights come from another network in memory, as those of target networks do."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    sources = [v for name in given if isinstance(name, ast.Name) for _, v in values.latest(name) if v is not None]
    inner = (node for source in (*given, *sources) for node in ast.walk(source))
    return any(isinstance(node, ast.Call) and last_name(node.func) in ("state_dict", "deepcopy") for node in inner)


def _uses(module: Module, network: ast.expr | None) -> tuple[tuple[int, str], Uses]:
    """Every place where a network stands, stores too, with a key for it; none if it is not a kind that is followed."""
    if isinstance(network, ast.Name):
        home = module.scope(network).resolve(network.id)
        if home is None or home.kind not in ("module", "function"):
            return (0, ""), []
        same = (n for n in module.of(ast.Name) if n.id == network.id)
        return (id(home), network.id), [n for n in same if module.scope(n).resolve(n.id) is home]
    if not isinstance(network, ast.Attribute) or not isinstance(network.value, ast.Name):
        return (0, ""), []
    owner = module.shared(Objects).local.owner(network.value)
    if owner is None or owner.bases or owner.keywords:
        return (0, ""), []
    text = ast.unparse(network)
    return (id(owner), text), [a for a in module.of(ast.Attribute) if _is_of(module, a, owner, network)]


def _is_of(module: Module, attribute: ast.Attribute, owner: ast.ClassDef, network: ast.Attribute) -> bool:
    """Whether an attribute is that of the instances of a class, whatever object it is read on in the module."""
    return attribute.attr == network.attr and module.enclosing(attribute, ast.ClassDef) in (owner, None)


def _maker(module: Module, uses: Uses) -> str:
    """The one callee, as written, that makes a network; empty if there is not just one, or it comes from elsewhere."""
    made: set[str] = set()
    for use in uses:
        if isinstance(getattr(use, "ctx", None), ast.Load):
            continue
        up = module.parent(use)
        value = up.value if isinstance(up, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Constant) and value.value is None:
            continue
        inner = _unwrapped(module, value)
        if inner is None:
            return ""
        if ast.unparse(inner) != ast.unparse(use):
            made.add(ast.unparse(inner.func) if isinstance(inner, ast.Call) and chain(inner.func) else "")
    return next(iter(made)) if len(made) == 1 else ""


def _unwrapped(module: Module, value: ast.expr | None) -> ast.expr | None:
    """What is moved to a device or wrapped for several."""
    while isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr in _MOVES:
            value = value.func.value
        elif value.args and module.name(value.func) in _WRAPS:
            value = value.args[0]
        else:
            break
    return value


def _pass(module: Module, uses: Uses, load: ast.Call) -> ast.Call | None:
    """The first call of a network after its weights are there; None if anything else is done with it."""
    passes: list[ast.Call] = []
    for use in uses:
        what = _what(module, use)
        if what is None:
            return None
        passes += [what] if isinstance(what, ast.Call) and what.func is use else []
    is_name = isinstance(uses[0], ast.Name)
    after = (c for c in passes if not is_name or c.lineno > (load.end_lineno or 0))
    return next(iter(sorted(after, key=position)), None)


def _what(module: Module, use: ast.expr, inner: ast.expr | None = None) -> ast.AST | None:
    """What is done with a network at a place, if it is a pass or changes nothing of its mode; None otherwise.

    `inner` is what stands for it in a longer expression: `net.to(device)` is `net`.
    """
    node = inner or use
    up = module.parent(node)
    match up:
        case ast.Call():
            shown = last_name(up.func) in _ONLY_SHOW or module.name(up.func) in _WRAPS
            return up if up.func is node or shown else None
        case ast.Attribute():
            return _of_attribute(module, use, up)
        case ast.Assign() | ast.AnnAssign():
            return up if node is not up.value or _is_named_so(up, use) else None
        case ast.Compare() | ast.Expr() | ast.If() | ast.Delete() | ast.FormattedValue():
            return up
    return None


def _of_attribute(module: Module, use: ast.expr, attribute: ast.Attribute) -> ast.AST | None:
    outer = module.parent(attribute)
    if attribute.attr == "module":
        return _what(module, use, attribute)
    if not isinstance(outer, ast.Call) or outer.func is not attribute:
        return attribute if attribute.attr != "training" else None
    if attribute.attr in _MOVES:
        return _what(module, use, outer)
    return attribute if attribute.attr in _HARMLESS else None


def _is_named_so(statement: ast.Assign | ast.AnnAssign, use: ast.expr) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [ast.unparse(target) for target in targets] == [ast.unparse(use)]
