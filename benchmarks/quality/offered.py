"""Whether a release offers a dotted name, a member of a class, an argument, or one value of an argument."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from namespaces import Bound, Definition, Seen, Source, State

_DEPTH = 40
_PLAIN_BASES = frozenset("object Exception ABC Generic Protocol dict list Enum NamedTuple type".split())


class Release:
    """The packages of one release and of what it was published with.

    `elsewhere` says for a module in which other one its submodules and names really lie, as the library's own start
    arranges it.
    """

    def __init__(self, roots: tuple[Path, ...], elsewhere: Mapping[str, tuple[str, ...]]) -> None:
        self._roots = roots
        self._elsewhere = elsewhere
        self._sources: dict[str, Source | None] = {}
        self.look = cache(self._look)
        self._below = cache(self._listing_below)

    def source(self, dotted: str) -> Source | None:
        """The module of a name; None if there is no such file."""
        if dotted not in self._sources:
            self._sources[dotted] = next(filter(None, (_found(root, dotted) for root in self._roots)), None)
        return self._sources[dotted]

    def _look(self, dotted: str, depth: int = 0) -> Seen:
        """Whether a dotted name is offered."""
        top, *rest = dotted.split(".")
        if self.source(top) is None:
            return Seen("unsure", f"{top} is not among the files")
        here = Seen("there", "", Bound(top, ast.Module([], [])))
        home: str | None = top
        for number, name in enumerate(rest, 1):
            is_last = number == len(rest)
            here, home = self._step(home, here, name, is_last, depth)
            if here.state != "there":
                return here
        return here

    def _step(self, home: str | None, here: Seen, name: str, is_last: bool, depth: int) -> tuple[Seen, str | None]:
        """One part of a dotted name further: what it is, and the module that it is if it is one."""
        if home is None:
            found = self._in_class(here.bound, name, depth) if here.bound is not None else Seen("unsure", "an object")
            return found._replace(way=(*here.way, *found.way)), None
        below = next((m for m in self._homes(home, name) if self.source(m) is not None), None)
        if below is not None and not is_last:
            return Seen("there", below, Bound(below, ast.Module([], []))), below
        found = self.name_in(home, name, depth)
        if below is not None and (found.state != "there" or found.bound is None or found.bound.target):
            source = self.source(below)
            if source is not None and source.only_raises:
                return Seen("gone", f"{below} only raises"), None
            return Seen("there", f"module {below}", Bound(below, ast.Module([], []))), below
        is_module = found.bound is not None and isinstance(found.bound.node, ast.Module)
        return found, found.bound.module if is_module and found.bound is not None else None

    def _homes(self, home: str, name: str) -> Iterator[str]:
        yield from self._elsewhere.get(f"{home}.{name}", ())
        yield f"{home}.{name}"
        for other in self._elsewhere.get(home, ()):
            yield f"{other}.{name}"

    def name_in(self, home: str, name: str, depth: int = 0) -> Seen:
        """Whether a module offers a name itself."""
        seen = [self._name_in(module, name, depth) for module in (home, *self._elsewhere.get(home, ()))]
        order: dict[State, int] = {"there": 0, "unsure": 1, "gone": 2}
        return min(seen, key=lambda one: order[one.state])

    def _name_in(self, home: str, name: str, depth: int) -> Seen:
        source = self.source(home)
        if source is None:
            return Seen("gone", f"no {home}")
        if depth > _DEPTH:
            return Seen("unsure", f"imports of {home} go round")
        bound = source.bound.get(name)
        if bound:
            return self._followed(bound, depth)
        handed = self._handed_out(source, name, depth)
        if handed is not None:
            return handed
        found, doubtful = self._by_star(source, name, depth)
        if found is not None:
            return found
        if name in source.deleted:
            return Seen("gone", f"{home} deletes it")
        if source.listed is not None and name in source.listed:
            return Seen("there", f"in __all__ of {home}", Bound(home, ast.Pass()))
        if doubtful and source.stubbed.get(name):
            return self._followed(source.stubbed[name], depth)
        are_compiled = all(other is None or other.is_compiled for other in map(self.source, doubtful))
        if source.stubbed and are_compiled and "__getattr__" not in source.stubbed:
            return Seen("gone", f"not in {home}, nor in its stub")
        if doubtful:
            return Seen("unsure", f"{home} takes names from {', '.join(doubtful)}")
        return Seen("gone", f"not in {home}")

    def _by_star(self, source: Source, name: str, depth: int) -> tuple[Seen | None, list[str]]:
        """What a star import brings a name, and the modules that might bring it too, but do not say so."""
        is_stubbed = any(self.source(other) is not None for other in self._elsewhere.get(source.dotted, ()))
        is_known = is_stubbed or bool(source.lazy) or not source.is_dynamic
        is_plain = is_known and source.is_readable and not source.is_compiled
        doubtful = [] if is_plain else [source.dotted]
        for star in source.stars if name not in source.deleted else ():
            if self.source(star) is None:
                doubtful.append(star)
            elif self._is_exported(star, name):
                found = self._name_in(star, name, depth + 1)
                if found.state == "there":
                    return found, doubtful
                doubtful += [star] if found.state == "unsure" else []
        return None, doubtful

    def _is_exported(self, home: str, name: str) -> bool:
        source = self.source(home)
        assert source is not None
        if source.listed is None or (source.is_dynamic and name not in source.bound):
            return not name.startswith("_")
        if name in source.listed:
            return True
        others = [word[1:] for word in source.listed if word.startswith("*")]
        return bool(others) and not name.startswith("_")

    def _followed(self, bound: list[Bound], depth: int) -> Seen:
        """What the bindings of a name come to: the definition at the end of imports, if it can be seen."""
        best: Seen | None = None
        for one in bound:
            if not one.target:
                if isinstance(one.node, Definition):
                    return Seen("there", f"defined in {one.module}", one, (one,))
                best = best or Seen("there", f"set in {one.module}", one, (one,))
                continue
            found = Seen("unsure", "")
            if self.source(one.target.partition(".")[0]) is not None and depth < _DEPTH:
                found = self.look(one.target, depth + 1)
            if found.state == "there" and found.bound is not None:
                return found._replace(way=(one, *found.way))
            best = best or Seen("there", f"imported in {one.module}", one, (one,))
        assert best is not None
        return best

    # -- what a module hands out by itself -----------------------------------------------------------------------------

    def _handed_out(self, source: Source, name: str, depth: int) -> Seen | None:
        if name in source.lazy:
            found = self.look(f"{source.dotted}.{source.lazy[name]}.{name}", depth + 1)
            if found.state == "there":
                return found
            return Seen("there", f"in the lazy table of {source.dotted}", Bound(source.dotted, ast.Pass()))
        if source.scans:
            found_in = self._below(source).get(name)
            if found_in is not None:
                return self._name_in(found_in, name, depth + 1)
        if source.hands_out is None:
            return None
        return self._asked(source, source.hands_out, name)

    def _listing_below(self, source: Source) -> dict[str, str]:
        """The names that the files below a package list, each with its module."""
        found: dict[str, str] = {}
        folder = source.files[0].parent
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if "__all__" in text and path.stem != "__init__":
                module = ".".join([source.dotted, *path.relative_to(folder).with_suffix("").parts])
                below = self.source(module)
                found |= {name: module for name in (below.listed if below is not None else None) or ()}
        return found

    def _asked(self, source: Source, function: ast.FunctionDef, name: str) -> Seen | None:
        """What `__getattr__` does with a name; None if it does not know it."""
        here = f"__getattr__ of {source.dotted}"
        branches = [n for n in ast.walk(function) if isinstance(n, ast.If) and self._tests_for(source, n.test, name)]
        done = next(filter(None, (_done_in(branch, source.dotted, here) for branch in branches)), None)
        if done is not None:
            return done
        if any(self._holds(source, node, name) for node in _handed_on(function)):
            way = Bound(source.dotted, ast.If(ast.Constant(True), function.body, []))
            return Seen("there", here, Bound(source.dotted, function), (way,))
        is_listed = source.listed is not None and name in source.listed
        returns = any(isinstance(node, ast.Return) for node in ast.walk(function))
        return Seen("there", here, Bound(source.dotted, function)) if is_listed and returns else None

    def _tests_for(self, source: Source, test: ast.expr, name: str) -> bool:
        if any(isinstance(n, ast.Not | ast.NotIn | ast.NotEq) for n in ast.walk(test)):
            return False
        return any(
            (isinstance(n, ast.Constant) and n.value == name) or self._holds(source, n, name) for n in ast.walk(test)
        )

    def _holds(self, source: Source, node: ast.AST, name: str) -> bool:
        """Whether a name in a function is that of a container which the module sets and which holds a word."""
        if not isinstance(node, ast.Name):
            return False
        targets = [bound.target for bound in source.bound.get(node.id, ())]
        home = next((t.rpartition(".")[0] for t in targets if t), source.dotted)
        holder = self.source(home)
        return holder is not None and name in holder.words_of(node.id)

    # -- classes -------------------------------------------------------------------------------------------------------

    def classes(self, bound: Bound, depth: int = 0) -> Iterator[Bound | None]:
        """A class and those it inherits from, None where one cannot be seen."""
        if not isinstance(bound.node, ast.ClassDef) or depth > _DEPTH:
            yield None
            return
        yield bound
        for base in bound.node.bases:
            text = re.sub(r"\[.*", "", ast.unparse(base), flags=re.DOTALL)
            if text.rpartition(".")[2] in _PLAIN_BASES:
                continue
            top, _, rest = text.partition(".")
            found = self.name_in(bound.module, top) if re.fullmatch(r"[\w.]+", text) else Seen("unsure", "")
            if found.bound is not None and rest and isinstance(found.bound.node, ast.Module):
                found = self.look(f"{found.bound.module}.{rest}")
            if found.bound is None or found.bound.node is bound.node:
                yield None
            else:
                yield from self.classes(found.bound, depth + 1)

    def _in_class(self, owner: Bound, name: str, depth: int) -> Seen:
        doubtful = False
        for one in self.classes(owner):
            if one is None:
                doubtful = True
                continue
            for node in ast.walk(one.node):
                if _makes_member(node, one.node, name):
                    return Seen(
                        "there", f"in a class of {one.module}", Bound(one.module, node), (Bound(one.module, node),)
                    )
        return Seen("unsure", "a base class is not seen") if doubtful else Seen("gone", "not in the class")


def _done_in(branch: ast.If, dotted: str, here: str) -> Seen | None:
    """What the branch of a `__getattr__` that is for a name does with it; None if it goes on."""
    body = ast.Module(branch.body, [])
    if "is removed from" in ast.unparse(body):
        return Seen("gone", f"{here} says it is removed")
    if any(isinstance(node, ast.Return) for node in ast.walk(body)):
        ways = tuple(Bound(dotted, statement) for statement in branch.body)
        return Seen("there", here, Bound(dotted, branch), ways)
    is_refused = any(isinstance(node, ast.Raise) for node in ast.walk(body))
    return Seen("gone", f"{here} raises") if is_refused else None


def _handed_on(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What a `__getattr__` returns, or looks up without raising what it finds."""
    raised = {id(n) for r in ast.walk(function) if isinstance(r, ast.Raise) for n in ast.walk(r)}
    for node in ast.walk(function):
        if isinstance(node, ast.Return):
            yield from ast.walk(node)
        elif isinstance(node, ast.Subscript) and id(node) not in raised:
            yield node.value


def _makes_member(node: ast.AST, owner: ast.AST, name: str) -> bool:
    if isinstance(node, Definition):
        return node.name == name and node is not owner
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(
            (isinstance(t, ast.Name) and t.id == name)
            or (isinstance(t, ast.Attribute) and t.attr == name and ast.unparse(t.value) == "cls")
            for t in targets
        )
    return False


def _found(root: Path, dotted: str) -> Source | None:
    parts = dotted.split(".")
    folder = root.joinpath(*parts[:-1])
    package, name = folder / parts[-1], parts[-1]
    if (package / "__init__.py").is_file() or (package / "__init__.pyi").is_file():
        code, stub = package / "__init__.py", package / "__init__.pyi"
        return Source(dotted, code if code.is_file() else None, stub if stub.is_file() else None, False)
    code, stub = folder / f"{name}.py", folder / f"{name}.pyi"
    compiled = folder.is_dir() and any(p.suffix in (".so", ".pyd") for p in folder.glob(f"{name}.*"))
    if code.is_file() or stub.is_file() or compiled:
        return Source(dotted, code if code.is_file() else None, stub if stub.is_file() else None, compiled)
    if package.is_dir() and any(package.iterdir()):
        return Source(dotted, None, None, False)
    return None
