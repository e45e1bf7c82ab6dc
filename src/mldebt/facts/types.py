"""What annotations and base classes say about the kind of an object."""

from __future__ import annotations

import ast
import re

from mldebt.facts.kinds import ANNOTATIONS, BASES, CLASSES, Kind
from mldebt.facts.local import Local
from mldebt.facts.syntax import Module

_DEEPEST = 20  # bases of bases
_LONGEST = 80  # characters of an annotation written as a text
_KERAS = re.compile(r"^(tensorflow(\.compat\.v[12])?\.(python\.)?keras|tf_keras|keras\.api)\.")


class Types:
    """Answers for one module."""

    def __init__(self, module: Module, local: Local) -> None:
        self._module = module
        self._local = local

    def name(self, expression: ast.AST) -> str:
        """The qualified name of an expression, Keras always as `keras`; empty if it has none."""
        return _KERAS.sub("keras.", self._module.name(expression) or "")

    def class_kind(self, owner: ast.ClassDef, depth: int = 0) -> Kind:
        """What the instances of a class are by its bases; "?" if those come from elsewhere, "other" if it has none."""
        found: Kind = "other"
        for base in owner.bases:
            name = self.name(base)
            kind = BASES.get(name) or kind_of_class(name)
            if kind is not None:
                return kind
            if name not in _NO_BASES:
                found = "?"
        for parent in self._local.bases(owner) if depth < _DEEPEST else ():
            kind = self.class_kind(parent, depth + 1)
            if kind not in ("other", "?"):
                return kind
            found = kind
        return "module" if found == "?" and self._looks_like_a_module(owner) else found

    def _looks_like_a_module(self, owner: ast.ClassDef) -> bool:
        """Whether a class with a base from elsewhere has a `forward` and keeps layers of PyTorch."""
        if "torch" not in self._module.packages or "forward" not in self._local.methods(owner):
            return False
        values = [s.value for m in self._local.methods(owner).values() for s in m.body if isinstance(s, ast.Assign)]
        return any(isinstance(v, ast.Call) and self.name(v.func).startswith("torch.nn.") for v in values)

    def annotated(self, annotation: ast.expr) -> frozenset[Kind] | None:
        """What an annotation says; None if that is nothing that is known here."""
        match annotation:
            case ast.Constant(value=str(text)) if len(text) < _LONGEST:
                written = re.fullmatch(r"(?:Optional\[)?(\w+)\.(\w+)\]?(?: ?\| ?None)?", text)
                full = f"{_USUAL.get(written[1], written[1])}.{written[2]}" if written else text
                return frozenset({ANNOTATIONS[full]}) if full in ANNOTATIONS else None
            case ast.BinOp(op=ast.BitOr()):
                return self.annotated(annotation.left) or self.annotated(annotation.right)
            case ast.Subscript():
                name = self._module.name(annotation.value) or ""
                if name.endswith("Optional"):
                    return self.annotated(annotation.slice)
                return frozenset({ANNOTATIONS[name]}) if name in ANNOTATIONS else None
        name = self.name(annotation)
        kind = ANNOTATIONS.get(name) or BASES.get(name) or kind_of_class(name)
        if kind is None and isinstance(annotation, ast.Name):
            owner = next(iter(self._module.top.bindings.get(annotation.id, [])), None)
            kind = self.class_kind(owner) if isinstance(owner, ast.ClassDef) else None
        return frozenset({kind}) if kind is not None else None


def kind_of_class(name: str) -> Kind | None:
    """The kind of what a class of a library makes, by its qualified name."""
    last = name.rpartition(".")[2].lstrip("_")
    if not last[:1].isupper():
        return None
    return next((kind for prefix, kind in CLASSES if name.startswith(prefix)), None)


_NO_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.NamedTuple", "typing.Protocol", "enum.Enum"})
_USUAL = {"pd": "pandas", "np": "numpy", "tf": "tensorflow"}
