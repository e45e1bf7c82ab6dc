"""What frameworks call by themselves, as data: a YAML file a field, read once and kept by what a repository imports.

```yaml
- packages: pytorch_lightning lightning         # the entry holds if one of these is imported anywhere
  bases:                                        # class name → what is called or read on its subclasses
    LightningModule: {like: torch.Module, hooks: "configure_* *_step", attributes: automatic_optimization}
  inert: rank_zero_only                         # decorators that register nothing, by their last name
  decorators: {configurable: from_config}       # what a decorated method has called on its class
  effects: autoinit                             # modules in the package imported for what importing them does
  protocols: write flush                        # methods and attributes others reach for on any object they are given
  names: __getattr__                            # top-level names that are called or read by name in any module
  handlers: lambda_handler                      # the same, and a module that has one is an entry point
  files: {hubconf.py: "*"}                      # files that are run, and the top-level names used in them
  calls: {Fire: "*"}                            # what is called by name in the module of a call without arguments
```

All but the keys are lists of words; `*` stands for anything, in a path within one folder unless it is doubled. The
package `*` is always imported, and so is `builtins`, the package of names that no import binds. A base that is listed
is known in full: what it does not name, no subclass overrides. Of any other base a subclass may override everything.
Subclasses of a base that says `found: anywhere` are used in whatever file they stand, of one that says
`found: imported` once their module is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from fnmatch import translate
from functools import lru_cache
from importlib import resources
from typing import Literal, TypeVar

import msgspec


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one base class; `like` names another one that it is a case of, in this or another package."""

    like: str = ""
    hooks: str = ""
    attributes: str = ""
    found: Literal["", "imported", "anywhere"] = ""


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a YAML file."""

    packages: str
    bases: dict[str, Base] = {}
    inert: str = ""
    decorators: dict[str, str] = {}
    effects: str = ""
    protocols: str = ""
    names: str = ""
    handlers: str = ""
    files: dict[str, str] = {}
    calls: dict[str, str] = {}


Listed = list[tuple[Framework, list[str]]]  # with their packages
Value = TypeVar("Value")


class Names:
    """A set of names, some of them patterns."""

    __slots__ = ("_exact", "_pattern")

    def __init__(self, words: Iterable[str]) -> None:
        listed = set(words)
        patterns = sorted(word for word in listed if "*" in word)
        self._exact = frozenset(listed.difference(patterns))
        self._pattern = re.compile("|".join(map(translate, patterns))) if patterns else None

    def __contains__(self, name: str) -> bool:
        return name in self._exact or (self._pattern is not None and self._pattern.match(name) is not None)

    def __bool__(self) -> bool:
        return bool(self._exact) or self._pattern is not None


class Known(msgspec.Struct, frozen=True):
    """What is called (`hooks`) and read (`attributes`) on the subclasses of some bases."""

    hooks: Names
    attributes: Names


def _keyed(listed: Listed, of: Callable[[Framework], dict[str, Value]]) -> dict[tuple[str, str], Value]:
    """One mapping of all frameworks, by package and name."""
    return {(package, name): value for f, packages in listed for package in packages for name, value in of(f).items()}


def _together(listed: Listed, of: Callable[[Framework], str]) -> Names:
    return Names(word for framework, _ in listed for word in of(framework).split())


class Knowledge:
    """What holds for a repository that imports these top-level packages."""

    def __init__(self, frameworks: Iterable[Framework], imported: Collection[str]) -> None:
        listed = [(framework, framework.packages.split()) for framework in frameworks]
        here = {"*", "builtins", *imported}
        held = [(framework, packages) for framework, packages in listed if not here.isdisjoint(packages)]
        self._bases = _keyed(listed, lambda f: f.bases)
        self._decorators = _keyed(held, lambda f: f.decorators)
        self._calls = _keyed(held, lambda f: f.calls)
        self._callers = frozenset(name for _, name in self._calls)
        self._inert = frozenset(_keyed(held, lambda f: dict.fromkeys(f.inert.split(), True)))
        self._found = {key: base.found for key, base in _keyed(held, lambda f: f.bases).items() if base.found}
        self._finders = frozenset(name for _, name in self._found)
        self._effects = {package: Names(f.effects.split()) for f, of in held for package in of if f.effects}
        self.protocols = _together(held, lambda f: f.protocols)
        self.handlers = _together(held, lambda f: f.handlers)
        self.names = _together(held, lambda f: f"{f.names} {f.handlers}")
        self._files = _Files((pattern, names) for f, _ in held for pattern, names in f.files.items())

    def inherited(self, bases: Iterable[str]) -> Known | None:
        """What is known of all these qualified base classes together; None if one of them is not known."""
        hooks: list[str] = []
        attributes: list[str] = []
        for base in bases:
            for known in self._line(_key(base)):
                if known is None:
                    return None
                hooks += known.hooks.split()
                attributes += known.attributes.split()
        return Known(Names(hooks), Names(attributes))

    def _line(self, key: tuple[str, str]) -> list[Base | None]:
        """A base and those it is like; the last is None if one is not known."""
        found: list[Base | None] = []
        while len(found) <= len(self._bases):
            base = self._bases.get(key)
            found.append(base)
            if base is None or not base.like:
                break
            key = _key(base.like) if "." in base.like else (key[0], base.like)
        return found

    def is_inert(self, decorator: str) -> bool:
        """Whether a decorator only wraps what it decorates, so that being decorated is no use."""
        package, name = _key(decorator)
        if not name:
            package, name = "builtins", package
        return (package, name) in self._inert or ("*", name) in self._inert

    def asked_for(self, decorators: Iterable[str]) -> Names | None:
        """The methods that decorators of a method have called on its class; None if they know of none."""
        found = [self._decorators[key] for key in map(_key, decorators) if key in self._decorators]
        return Names(name for names in found for name in names.split()) if found else None

    def found(self, base: str) -> str:
        """Where subclasses of a base are found and used by themselves: imported, anywhere, or empty for nowhere."""
        return self._found.get(_key(base), "")

    @property
    def asks(self) -> bool:
        """Whether `asked_for` knows any decorator."""
        return bool(self._decorators)

    def may_find(self, base: str) -> bool:
        """Whether the last part of a base is that of one that `found` knows: quick, to ask first."""
        return base.rpartition(".")[2] in self._finders

    def has_effect(self, module: str) -> bool:
        """Whether a module is imported for what importing it does."""
        package, *parts = module.split(".")
        effects = self._effects.get(package)
        return effects is not None and any(".".join(parts[:n]) in effects for n in range(len(parts) + 1))

    def exposed(self, qualified: str) -> Names | None:
        """What a call of this name calls by name if it is given nothing; None for any other function."""
        names = self._calls.get(_key(qualified))
        return None if names is None else Names(names.split())

    def may_expose(self, name: str) -> bool:
        """Whether the last part of a name is that of a function that `exposed` knows: quick, to ask first."""
        return bool(self._callers) and name.rpartition(".")[2] in self._callers

    def named_in(self, path: str) -> Names | None:
        """What a tool calls or reads by name in the file of this path; None if no tool looks for such a file."""
        return self._files.named(path)


class _Files:
    """File conventions: by the last part of the path, or by pattern if that is none."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        self._plain: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        self._wild: list[tuple[re.Pattern[str], str]] = []
        for pattern, names in files:
            last = pattern.rpartition("/")[2]
            free = ".*".join("[^/]*".join(map(re.escape, s.split("*"))) for s in pattern.split("**"))
            rule = (re.compile(f"(?:.*/)?{free}"), names)
            (self._wild if "*" in last else self._plain.setdefault(last, [])).append(rule)

    def named(self, path: str) -> Names | None:
        rules = [*self._plain.get(path.rpartition("/")[2], ()), *self._wild]
        found = [names for rule, names in rules if rule.fullmatch(path)]
        return Names(name for names in found for name in names.split()) if found else None


def _key(qualified: str) -> tuple[str, str]:
    """The top-level package and the last part of a dotted name: where between them it stands changes with versions."""
    package, _, rest = qualified.partition(".")
    return package, rest.rpartition(".")[2]


@lru_cache(maxsize=1)
def frameworks() -> tuple[Framework, ...]:
    """The frameworks that come with mldebt."""
    from msgspec import yaml

    found: list[Framework] = []
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            found.extend(yaml.decode(file.read_bytes(), type=list[Framework]))
    return tuple(found)
