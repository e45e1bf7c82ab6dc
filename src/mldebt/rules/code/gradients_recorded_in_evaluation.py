"""An evaluation that records gradients nobody asks for.

## Why it is debt
Every forward pass keeps all it computed for a backward pass that never comes: the evaluation needs several times the
memory it has to, so batches are made smaller or the run dies in its first validation.

## Flagged
```python
import torch


def evaluate(net: torch.nn.Module, batches):
    net.eval()
    right = 0
    for rows, wanted in batches:
        scores = net(rows)  # debt
        right += (scores.argmax(1) == wanted).sum().item()
    return right


print(evaluate)
```

## Fine
```python
import torch


@torch.no_grad()
def evaluate(net: torch.nn.Module, batches):
    net.eval()
    right = 0
    for rows, wanted in batches:
        scores = net(rows)
        right += (scores.argmax(1) == wanted).sum().item()
    return right


print(evaluate)
```

## Limits
Judged are functions that put a network into evaluation mode and then call it in a loop, with no backward pass and no
gradient asked for, in files that turn recording off nowhere around them: neither in the function, nor where the file
calls it, nor for the whole process. Callers in other files are not seen. Functions that speak of shots or support sets
are left alone: few-shot learners adapt, with gradients, while they are evaluated.

## Source
PyTorch documentation, "Autograd mechanics", evaluation mode and no-grad mode; torch.no_grad.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.loops import BORDERS, inside, loops_around
from mldebt.facts.syntax import Function, Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(3, source="our estimate: put the loop under `torch.no_grad()`"),
    since="0.1.0",
)

# whatever turns recording off, wants it, or leaves it to a framework
_SETTLES = re.compile(
    r"no_?grad|inference_mode|set_grad_enabled|volatile|backward|autograd|requires_grad|\.grad\b|optimizer|detach"
)
# how few-shot learners call the rows that they adapt to, with gradients, while they are evaluated
_ADAPTS = re.compile(r"(?:^|_)(?<!zero_)(?:n?shots?|support|maml|inner_loop)(?:$|_)")


def find(module: Module) -> Iterator[Hit]:
    text = module.code.text
    if "torch" not in module.packages or ".eval()" not in text or is_test(module):
        return
    if "set_grad_enabled(False)" in text or "_set_grad" in text:
        return
    for function, switch in _switched(module):
        if _SETTLES.search(_source(module, function)) or _is_covered(module, function):
            continue
        call = _pass_in_loop(module, function, switch)
        if call is not None and not _adapts(function):
            name = ast.unparse(call.func)
            says = f"`{name}` records gradients here that nobody asks for: put the loop under `torch.no_grad()`"
            yield Hit(module.place(call), says, see=(Related(module.place(switch), "evaluation mode"),))


def _adapts(function: Function) -> bool:
    """Whether a function is that of a few-shot learner, by a name in it."""
    names = (getattr(node, "id", None) or getattr(node, "arg", None) for node in ast.walk(function))
    return any(_ADAPTS.search(name) for name in names if isinstance(name, str))


def _switched(module: Module) -> Iterator[tuple[Function, ast.Call]]:
    """The functions that put something into evaluation mode, in source order, with the first call that does."""
    found: dict[ast.AST | None, ast.Call] = {}
    for call in filter(_is_switch, module.calls(["eval"])):
        found.setdefault(module.enclosing(call, *BORDERS), call)
    yield from ((function, found[function]) for function in module.functions if function in found)


def _calls(function: Function) -> Iterator[ast.Call]:
    """The calls in a function's body, in source order, but for those of functions inside it."""
    yield from (node for node in inside(function) if isinstance(node, ast.Call))


def _is_switch(call: ast.Call) -> bool:
    is_bare = not call.args and not call.keywords
    return is_bare and isinstance(call.func, ast.Attribute) and call.func.attr == "eval"


def _source(module: Module, function: Function) -> str:
    """The text of a function with its decorators."""
    first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
    return "\n".join(module.lines[first - 1 : function.end_lineno])


def _is_covered(module: Module, function: Function) -> bool:
    """Whether the file turns recording off around a call of the function, or in the class it belongs to."""
    for call in module.of(ast.Call):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called == function.name:
            around = (up for up in module.ancestors(call) if isinstance(up, ast.With | ast.FunctionDef))
            if any(_SETTLES.search(_head(module, up)) for up in around):
                return True
    return False


def _head(module: Module, node: ast.With | ast.FunctionDef) -> str:
    parts: list[ast.AST] = list(node.decorator_list) if isinstance(node, ast.FunctionDef) else list(node.items)
    return " ".join(map(ast.unparse, parts))


def _pass_in_loop(module: Module, function: Function, switch: ast.Call) -> ast.Call | None:
    """The first call in a loop, after it was put into evaluation mode, of the same network."""
    assert isinstance(switch.func, ast.Attribute), "a method was chosen"
    network = ast.unparse(switch.func.value)
    after = (call for call in _calls(function) if call.lineno > switch.lineno and call.args)
    passes = (call for call in after if ast.unparse(call.func) == network)
    return next((call for call in passes if any(loops_around(module, call))), None)
