"""All rules, found by listing the folders."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from mldebt.model import CATEGORIES, Category, Hit, RuleText
from mldebt.rules.about import About

Scope = Literal["module", "repository", "change"]
_SCOPES: dict[str, Scope] = {"Module": "module", "Repository": "repository", "Change": "change"}


class Rule(NamedTuple):
    """One rule; `scope` says what `find` takes: a `Module`, the `Repository`, or the `Change` between two trees."""

    name: str
    category: Category
    about: About
    page: str
    find: Callable[[Any], Iterable[Hit]]
    scope: Scope

    @property
    def summary(self) -> str:
        """The first sentence of the page, without its full stop."""
        return self.page.partition("\n")[0].strip().removesuffix(".")


@lru_cache(maxsize=1)
def load() -> tuple[Rule, ...]:
    """Every rule, by name. The folder is the category, the file's name the rule's."""
    found: list[Rule] = []
    for category in CATEGORIES:
        folder = Path(__file__).parent / category
        for module in sorted(pkgutil.iter_modules([str(folder)]), key=lambda m: m.name):
            found.append(_rule(category, module.name))
    return tuple(sorted(found, key=lambda rule: rule.name))


def texts() -> list[RuleText]:
    """What reports may say of each rule, by name."""
    return [
        RuleText(rule.name, rule.summary, rule.page, rule.category, rule.about.family, rule.about.severity)
        for rule in load()
    ]


def _rule(category: Category, file: str) -> Rule:
    module = importlib.import_module(f"mldebt.rules.{category}.{file}")
    scope = _SCOPES[next(iter(module.find.__annotations__.values()))]
    return Rule(file.replace("_", "-"), category, module.ABOUT, module.__doc__ or "", module.find, scope)
