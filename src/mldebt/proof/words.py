"""Names for the parameters of shared code."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from mldebt.proof.naming import in_common
from mldebt.proof.plan import Members
from mldebt.proof.tree import Tree
from mldebt.proof.unify import Hole

_TAKEN = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_TEXTS = ("string", "text", "FormattedString", "ConcatenatedString")
_CALLED = frozenset(("print", "append", "format", "load", "open", "min", "max", "str", "int"))


class Names:
    """Names for parameters, each after its role and none twice."""

    def __init__(self, members: Members, free: Iterable[str], holes: Sequence[Hole]) -> None:
        inside = {id(t) for hole in holes for t in hole.trees[0].walk()}
        left = (t for t in members.trees[0].walk() if id(t) not in inside)
        roots = (_root(t.node) for t in left if t.kind == "import" or isinstance(t.node, cst.Name))
        read = {root.value for root in roots if isinstance(root, cst.Name)}
        self._used = {*members.pieces[0].bound, *free, *read, *_attributes(members), *_TAKEN}

    def of(self, hole: Hole) -> str:
        """The name for what takes a hole's place."""
        words = [_last_word(t) for t in hole.trees]
        if len(set(words)) == 1 and words[0]:
            return self.take(words[0])
        numbers = all(t.kind in ("Integer", "Float", "UnaryOperation") for t in hole.trees)
        texts = all(t.kind in _TEXTS for t in hole.trees)
        role = hole.role.strip("_~")
        if not role or hole.role.startswith("~"):
            made = in_common([t.kids[0].value.rpartition(".")[2] for t in hole.trees if t.kind == "Call"])
            if made and all(t.kind == "Call" for t in hole.trees):
                return self.take(f"make_{made}")
        if hole.role.startswith("~") and (words[0] or role in _CALLED):
            role = words[0]
        return self.take(role or words[0] or ("number" if numbers else "text" if texts else "value"))

    def take(self, wanted: str) -> str:
        """The wanted name, changed as far as needed to be a new identifier."""
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"\W+", "_", wanted)).lower().strip("_") or "value"
        name = f"value_{name}" if name[0].isdigit() else name
        if name in _TAKEN:
            name = f"{name}_value"
        count, free = 1, name
        while free in self._used:
            free = f"{name}_{count}" if count > 1 else f"given_{name}"
            count += 1
        self._used.add(free)
        return free


def _attributes(members: Members) -> Iterator[str]:
    """The attributes that methods read or set, since what they differ in may become attributes of their object."""
    if members.pieces[0].unit == "method":
        yield from (t.value for tree in members.trees for t in tree.walk() if t.kind == "Attribute")


def _root(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _last_word(tree: Tree) -> str:
    if tree.kind in ("variable", "local", "import", "definition", "constant", "Attribute", "builtin"):
        node = tree.node
        if isinstance(node, cst.Attribute):
            return node.attr.value
        return node.value if isinstance(node, cst.Name) else ""
    return ""
