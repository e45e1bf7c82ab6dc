"""A training loop that puts its network into evaluation mode and never back.

## Why it is debt
After the first evaluation dropout is off and batch normalisation uses its running figures: all later epochs train
another network than the first one did, and nothing says so.

## Flagged
```python
import torch


def train(net, loss_of, optimizer, batches, held_out):
    net.train()
    for _ in range(10):
        for rows in batches:
            optimizer.zero_grad()
            loss_of(net(rows)).backward()
            optimizer.step()
        net.eval()  # debt
        with torch.no_grad():
            print([loss_of(net(rows)).item() for rows in held_out])


print(train)
```

## Fine
```python
import torch


def train(net, loss_of, optimizer, batches, held_out):
    for _ in range(10):
        net.train()
        for rows in batches:
            optimizer.zero_grad()
            loss_of(net(rows)).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            print([loss_of(net(rows)).item() for rows in held_out])


print(train)
```

## Limits
The loop has to hold both the backward pass and the call of `eval`, itself or in the functions of the file that it calls
by name; a function that switches has to be given the network, or take it from outside. `train()` anywhere in the loop
or in those functions counts, of whatever object; so does a network made anew.

## Source
PyTorch documentation, torch.nn.Module.eval; Zhang et al., The Prevalence of Code Smells in Machine Learning Projects,
WAIN 2022 ("training / evaluation mode improper toggling").
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.callees import option
from mldebt.facts.loops import BORDERS, loops_around
from mldebt.facts.syntax import Module, chain
from mldebt.facts.values import last_name
from mldebt.model import Hit, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(20, source="our estimate: add the call, train again, compare the curves"),
    since="0.1.0",
)

_BACK = frozenset({"train", "set_mode", "set_train", "switch_to_train"})
_DEEPEST = 3  # functions called by functions


def find(module: Module) -> Iterator[Hit]:
    if "torch" not in module.packages or "backward(" not in module.code.text:
        return
    for switch in (call for call in module.calls(["eval"]) if _switches(call, "eval")):
        assert isinstance(switch.func, ast.Attribute), "a method was chosen"
        places = [(switch, ast.unparse(switch.func.value)), *_callers(module, switch)]
        for call, network in places:
            loop = _outermost(module, call)
            if loop is not None and _stays_off(module, loop, call, network):
                where = (
                    f"`{network}.eval()`" if call is switch else f"`{ast.unparse(call.func)}`, by `{network}.eval()`,"
                )
                says = f"{where} is not undone before the next round trains: call `{network}.train()` in the loop"
                see = () if call is switch else (Related(module.place(switch), "evaluation mode"),)
                yield Hit(module.place(call), says, see=see)


def _stays_off(module: Module, loop: ast.AST, call: ast.Call, network: str) -> bool:
    """Whether a loop trains a network, then has it switched to evaluation by a call, and never back."""
    reached = [*_reached(module, loop, 0, set())]
    if {last_name(c.func) for c in reached} & _BACK or not _trains_before(module, loop, call):
        return False
    return not _is_made_anew(loop, network) and _is_used(reached, call, network)


def _callers(module: Module, switch: ast.Call) -> Iterator[tuple[ast.Call, str]]:
    """The calls of the function that switches a network it was given, or one from outside, and what they call it."""
    function = next((up for up in module.ancestors(switch) if isinstance(up, BORDERS)), None)
    if not isinstance(function, ast.FunctionDef) or any(loops_around(module, switch)):
        return
    assert isinstance(switch.func, ast.Attribute), "a method was chosen"
    network = switch.func.value
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    is_method = names[:1] == ["self"]
    for call in module.calls([function.name]):
        if isinstance(call.func, ast.Name) if is_method else not isinstance(call.func, ast.Name):
            continue
        if is_method and not _own_method(call.func):
            continue
        if isinstance(network, ast.Name) and network.id in names:
            place = names.index(network.id) - is_method
            given = call.args[place] if len(call.args) > place >= 0 else option(call, network.id)
            if given is not None:
                yield call, ast.unparse(given)
        elif _is_from_outside(module, network):
            yield call, ast.unparse(network)


def _is_from_outside(module: Module, network: ast.expr) -> bool:
    """Whether a function did not make the network itself: it is an attribute of `self`, or a name of the module."""
    found = chain(network)
    if found is None:
        return False
    root, attributes = found
    home = module.scope(root).resolve(root.id)
    return (root.id == "self" and bool(attributes)) or (home is not None and isinstance(home.node, ast.Module))


def _switches(call: ast.Call, word: str) -> bool:
    """Whether a call is `net.eval()`."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == word and not call.args and not call.keywords


def _outermost(module: Module, node: ast.AST) -> ast.AST | None:
    """The outermost loop around a node in the same function, if the node is not under a way out of it."""
    found = list(loops_around(module, node))
    for up in module.ancestors(node) if found else ():
        block = getattr(up, "body", [])
        if isinstance(up, ast.If) and block and isinstance(block[-1], ast.Break | ast.Return | ast.Raise):
            return None
    return found[-1] if found else None


def _reached(module: Module, node: ast.AST, depth: int, seen: set[str]) -> Iterator[ast.Call]:
    """The calls in a node and in the functions of the module that it calls by name."""
    for call in module.calls_within(node):
        yield call
        name = call.func.id if isinstance(call.func, ast.Name) else _own_method(call.func)
        if depth < _DEEPEST and name and name not in seen:
            seen.add(name)
            for function in module.functions:
                if function.name == name:
                    yield from _reached(module, function, depth + 1, seen)


def _own_method(function: ast.expr) -> str:
    """The name of a method that is called on `self`; empty for any other function."""
    is_own = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return last_name(function) if is_own and ast.unparse(function).startswith("self.") else ""


def _trains_before(module: Module, loop: ast.AST, call: ast.Call) -> bool:
    """Whether the loop trains before it evaluates: a network in this mode while another learns is meant to be."""
    for statement in getattr(loop, "body", []):
        if statement.lineno >= call.lineno:
            return False
        inside = _reached(module, statement, 0, set())
        if any(last_name(c.func) == "backward" for c in inside if c.lineno < call.lineno or not _holds(statement, c)):
            return True
    return False


def _holds(statement: ast.stmt, call: ast.Call) -> bool:
    return statement.lineno <= call.lineno <= (statement.end_lineno or statement.lineno)


def _is_used(reached: list[ast.Call], call: ast.Call, network: str) -> bool:
    """Whether the loop uses the network in another way too, by calling it or handing it on."""
    others = (other for other in reached if other is not call)
    return any(ast.unparse(c.func) == network or network in map(ast.unparse, c.args) for c in others)


def _is_made_anew(loop: ast.AST, network: str) -> bool:
    """Whether each round makes or loads the network that it evaluates."""
    for node in ast.walk(loop):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.For) else []
        names = {ast.unparse(e) for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])}
        if network in names or network.partition(".")[0] in names:
            return True
    return False
