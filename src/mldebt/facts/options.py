"""The command-line options a module declares: argparse, absl and TensorFlow flags, click, Typer, Fire, dataclasses."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator

from mldebt.facts.receivers import dotted
from mldebt.facts.syntax import Function, Module
from mldebt.facts.values import last_name
from mldebt.model import Option

# a launcher or Jupyter passes these to every program, which has to accept them
_PASSED_BY_LAUNCHERS = frozenset({"local_rank", "local-rank", "f", "ip", "stdin", "control", "hb", "shell"})
_DOES_IT_ITSELF = frozenset({"help", "version"})
_KNOWN_ACTIONS = frozenset(
    "store store_const store_true store_false append append_const count extend BooleanOptionalAction".split()
)
_SAYS_SO = re.compile(
    r"deprecat|\bignored?\b|\bunused\b|not used|no longer|compatib|placeholder|reserved|obsolete|legacy|dummy"
    r"|no effect",
    re.IGNORECASE,
)
_MAKES_OPTIONS = frozenset({"HfArgumentParser", "add_arguments", "cli", "parse", "wrap", "CLI", "ArgumentParser"})
_PROSE = frozenset({"help", "metavar"})
_LONGEST_GIVEN = 80  # characters of one keyword's value
_LOOKS_AT_ALL = frozenset({"locals", "vars", "eval", "exec", "globals"})
At = Callable[[ast.AST], int]


def options(module: Module, owner_of: At) -> tuple[Option, ...]:
    """All options, by place. Cost: nothing in a module that names no library of options."""
    text = module.code.text
    found: list[Option] = []
    if "add_argument" in module.called or any(name.startswith("DEFINE_") for name in module.called):
        found.extend(_called(module, owner_of))
    if "dataclass" in text or "Arguments" in text:
        found.extend(_fields(module, owner_of))
    if "click" in text or "typer" in text or "fire" in text:
        found.extend(_parameters(module, owner_of))
    found.extend(_parsed(module, owner_of) if _names_a_parser(text) else ())
    return tuple(sorted(found, key=lambda o: (o.at.cell or 0, o.at, o.name)))


# -- argparse and absl -----------------------------------------------------------------------------------------------


def _called(module: Module, owner_of: At) -> Iterator[Option]:
    declared: list[tuple[ast.Call, str, str, str]] = []
    for call in module.of(ast.Call):
        name = last_name(call.func)
        if name == "add_argument" and isinstance(call.func, ast.Attribute):
            declared.extend((call, dest, flag, "argparse") for dest, flag in _argparse(module, call))
        elif name.startswith("DEFINE_") and call.args and isinstance(module.parent(call), ast.Expr):
            flag = _text(call.args[0])
            if flag and not _says_so(call):
                declared.append((call, flag, f"--{flag}", "absl"))
    if not declared:
        return
    said = _strings(module, [call for call, *_ in declared])
    for call, name, flag, kind in declared:
        given = _given(call) if kind == "argparse" else ""
        yield Option(name, flag, kind, module.place(call), owner_of(call), name in said, given)


def _given(call: ast.Call) -> str:
    """What an option is declared with, in the order of the keywords' names; what users read of it does not count."""
    keywords = {k.arg: ast.unparse(k.value)[:_LONGEST_GIVEN] for k in call.keywords if k.arg and k.arg not in _PROSE}
    return ", ".join(f"{name}={value}" for name, value in sorted(keywords.items()))


def _argparse(module: Module, call: ast.Call) -> Iterator[tuple[str, str]]:
    """The name of the attribute and the flag, unless the option works by being given."""
    flags = [text for arg in call.args if (text := _text(arg)) and text.startswith("-")]
    keywords = {k.arg: k.value for k in call.keywords}
    if not flags or len(flags) < len(call.args) or None in keywords or _says_so(call):
        return
    action = keywords.get("action")
    if action is not None and (_text(action) or last_name(action)) not in _KNOWN_ACTIONS:
        return
    if "dest" in keywords:
        dest = _text(keywords["dest"])
    else:
        long = next((f for f in flags if f.startswith("--")), flags[0])
        dest = long.lstrip("-").replace("-", "_")
    if dest and dest not in _PASSED_BY_LAUNCHERS and not _is_one_of_several(module, call):
        yield dest, next((f for f in flags if f.startswith("--")), flags[0])


def _is_one_of_several(module: Module, call: ast.Call) -> bool:
    """Whether an option is added to a group of which one is chosen: what is not read may be the default."""
    group = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(group, ast.Name):
        return isinstance(group, ast.Call) and last_name(group.func) == "add_mutually_exclusive_group"
    home = module.scope(call).resolve(group.id)
    bindings = home.bindings[group.id] if home is not None else []
    values = (getattr(module.parent(binding), "value", None) for binding in bindings)
    return any(isinstance(v, ast.Call) and last_name(v.func) == "add_mutually_exclusive_group" for v in values)


def _says_so(call: ast.Call) -> bool:
    """Whether the help says that the option has no effect, or is hidden: it is accepted for old commands."""
    for keyword in call.keywords:
        if keyword.arg == "help":
            if last_name(keyword.value) == "SUPPRESS":
                return True
            texts = [n.value for n in ast.walk(keyword.value) if isinstance(n, ast.Constant)]
            return any(isinstance(t, str) and _SAYS_SO.search(t) for t in texts)
    return any(isinstance(a, ast.Constant) and isinstance(a.value, str) and _SAYS_SO.search(a.value) for a in call.args)


