"""Where a module hands parsed options or loaded settings on as a whole, so that whoever takes them may read each.

A *holder* is a name that may stand for them: what `parse_args()` or `yaml.safe_load()` was assigned to, or a name
usual for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from mldebt.facts.receivers import Receivers
from mldebt.facts.scopes import Scope
from mldebt.facts.settings import load_calls
from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name

PARSES = frozenset(
    """parse_args parse_known_args parse_intermixed_args parse_known_intermixed_args parse_args_into_dataclasses
    parse_args_and_config""".split()
)
HOLDER = re.compile(
    r"(?:(?:cmd|cli|parsed|train|training|test|eval|model|data|script|my|user)?_)*"
    r"(?:args|opts?|options|flags|hparams|hps?|arguments|namespace)$",
    re.IGNORECASE,
)
SETTINGS = re.compile(r"(?:.*_)?(?:cfg|conf|configs?|configuration|params|hparams|settings|hp)$", re.IGNORECASE)
ESCAPED = "!"
LOADED = "@"  # and the loader: the holder holds what a configuration file gave
NAMED = "="  # the holder holds what a function of options gives, or was taken apart by `vars`
_GIVES_OPTIONS = re.compile(r"pars|args|argument|opts|options|flags|hparams|namespace", re.IGNORECASE)
_MADE_BY = re.compile(r"pars|arg|opt|flag|hparam|conf|namespace|^get_|^load|^setup|^main", re.IGNORECASE)
_HANDS_BACK = frozenset(
    """deepcopy copy dict sorted list tuple Namespace SimpleNamespace EasyDict AttrDict edict Munch DotDict Bunch
    asdict create vars enumerate items iteritems merge to_container to_object""".split()
)
_SHOWS = frozenset(
    """print pprint pformat str repr format info debug warning warn error log log_params log_hyperparams
    log_hyper_params save_hyperparameters dump dumps safe_dump write writelines add_text add_hparams isinstance hasattr
    setattr delattr len type id partial spawn Process Thread append extend put save savez set_defaults init_trackers
    add_row join ljust rjust center get_default print_args print_arguments str_format is_dataclass
    to_yaml instantiate resolve set_struct set_readonly is_config missing_keys""".split()
)
_AS_TEXT = frozenset({"print", "str", "repr", "format", "info", "debug", "log", "write"})
_WHOLE = frozenset({"items", "values", "copy", "_get_kwargs", "flag_values_dict", "to_dict", "get_flags_for_module"})


def handed(module: Module, receivers: Receivers) -> tuple[str, ...]:
    """Who is handed the options as a whole, as `holder callee`; the callee is "!" if they are taken apart on the spot.

    A callee is a dotted prefix as in `Definition.uses`, ".name" for a method of nobody knows what, or
    "super:Class" for a constructor of a class's parents. Cost: linear in the names read.
    """
    return tuple(sorted(set(_Handing(module, receivers).found())))


class _Handing:
    """The handings of one module."""

    def __init__(self, module: Module, receivers: Receivers) -> None:
        self._module = module
        self._receivers = receivers
        self._bound: set[str] = set()

    def found(self) -> Iterator[str]:
        for call in load_calls(self._module):
            names = bound_names(self._module, call)
            self._bound.update(names)
            yield from (f"{names[0] if names else '?'} {who}" for who in self._context(call))
            loader = (self._module.name(call.func) or "").rpartition(".")[0].rpartition(".")[2]
            yield from (f"{name} {LOADED}{loader}" for name in names or ("?",))
        for call in _parse_calls(self._module):
            names = bound_names(self._module, call)
            self._bound.update(names)
            yield from (f"{names[0] if names else '?'} {who}" for who in self._context(_first(self._module, call)))
            yield from (f"{name} " for name in names or ("?",))
            yield from (f"{names[0] if names else '?'} {ESCAPED}" for _ in _kept_elsewhere(call, self._bound))
        named = {*self._taken_apart(), *self._given()} - self._bound
        self._bound.update(named)
        yield from (f"{name} {NAMED}" for name in named)
        for name, node, scope in self._holders():
            if self._may_hold(scope, name, node):
                yield from (f"{name} {who}" for who in self._context(node))

    def _taken_apart(self) -> Iterator[str]:
        """Names given to `vars`, whatever they are called, and names its result is assigned to."""
        for call in self._module.calls(("vars",)):
            if isinstance(call.func, ast.Name) and call.args:
                name = last_name(call.args[0])
                if name and name not in ("self", "cls"):
                    yield name
                    yield from bound_names(self._module, call)

    def _given(self) -> Iterator[str]:
        """Names assigned what a function gives whose name speaks of options: `cfg = parse_arguments()`."""
        for statement in self._module.of(ast.Assign):
            value = statement.value
            if isinstance(value, ast.Call) and _GIVES_OPTIONS.search(last_name(value.func)):
                yield from bound_names(self._module, value)

    def _holders(self) -> Iterator[tuple[str, ast.expr, Scope]]:
        """The reads of holders: the name, the expression, and the scope."""
        usual: dict[str, bool] = dict.fromkeys(self._bound, True)
        for scope in self._module.scopes:
            for name, suffix, node in scope.reads:
                held = name
                if suffix and name in ("self", "cls"):
                    held = suffix.partition(".")[0]
                if held not in usual:
                    usual[held] = is_usual(held)
                if usual[held]:
                    above = suffix.count(".") + (held == name) if suffix else 0
                    yield held, _inner(node, above), scope

    def _may_hold(self, scope: Scope, name: str, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name) or name in self._bound:
            return True
        home = scope.resolve(name)
        bindings = home.bindings[name] if home is not None else []
        return not bindings or any(self._binds_holder(binding) for binding in bindings)

    def _binds_holder(self, binding: ast.AST) -> bool:
        if isinstance(binding, ast.arg):
            up = self._module.parent(binding)
            return isinstance(up, ast.arguments) and binding is not up.vararg and binding is not up.kwarg
        if isinstance(binding, ast.alias):
            return True
        up = self._module.parent(binding)
        if isinstance(up, ast.Tuple):
            up = self._module.parent(up)
        value = getattr(up, "value", None) if isinstance(up, ast.Assign | ast.AnnAssign | ast.NamedExpr) else None
        if isinstance(value, ast.Call):
            name = last_name(value.func)
            return name in _HANDS_BACK or name in PARSES or bool(_MADE_BY.search(name))
        return isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.IfExp)

    # -- contexts ------------------------------------------------------------------------------------------------

    def _context(self, node: ast.AST) -> Iterator[str]:
        """Who takes the whole value of an expression."""
        up = self._module.parent(node)
        if isinstance(up, ast.Attribute):
            yield from self._attribute(up)
        elif isinstance(up, ast.Call) and node is not up.func:
            yield from self._call(up)
        elif isinstance(up, ast.keyword):
            yield from self._keyword(up)
        elif self._takes_apart(up, node):
            yield ESCAPED

    def _takes_apart(self, up: ast.AST | None, node: ast.AST) -> bool:
        """Whether the node around takes all options out, or any by a computed name."""
        if isinstance(up, ast.Subscript) and node is up.value:
            return isinstance(up.ctx, ast.Load) and not isinstance(up.slice, ast.Constant)
        if isinstance(up, ast.For | ast.comprehension):
            return node is up.iter and not self._only_shows(up)
        if isinstance(up, ast.Dict):
            return node in _spread(up)
        # what is unpacked with one star by its name is a sequence, and no namespace
        return isinstance(up, ast.Starred | ast.BinOp) and not isinstance(node, ast.Name | ast.Attribute)

    def _attribute(self, up: ast.Attribute) -> Iterator[str]:
        call = self._module.parent(up)
        if up.attr == "__dict__":
            yield from self._context(up)
        elif up.attr in _WHOLE and isinstance(call, ast.Call) and call.func is up:
            yield from self._context(call)

    def _keyword(self, up: ast.keyword) -> Iterator[str]:
        call = self._module.parent(up)
        if not isinstance(call, ast.Call):
            return
        if up.arg is None and last_name(call.func) not in _HANDS_BACK:
            yield ESCAPED
        else:
            yield from self._call(call)

    def _call(self, call: ast.Call) -> Iterator[str]:
        name = last_name(call.func)
        if name in ("getattr", "select"):
            if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant) and not self._is_shown(call):
                yield ESCAPED
        elif name in _HANDS_BACK:
            yield from self._context(call)
        elif name not in _SHOWS and name not in PARSES:
            yield self._callee(call, name)

    def _callee(self, call: ast.Call, name: str) -> str:
        scope = self._module.scope(call)
        prefix = self._receivers.of_value(scope, call.func)
        if prefix is not None and prefix.startswith("super()"):
            holder = self._module.enclosing(call, ast.ClassDef)
            return f"super:{self._module.qualname(holder) if holder else ''}"
        return prefix or f".{name}"

    def _is_shown(self, node: ast.AST) -> bool:
        """Whether a value is made text at once."""
        up = self._module.parent(node)
        if isinstance(up, ast.Tuple):
            up = self._module.parent(up)
        if isinstance(up, ast.BinOp):
            return isinstance(up.op, ast.Mod)
        return isinstance(up, ast.FormattedValue) or (isinstance(up, ast.Call) and last_name(up.func) in _AS_TEXT)

    def _only_shows(self, loop: ast.For | ast.comprehension) -> bool:
        """Whether a loop over all options does no more than to show them."""
        body = loop.body if isinstance(loop, ast.For) else [self._module.parent(loop)]
        nodes = [node for part in body if part is not None for node in ast.walk(part)]
        if any(isinstance(n, ast.Subscript) and not isinstance(n.ctx, ast.Load) for n in nodes):
            return False
        if isinstance(loop, ast.comprehension) and not isinstance(
            getattr(body[0], "elt", None), ast.JoinedStr | ast.BinOp | ast.Call
        ):
            return False
        names = {last_name(n.func) for n in nodes if isinstance(n, ast.Call)}
        return names <= (_SHOWS - {"setattr", "append", "extend", "put"}) | _HANDS_BACK | {"_get_kwargs", "getattr"}


@lru_cache(maxsize=4096)  # the modules of a repository have most of their names in common
def is_usual(name: str) -> bool:
    """Whether options or settings are often called so."""
    return HOLDER.match(name) is not None or SETTINGS.match(name) is not None


def _parse_calls(module: Module) -> Iterator[ast.Call]:
    yield from (call for call in module.calls(PARSES) if isinstance(call.func, ast.Attribute))


def _first(module: Module, call: ast.Call) -> ast.expr:
    """The namespace in what a parser gives: itself, or the first of a pair."""
    up = module.parent(call)
    return up if isinstance(up, ast.Subscript) and up.value is call else call


def bound_names(module: Module, call: ast.expr) -> list[str]:
    """The names that the result of a call is assigned to, of an unpacking all; attributes by their last part."""
    node: ast.AST = call
    up = module.parent(node)
    while isinstance(up, ast.Subscript | ast.Call | ast.Attribute | ast.keyword):
        if isinstance(up, ast.Call) and node is not up.func and last_name(up.func) not in _HANDS_BACK:
            return []
        node, up = up, module.parent(up)
    targets: list[ast.expr] = []
    if isinstance(up, ast.Assign):
        targets = up.targets
    elif isinstance(up, ast.AnnAssign | ast.NamedExpr):
        targets = [up.target]
    flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])]
    return [name for t in flat if (name := last_name(t)) and name != "_"]


def _kept_elsewhere(call: ast.Call, bound: set[str]) -> list[ast.keyword]:
    """The `namespace=` of a call that parses, if that is an object which may be read in other ways."""
    given = [k for k in call.keywords if k.arg == "namespace" and not isinstance(k.value, ast.Call)]
    return [k for k in given if last_name(k.value) not in bound]


def _spread(node: ast.Dict) -> list[ast.expr]:
    return [value for key, value in zip(node.keys, node.values, strict=True) if key is None]


def _inner(node: ast.AST, depth: int) -> ast.expr:
    """The expression that lies this many attributes deep in a chain."""
    for _ in range(depth):
        assert isinstance(node, ast.Attribute), "a chain is as deep as its suffix says"
        node = node.value
    assert isinstance(node, ast.expr), "only expressions are read"
    return node
