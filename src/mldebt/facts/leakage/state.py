"""Names and what they stand for, while the statements of a module are followed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mldebt.facts.leakage.journal import Journal
from mldebt.facts.leakage.lineage import NOTHING, Fit, Step, Thing, Value, either
from mldebt.facts.syntax import Function, Module

_FUEL = 60_000  # expressions followed in one module; the longest notebooks we know take a tenth
DEEPEST = 60  # expressions, blocks and calls inside one another

Frame = dict[str, Value]


@dataclass
class State:
    """The state of following one module. `evaluate` and `run` are how expressions and statements are followed."""

    module: Module
    evaluate: Callable[[State, ast.expr], Value]
    run: Callable[[State, list[ast.stmt]], None]
    functions: dict[str, Function]
    journal: Journal = field(default_factory=Journal)
    frames: list[Frame] = field(default_factory=lambda: [{}])
    owners: list[str] = field(default_factory=lambda: [""])
    results: list[Value] = field(default_factory=lambda: [NOTHING])
    opened: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    loops: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    learnt: dict[Thing, Step] = field(default_factory=dict)
    fitted: dict[Thing, Fit] = field(default_factory=dict)
    fuel: int = _FUEL
    depth: int = 0

    def look(self, key: str) -> Value:
        """What a name, or an attribute of `self`, stands for."""
        for frame in (self.frames[-1], self.frames[0]):
            if key in frame:
                return frame[key]
        return NOTHING

    def bind(self, key: str, value: Value) -> None:
        """Give a name a new value; attributes of `self` are shared by the methods of a class.

        What is known of an object by its name only is forgotten.
        """
        where = self.called_so(key)
        for thing in [t for t in self.fitted if t.where == where]:
            del self.fitted[thing]
        if key:
            self.frames[0 if "." in key else -1][key] = value

    def key(self, node: ast.AST) -> str:
        """The key of a name or of an attribute of `self`; empty for anything else."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return f"{self.owners[-1]}.{node.attr}"
        return ""

    def holder(self, node: ast.AST) -> str:
        """The key of the data that an expression is a part of: of `df["a"]`, `df.loc[i]` and `df.a` it is `df`."""
        while not self.key(node) and isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        return self.key(node)

    @property
    def around(self) -> tuple[str, ...]:
        """The loops around, from the outside in."""
        return tuple(name for name, _ in self.loops)

    def called_so(self, name: str) -> str:
        """Where something comes from of which only the name is known here."""
        return " in ".join([name, *reversed(self.sites)])

    def place(self, node: ast.AST) -> str:
        """The place of a node, with those of the calls that led to it."""
        return " in ".join([spot(node), *reversed(self.sites)])

    @contextmanager
    def frame(self, name: str, owner: str, frame: Frame, site: str) -> Iterator[None]:
        """Follow the body of a function, called at a place; its result is the last of `results` until the end."""
        self.frames.append(frame)
        self.owners.append(owner)
        self.results.append(NOTHING)
        self.opened.append(name)
        self.sites.append(site)
        try:
            yield
        finally:
            for stack in (self.frames, self.owners, self.results, self.opened, self.sites):
                stack.pop()

    @contextmanager
    def loop(self, name: str, targets: frozenset[str]) -> Iterator[None]:
        """Follow the body of a loop that binds the targets anew in each round."""
        self.loops.append((name, targets))
        try:
            yield
        finally:
            self.loops.pop()

    def join(self, before: Frame) -> None:
        """Let each name of the innermost frame stand for what it does there or in another state of the frame."""
        now = self.frames[-1]
        for key, value in before.items():
            now[key] = either(now[key], value) if key in now else value


def spot(node: ast.AST) -> str:
    """The place of a node, as text that is no name."""
    return f"{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)}"
