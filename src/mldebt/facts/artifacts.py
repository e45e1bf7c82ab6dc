"""What a module reads and writes, does with models, and hands on: its part of the artifact graph."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.acts import acts
from mldebt.facts.named import handed, names
from mldebt.facts.receivers import Receivers
from mldebt.facts.syntax import Module
from mldebt.facts.templates import Templates
from mldebt.facts.touches import Found, Touching
from mldebt.facts.tracing import At, Tracing, ordered
from mldebt.facts.values import Values, last_name
from mldebt.model import Act, Step, Touch, Traffic

_MOST = 400  # touches of one module; a longer list is a table of tests
_MOST_NAMES = 200


def traffic(module: Module, receivers: Receivers, owner_of: At) -> Traffic:
    """The traffic of one module. Cost: one look at each call; more only for a module that touches something."""
    templates = Templates(module, Values(module))
    finding = Touching(module, templates)
    calls = [(last_name(call.func), call) for call in module.of(ast.Call)]
    found = [one for last, call in calls if finding.may_touch(last) for one in finding.of(call, last)]
    did = list(acts(module, calls))
    kept = tuple(names(module, templates))[:_MOST_NAMES]
    tracing = Tracing(module, receivers, found[:_MOST], did)
    passed = tuple(handed(module, templates, tracing, owner_of))
    steps = tuple(_steps(module)) if "kedro" in module.code.text else ()
    if not (found or did):
        return Traffic(names=kept, passed=passed, steps=steps)
    tracing.run()
    told = Traffic(
        touches=tuple(_touch(module, one, owner_of(one.call), tracing) for one in found[:_MOST]),
        acts=tuple(_act(module, one, owner_of(one[0]), tracing) for one in did),
        passed=(*passed, *tracing.calls(owner_of)),
        names=kept,
        gives=tuple((owner, ordered(tags)) for owner, tags in sorted(tracing.gives(owner_of).items())),
        steps=steps,
    )
    tracing.forget()
    return told


def _touch(module: Module, one: Found, owner: int, tracing: Tracing) -> Touch:
    tags = ordered(tracing.tags[one.call]) if one.verb == "writes" else ()
    called = module.name(one.call.func) or f".{last_name(one.call.func)}"
    place = module.first_line(one.call)
    return Touch(owner, one.verb, one.kind, one.names, place, called, tags, one.pinned, _is_guarded(module, one.call))


def _is_guarded(module: Module, node: ast.AST) -> bool:
    """Whether a node stands under `if __name__ == "__main__"`."""
    if "__main__" not in module.code.text:
        return False
    tests = (up.test for up in module.ancestors(node) if isinstance(up, ast.If))
    return any(isinstance(t, ast.Compare) and isinstance(t.left, ast.Name) and t.left.id == "__name__" for t in tests)


def _act(module: Module, one: tuple[ast.Call, str, str], owner: int, tracing: Tracing) -> Act:
    call, what, name = one
    inner = module.enclosing(call, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    outer = module.enclosing(inner, ast.FunctionDef, ast.AsyncFunctionDef) if inner is not None else None
    deferred = outer is not None and not getattr(inner, "decorator_list", ())
    return Act(owner, what, name, module.place(call), ordered(tracing.tags[call]), deferred)


def _steps(module: Module) -> Iterator[Step]:
    for call in module.of(ast.Call):
        name = module.name(call.func) or ""
        last = name.rpartition(".")[2].lower()
        if name.partition(".")[0] != "kedro" or last not in ("node", "llm_context_node"):
            continue
        given = dict(zip(("func", "inputs", "outputs"), call.args, strict=False))
        given.update((k.arg, k.value) for k in call.keywords if k.arg)
        runs = ast.unparse(given["func"]) if "func" in given else ""
        label = given.get("name")
        title = str(label.value) if isinstance(label, ast.Constant) else runs
        inputs = [given[word] for word in ("inputs", "llm", "prompts", "tools") if word in given]
        reads = tuple(name for node in inputs for name in _data_sets(node))
        yield Step(title, runs, reads, _data_sets(given.get("outputs")), module.first_line(call))


def _data_sets(node: ast.expr | None) -> tuple[str, ...]:
    """The names in the inputs or outputs of a step: of a dictionary of inputs its values."""
    if node is None:
        return ()
    keys = {key for d in ast.walk(node) if isinstance(d, ast.Dict) for key in d.keys}
    found = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and n not in keys)
    return tuple(text for text in found if isinstance(text, str))