def _strings(module: Module, declared: list[ast.Call]) -> set[str]:
    """The names that strings of the module say, but for those that declare an option or set a default."""
    own = Counter(
        node.value
        for call in declared
        for node in (*call.args, *(k.value for k in call.keywords if k.arg in ("dest", "name")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    every = Counter(c.value for c in module.of(ast.Constant) if isinstance(c.value, str))
    return set((every - own).keys())


# -- functions whose parameters are options --------------------------------------------------------------------------


def _parameters(module: Module, owner_of: At) -> Iterator[Option]:
    fired = _fired(module)
    for function in module.functions:
        names = dict(_clicked(module, function))
        names.update((name, f"--{name.replace('_', '-')}") for name in _typed(module, function))
        if function.name in fired and module.scope(function) is module.top:
            names.update((a.arg, f"--{a.arg}") for a in _arguments(function))
        if names and not _is_open(module, function):
            yield from _unread(module, function, names, owner_of)


def _unread(module: Module, function: Function, names: dict[str, str], owner_of: At) -> Iterator[Option]:
    scope = module.opened_by(function)
    read = {r.name for s in module.scopes for r in s.reads if s.resolve(r.name) is scope}
    for argument in _arguments(function):
        name = argument.arg
        if name in names and name not in read and not name.startswith("_") and name not in _PASSED_BY_LAUNCHERS:
            yield Option(name, names[name], "parameter", module.place(argument), owner_of(function))


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _clicked(module: Module, function: Function) -> Iterator[tuple[str, str]]:
    """What `@click.option` gives the function: parameter and flag."""
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or module.name(decorator.func) != "click.option":
            continue
        given = {k.arg for k in decorator.keywords}
        flags = [f for a in decorator.args if (f := _text(a))]
        if (
            not flags
            or given & {"callback", "expose_value", "is_eager", "hidden", "deprecated", None}
            or _says_so(decorator)
        ):
            continue
        plain = [f for f in flags if f.isidentifier()]
        longest = max((f.split("/")[0] for f in flags), key=lambda f: f.startswith("--"))
        yield (plain[0] if plain else longest.lstrip("-").replace("-", "_").lower()), longest


def _typed(module: Module, function: Function) -> Iterator[str]:
    """Parameters that Typer makes options of, as their default or annotation says."""
    pairs = [*zip(_arguments(function)[: len(function.args.args)][::-1], function.args.defaults[::-1], strict=False)]
    pairs += [(a, d) for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if d is not None]
    for argument, default in pairs:
        if _is_typer(module, default):
            yield argument.arg
    for argument in _arguments(function):
        if isinstance(argument.annotation, ast.Subscript) and any(
            _is_typer(module, n) for n in ast.walk(argument.annotation.slice)
        ):
            yield argument.arg


def _is_typer(module: Module, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or module.name(node.func) != "typer.Option":
        return False
    return not {k.arg for k in node.keywords} & {"callback", "is_eager", "hidden"} and not _says_so(node)


def _fired(module: Module) -> set[str]:
    """The functions given to `fire.Fire`."""
    if "Fire(" not in module.code.text:
        return set()
    calls = [c for c in module.of(ast.Call) if module.name(c.func) == "fire.Fire" and c.args]
    return {node.id for call in calls for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}


def _is_open(module: Module, function: Function) -> bool:
    """Whether a function does nothing yet, or looks its parameters up by name."""
    if all(
        isinstance(s, ast.Pass | ast.Raise) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        for s in function.body
    ):
        return True
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    if any(dotted(call.func) in _LOOKS_AT_ALL for call in calls):
        return True
    names = {a.arg for a in _arguments(function)}
    return bool(names & {"ctx", "context"})


# -- dataclasses -----------------------------------------------------------------------------------------------------


def _fields(module: Module, owner_of: At) -> Iterator[Option]:
    for node in module.of(ast.ClassDef):
        if not any("dataclass" in (dotted(getattr(d, "func", d)) or "") for d in node.decorator_list):
            continue
        for statement in node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            name, value = statement.target.id, statement.value
            if "ClassVar" in ast.dump(statement.annotation) or name.startswith("_") or name in _PASSED_BY_LAUNCHERS:
                continue
            if value is not None and any(_is_open_field(n) for n in ast.walk(value)):
                continue
            yield Option(name, f"--{name}", "field", module.place(statement), owner_of(node))


def _is_open_field(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword) and node.arg == "init":
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_SAYS_SO.search(node.value))


def _names_a_parser(text: str) -> bool:
    return "HfArgumentParser" in text or "tyro" in text or "simple_parsing" in text or "pyrallis" in text


def _parsed(module: Module, owner_of: At) -> Iterator[Option]:
    """The classes whose fields a parser makes options."""
    for call in module.of(ast.Call):
        if last_name(call.func) in _MAKES_OPTIONS:
            given = [*call.args, *(k.value for k in call.keywords)]
            for node in (inner for value in given for inner in ast.walk(value)):
                name = dotted(node)
                if name is not None:
                    yield Option(name, "", "parsed", module.place(call), owner_of(call))


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
