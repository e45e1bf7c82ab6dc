"""What a healthy machine-learning system does, as data: one YAML file a debt category, read when first asked for.

```yaml
- practice: model-registry                 # its name in reports and settings
  title: Model versions registered and addressable
  tier: recommended                        # core, recommended or advanced; advanced never lowers a grade below B
  weight: 2                                # 3 high, 2 medium, 1 low
  applies: {all: [trains], any: [serves], unless: [library]}   # facts and kinds, see facts.yaml
  why: …                                   # one sentence on what its want costs
  next: …                                  # the cheapest step towards it, an imperative
  tools:                                   # what proves it, a tool a group
  - tool: MLflow Model Registry
    packages: [mlflow]                     # distributions a manifest declares
    imports: [mlflow]                      # modules that code imports, with all below them
    calls: [mlflow.register_model, "*.create_model_version", "mlflow.sklearn.log_model(registered_model_name)"]
    files: ["**/MLmodel"]                  # globs from the root, names without case
    settings: [{file: "**/*.y*ml", key: services.*.image, value: ^mlflow}]   # a key stands for all below it
    lines: [{file: Makefile, text: mlflow}]          # a command, or "dotted.key: value" of a configuration file
    strength: {calls: medium}              # where it is not the usual one, see STRENGTHS
```

`*.name` is a method of any object, and counts in files that import the tool; a name in brackets is a keyword that the
call must have, `type=model` also its value.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec

from mldebt.model import CATEGORIES, Category

Strength = Literal["none", "weak", "medium", "strong"]
Tier = Literal["core", "recommended", "advanced"]
ORDER: tuple[Strength, ...] = ("none", "weak", "medium", "strong")
# what a kind of evidence proves on its own: a declared package nothing, an import that the tool is there, the rest use
STRENGTHS: dict[str, Strength] = {
    "packages": "weak",
    "imports": "medium",
    "calls": "strong",
    "files": "strong",
    "settings": "strong",
    "lines": "strong",
}


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a configuration file must hold: `min_count` such, or the name of a file that has to exist."""

    file: str | tuple[str, ...]
    key: str
    value: str = ""
    min_count: int = 1
    must_exist: bool = False
    strength: Strength | None = None


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern that a command, or a line `dotted.key: value` of a configuration file, must match."""

    file: str | tuple[str, ...]
    text: str


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tool (or several with the same signs) that serves a practice.

    `needs` is what must hold too, else the evidence is weak: a file of this glob (`files`), an identifier in the same
    file that matches (`words`), or a path that does (`path`). `against` tells what evidence means: that the practice
    is missing, or that it is partial at best.
    """

    tool: str
    packages: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    lines: tuple[Line, ...] = ()
    strength: dict[str, Strength] = {}
    needs: dict[str, tuple[str, ...]] = {}
    against: Literal["", "missing", "partial"] = ""


class Applies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a practice is asked for: all of these facts, any of those, none of the last; kinds count as facts."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Practice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One practice of the catalogue."""

    practice: str
    title: str
    tier: Tier
    weight: int
    why: str
    next: str
    present: str
    partial: str
    sources: tuple[str, ...]
    tools: tuple[Tool, ...] = ()
    applies: Applies = Applies()
    not_taken_for_it: tuple[str, ...] = ()


class Catalogue(msgspec.Struct, frozen=True):
    """All practices with their category, in the categories' order; what proves the facts on a repository."""

    practices: tuple[tuple[Category, Practice], ...]
    facts: dict[str, tuple[Tool, ...]]
    home: dict[str, str]
    sources: dict[str, str]


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facts: dict[str, tuple[Tool, ...]]
    home: dict[str, str]
    sources: dict[str, str]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The practices that come with mldebt."""
    from msgspec import yaml

    folder = resources.files(__name__)
    found: list[tuple[Category, Practice]] = []
    for category in CATEGORIES:
        listed = yaml.decode((folder / f"{category}.yaml").read_bytes(), type=list[Practice])
        found.extend((category, practice) for practice in listed)
    rest = yaml.decode((folder / "facts.yaml").read_bytes(), type=_Facts)
    return Catalogue(tuple(found), rest.facts, rest.home, rest.sources)
