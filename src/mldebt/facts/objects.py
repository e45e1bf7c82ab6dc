"""What library object an expression is: a DataFrame, an array, a network, an estimator and so on.

Ask a module for the one instance that all rules share: `objects = module.shared(Objects)`, then

- `objects.kinds(expression)`: all that it may be, as a set of `Kind`; "?" stands for what cannot be said;
- `objects.is_a(expression, "frame", "series")`: whether something says that it is one of these, and nothing else;
- `objects.maker(call)`: the qualified name of a callee, `tensorflow.keras` and the like told as `keras`;
- `objects.types.class_kind(node)`: what the instances of a class of this module are, by its bases.

Followed are assignments in their order, branches, unpacking, `with`, loops, comprehensions, chained methods,
arithmetic, attributes of `self`, what functions and methods of the module return and are given, annotations and
subclasses. Nothing is computed before it is asked for: check first that the file imports the library
(`module.packages`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from mldebt.facts.kinds import Kind
from mldebt.facts.local import Local
from mldebt.facts.made import Kinds, attribute_of, called_by_name, combined, element_of, method_of, part_of
from mldebt.facts.reaching import Reaching
from mldebt.facts.syntax import Module
from mldebt.facts.types import Types
from mldebt.facts.used import Used

UNKNOWN: Kinds = frozenset({"?"})
_OTHER: Kinds = frozenset({"other"})
_SCALAR: Kinds = frozenset({"scalar"})
_MOST_STEPS = 400  # expressions looked at for one answer; those of real code take some ten
_DEEPEST = 60
_PASSES = frozenset({"copy.copy", "copy.deepcopy", "tqdm", "tqdm.tqdm", "pandas.DataFrame.copy"})
_WRAPS = frozenset("list tuple iter sorted reversed tqdm tqdm.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm".split())


class Objects:
    """Answers for one module. An answer depends on nothing but the module, in whatever order it is asked."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._reaching = Reaching(module)
        self.local = Local(module)
        self.types = Types(module, self.local)
        self._used = Used(module, self.local)
        self._known: dict[ast.AST, tuple[Kinds, int, int]] = {}
        self._open: set[ast.AST] = set()
        self._is_cut = False
        self._steps = 0
        self._height = 0

    # -- questions -----------------------------------------------------------------------------------------------

    def kinds(self, expression: ast.AST) -> Kinds:
        """All that an expression may be."""
        self._steps = 0
        return self._of(expression)

    def is_a(self, expression: ast.AST, *wanted: Kind) -> bool:
        """Whether something says that an expression is one of these kinds, and nothing that it is another."""
        said = self.kinds(expression) - UNKNOWN
        return bool(said) and said.issubset(wanted)

    def maker(self, call: ast.Call) -> str:
        """The qualified name of a callee; empty if it has none."""
        return self.types.name(call.func)

    # -- one expression ------------------------------------------------------------------------------------------

    def _of(self, node: ast.AST) -> Kinds:
        """The kinds of an expression, remembered unless a limit or a circle had a part in them.

        What is remembered counts as many steps as it took, so that the limits do not depend on what was asked before.
        """
        known = self._known.get(node)
        depth = len(self._open)
        if known is not None and depth + known[2] <= _DEEPEST:
            self._steps += known[1]
            self._height = max(self._height, known[2] + 1)
            return known[0]
        if node in self._open or depth > _DEEPEST or self._steps > _MOST_STEPS:
            self._is_cut = True
            return frozenset() if node in self._open else UNKNOWN
        outer, start, above = self._is_cut, self._steps, self._height
        self._is_cut, self._height = False, 0
        self._steps += 1
        self._open.add(node)
        found = self._answer(node)
        self._open.discard(node)
        if not self._is_cut or not depth:
            self._known[node] = (found or UNKNOWN, self._steps - start, self._height)
        self._is_cut = bool(depth) and (self._is_cut or outer)
        self._height = max(above, self._height + 1)
        return found if depth else found or UNKNOWN

    def _answer(self, node: ast.AST) -> Kinds:
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Subscript():
                return part_of(self._of(node.value), node, self._of)
            case ast.BinOp():
                return combined(self._of(node.left), self._of(node.right))
            case ast.Compare():
                return self._compare(node)
            case ast.UnaryOp():
                return _SCALAR if isinstance(node.op, ast.Not) else self._of(node.operand)
            case ast.IfExp():
                return self._of(node.body) | self._of(node.orelse)
            case ast.BoolOp():
                return self._all(node.values)
            case ast.NamedExpr():
                return self._of(node.value)
            case ast.Constant() | ast.JoinedStr():  # what is None at first is told by what it becomes
                return frozenset() if getattr(node, "value", "") is None else _SCALAR
        return _OTHER if isinstance(node, _LITERALS) else UNKNOWN

    def _all(self, nodes: Iterable[ast.AST]) -> Kinds:
        return frozenset().union(*(self._of(node) for node in nodes))

    def _compare(self, node: ast.Compare) -> Kinds:
        if any(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops):
            return _SCALAR
        return combined(self._of(node.left), self._of(node.comparators[0]))

    def _name(self, node: ast.Name) -> Kinds:
        found: Kinds = frozenset()
        for binding in self._reaching.bindings(node):
            found |= self._bound(binding)
        if found <= UNKNOWN:
            found = self._used.kinds(self._reaching.home(node), node.id) or found
        return found or UNKNOWN

    def _attribute(self, node: ast.Attribute) -> Kinds:
        owner = self.local.owner(node.value) if isinstance(node.value, ast.Name) else None
        if owner is None:
            return attribute_of(self._of(node.value), node.attr)
        kept = self.local.kept(owner, node.attr)
        found = frozenset().union(*(self._bound(binding) for binding in kept))
        if found <= UNKNOWN:
            method = self.local.methods(owner).get(node.attr)
            if method is not None:
                return self._all(self.local.returned(method)) or UNKNOWN
            return self._used.kinds(owner, node.attr) or attribute_of(self._of(node.value), node.attr)
        return found

    # -- bindings ------------------------------------------------------------------------------------------------

    def _bound(self, binding: ast.AST) -> Kinds:
        """What a binding of a name, or a place where an attribute is set, gives."""
        if isinstance(binding, ast.arg):
            return self._parameter(binding)
        if isinstance(binding, ast.alias):
            return _OTHER if isinstance(self._module.parent(binding), ast.Import) else UNKNOWN
        if not isinstance(binding, ast.Name | ast.Attribute):
            return _OTHER if isinstance(binding, ast.stmt | ast.ExceptHandler) else UNKNOWN
        path: list[int] = []
        inner: ast.AST = binding
        up = self._module.parent(inner)
        while isinstance(up, ast.Tuple | ast.List | ast.Starred):
            if isinstance(up, ast.Starred):
                return _OTHER
            path.insert(0, next(i for i, e in enumerate(up.elts) if e is inner))
            inner, up = up, self._module.parent(up)
        return self._from(up, path)

    def _from(self, holder: ast.AST | None, path: list[int]) -> Kinds:
        match holder:
            case ast.AnnAssign():
                said = self.types.annotated(holder.annotation)
                return said or (self._of(holder.value) if holder.value is not None else UNKNOWN)
            case ast.Assign() | ast.NamedExpr():
                return self._unpacked(holder.value, path)
            case ast.AugAssign():
                return frozenset()  # what is added to stays what it is
            case ast.withitem():
                return self._unpacked(holder.context_expr, path)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                return self._element(holder.iter, path)
        return UNKNOWN

    def _unpacked(self, value: ast.expr, path: list[int]) -> Kinds:
        """What is at a path (positions, from the outside in) of a value that is taken apart."""
        if not path:
            return self._of(value)
        if isinstance(value, ast.Tuple | ast.List) and not any(isinstance(e, ast.Starred) for e in value.elts):
            return self._unpacked(value.elts[path[0]], path[1:]) if path[0] < len(value.elts) else UNKNOWN
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            return _SCALAR
        if isinstance(value, ast.Call):
            if self.maker(value).endswith(".train_test_split"):
                place = path[0] // 2
                return self._of(value.args[place]) if place < len(value.args) else UNKNOWN
            function = self.local.called(value)
            returned = self.local.returned(function) if function is not None else []
            return frozenset().union(*(self._unpacked(r, path) for r in returned)) or UNKNOWN
        return UNKNOWN

    def _element(self, iterable: ast.expr, path: list[int]) -> Kinds:
        """What a round of a loop gets."""
        if isinstance(iterable, ast.Call):
            name = self.maker(iterable)
            first = iterable.args[0] if iterable.args else None
            if name == "enumerate" and first is not None and path:
                return self._element(first, path[1:]) if path[0] else _SCALAR
            if name == "zip" and path and path[0] < len(iterable.args):
                return self._element(iterable.args[path[0]], path[1:])
            if name in _WRAPS and first is not None:
                return self._element(first, path)
        if isinstance(iterable, ast.List | ast.Tuple | ast.Set):
            return frozenset().union(*(self._unpacked(e, path) for e in iterable.elts))
        if isinstance(iterable, ast.ListComp | ast.GeneratorExp):
            return self._unpacked(iterable.elt, path)
        found = element_of(iterable, self._of, path)
        if found == UNKNOWN and isinstance(iterable, ast.Name) and iterable not in self._open:
            return self._of_elements(iterable, path)
        return found

    def _of_elements(self, name: ast.Name, path: list[int]) -> Kinds:
        """What a round gets of a list that a name was assigned as it is written."""
        found: Kinds = frozenset()
        for binding in self._reaching.bindings(name):
            holder = self._module.parent(binding)
            value = holder.value if isinstance(holder, ast.Assign) and binding in holder.targets else None
            found |= self._element(value, path) if isinstance(value, ast.List | ast.Tuple | ast.ListComp) else UNKNOWN
        return found or UNKNOWN

    def _parameter(self, parameter: ast.arg) -> Kinds:
        if parameter.annotation is not None:
            return self.types.annotated(parameter.annotation) or UNKNOWN
        home = self._module.opened_by(self._module.parent(self._module.parent(parameter)))  # type: ignore[arg-type]
        if home.parent is not None and isinstance(home.parent.node, ast.ClassDef) and parameter.arg in ("self", "cls"):
            return frozenset({self.types.class_kind(home.parent.node)})
        return self._all(self.local.given(parameter)) or UNKNOWN

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call) -> Kinds:
        name = self.maker(call)
        if name in _PASSES and call.args:
            return self._of(call.args[0])
        local = self.local.called(call)
        if isinstance(local, ast.ClassDef):
            return frozenset({self.types.class_kind(local)})
        if local is not None:
            returned = self.local.returned(local)
            annotation = local.returns if isinstance(local, ast.FunctionDef) else None
            said = self.types.annotated(annotation) if annotation is not None else None
            return said or self._all(returned) or UNKNOWN
        if name:
            return called_by_name(name, call, self._of)
        if isinstance(call.func, ast.Attribute):
            return method_of(self._of(call.func.value), call, self._of)
        return UNKNOWN


_LITERALS = (
    ast.List,
    ast.Dict,
    ast.Set,
    ast.Tuple,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.Lambda,
)
