"""What frameworks call by themselves, as data: one YAML file a field, read once.

```yaml
- packages: [pytorch_lightning, lightning]     # top-level packages it is imported from
  bases:                                       # class name → what a subclass's methods of these names are called by
    LightningModule: {hooks: [forward, "*_step"], attributes: [automatic_optimization], closed: true}
  inert: [no_grad]                             # decorators that register nothing, by their last name
  effects: [mpl_toolkits.mplot3d]              # modules imported for what importing them does
  protocols: [write, flush]                    # methods that others call on any object they are given
```

A *closed* base has no other methods or attributes that a subclass could override; of an open one any may be.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import resources

import msgspec


class FrameworkBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one base class; `hooks` and `attributes` may hold `*`."""

    hooks: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    closed: bool = False


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a YAML file."""

    packages: tuple[str, ...]
    bases: dict[str, FrameworkBase] = {}
    inert: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()


OPEN = FrameworkBase()


class Knowledge:
    """All frameworks, ready to ask."""

    def __init__(self, frameworks: list[Framework]) -> None:
        self._bases: dict[tuple[str, str], FrameworkBase] = {}
        self._inert: set[tuple[str, str]] = set()
        self.effects: set[str] = set()
        self.protocols: set[str] = set()
        for framework in frameworks:
            self.effects.update(framework.effects)
            self.protocols.update(framework.protocols)
            for package in framework.packages:
                self._bases.update({(package, name): base for name, base in framework.bases.items()})
                self._inert.update((package, name) for name in framework.inert)

    def base(self, qualified: str) -> FrameworkBase:
        """What is known of a base class; an open one if nothing is."""
        package, _, rest = qualified.partition(".")
        return self._bases.get((package, rest.rpartition(".")[2]), OPEN)

    def is_inert(self, decorator: str) -> bool:
        """Whether a decorator only wraps what it decorates, so that being decorated is no use."""
        package, _, rest = decorator.partition(".")
        return (package, rest.rpartition(".")[2]) in self._inert

    def has_effect(self, module: str) -> bool:
        """Whether a module is imported for what importing it does."""
        parts = module.split(".")
        return any(".".join(parts[: n + 1]) in self.effects for n in range(len(parts)))


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name is one of these, `*` standing for anything."""
    return any(name == pattern or ("*" in pattern and fnmatchcase(name, pattern)) for pattern in patterns)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The frameworks that come with mldebt."""
    from msgspec import yaml

    found: list[Framework] = []
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            found.extend(yaml.decode(file.read_bytes(), type=list[Framework]))
    return Knowledge(found)
