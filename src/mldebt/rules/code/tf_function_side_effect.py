"""Python's own side effects in a function that TensorFlow traces once and then runs as a graph.

## Why it is debt
The body runs in Python only while it is traced. What it prints, counts, appends or draws from NumPy happens once and
never again: logs stop after the first batch, and every batch gets the same "random" number.

## Flagged
```python
import numpy as np
import tensorflow as tf

losses = []


class Trainer:
    def __init__(self):
        self.steps = 0

    @tf.function
    def step(self, batch):
        noise = np.random.normal()  # debt
        loss = tf.reduce_sum(batch) + noise
        losses.append(loss)  # debt
        self.steps += 1  # debt
        print("loss", loss)  # debt
        return loss


print(Trainer().step(tf.zeros(3)), losses)
```

## Fine
```python
import tensorflow as tf


class Trainer:
    def __init__(self):
        self.steps = tf.Variable(0)

    @tf.function
    def step(self, batch):
        parts = []
        for part in (1, 2):
            parts.append(batch * part + tf.random.normal([]))
        print("tracing")
        self.steps.assign_add(1)
        tf.print("loss", parts[0])
        return tf.add_n(parts)


print(Trainer().step(tf.zeros(3)))
```

## Limits
Only what is written in the decorated function itself. A `print` of a text alone, or what speaks of tracing, is taken
for a mark of it; what is made a constant, or done once under a condition on itself, is meant so.

## Source
TensorFlow's guide, "Better performance with tf.function", its section on Python side effects; S6908, S6911, S6918 and
S6928 in Sonar's rules for Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Function, Module
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="medium",
    minutes=Minutes(15, source="our estimate: take TensorFlow's operation instead, and see what the graph now does"),
    since="0.1.0",
)

_DECORATORS = frozenset({"tensorflow.function", "tensorflow.contrib.eager.defun", "tensorflow.compat.v2.function"})
_FIXED = ("numpy.random.", "random.", "time.time", "time.perf_counter", "datetime.datetime.now")
_TRACING = re.compile(r"trac(e|ing)|retrac", re.IGNORECASE)
_CONSTANTS = ("tensorflow.constant", "tensorflow.Variable", "tensorflow.convert_to_tensor")
# what these make is no tensor
_OBJECTS = ("tensorflow.keras.", "tensorflow.data.", "tensorflow.summary.", "tensorflow.train.", "tensorflow.lookup.")
_BORDERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def find(module: Module) -> Iterator[Hit]:
    if "tensorflow" not in module.packages or "@" not in module.code.text:
        return
    for function in module.functions:
        if any(_traces(module, decorator) for decorator in function.decorator_list):
            yield from _effects(module, function)


def _traces(module: Module, decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return module.name(called) in _DECORATORS


def _effects(module: Module, function: Function) -> Iterator[Hit]:
    waiting: list[ast.AST] = [*reversed(function.body)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _BORDERS):
            continue
        waiting.extend([*ast.iter_child_nodes(node)][::-1])
        found = _of_call(module, function, node) if isinstance(node, ast.Call) else _of_state(module, function, node)
        if found:
            kind, says, instead = found
            yield Hit(
                module.place(node), f"{says} only while TensorFlow traces `{function.name}`: {instead}", kind=kind
            )


def _of_call(module: Module, function: Function, call: ast.Call) -> tuple[str, str, str] | None:
    name = module.name(call.func) or ""
    if name == "print" and not all(isinstance(a, ast.Constant) for a in call.args):
        return None if _TRACING.search(ast.unparse(call)) else ("print", "this is printed", "take tf.print")
    if name.startswith(_FIXED) and not _is_constant(module, call):
        return "python-value", f"`{name}` is called", "take TensorFlow's own, or hand the value in"
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(inner, ast.Name) and isinstance(call.func, ast.Attribute) and call.func.attr == "append":
        home = module.scope(inner).resolve(inner.id)
        if home is not None and home.node is not function and home.kind != "comprehension":
            return "append", f"`{inner.id}` is appended to", "return the value, or take a tf.TensorArray"
    return None


def _of_state(module: Module, function: Function, node: ast.AST) -> tuple[str, str, str] | None:
    if isinstance(node, ast.Assign):
        return _of_tensor(module, function, node)
    if not isinstance(node, ast.AugAssign) or not isinstance(node.value, ast.Constant):
        return None
    target = node.target
    if _TRACING.search(ast.unparse(target)) or _is_guarded(module, function, node):
        return None
    is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    is_outer = isinstance(target, ast.Name) and module.opened_by(function).foreign.get(target.id) is not None
    if is_own or is_outer:
        return "counter", f"`{ast.unparse(target)}` is counted on", "keep a tf.Variable and assign to it"
    return None


def _of_tensor(module: Module, function: Function, node: ast.Assign) -> tuple[str, str, str] | None:
    """Whether a tensor of the graph is kept on `self`, where it means nothing once the graph is made."""
    target = node.targets[0]
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name) or target.value.id != "self":
        return None
    made = module.name(node.value.func) if isinstance(node.value, ast.Call) else None
    if made is None or not made.startswith("tensorflow.") or made.endswith("Variable") or "._" in made:
        return None
    if made.startswith(_OBJECTS) or made.rpartition(".")[2][:1].isupper() or _is_guarded(module, function, node):
        return None
    return "leak", f"`{ast.unparse(target)}` is set", "return the value, or assign to a tf.Variable"


def _is_constant(module: Module, call: ast.Call) -> bool:
    """Whether a value is made a constant of the graph in so many words."""
    around = (up for up in module.ancestors(call) if isinstance(up, ast.Call))
    return any(module.name(up.func) in _CONSTANTS for up in around)


def _is_guarded(module: Module, function: Function, node: ast.AugAssign | ast.Assign) -> bool:
    """Whether something is only to be done once: it stands under a condition on itself, or on what is built."""
    written = ast.unparse(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    for up in module.ancestors(node):
        if up is function:
            break
        if isinstance(up, ast.If) and (written in ast.unparse(up.test) or "built" in ast.unparse(up.test)):
            return True
    return False
