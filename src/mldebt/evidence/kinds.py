"""What kind of repository it is: a library, a template, competition code, lessons, research, a demo or a product.

Each guess names what it was taken from, so that a user can contradict it in one line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from mldebt.evidence.context import is_shown
from mldebt.evidence.scene import Scene

KINDS = ("library", "kaggle", "template", "notebook-tutorial", "research", "mlops-demo", "application")
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_MANY = 4  # notebooks a script: where they are more, they are what the repository is about
MOST_OF_IT = 0.5  # share of the scripts that lie in the package, or of the files that lie in a template's folder
# packages whose names say that nobody imports them from outside
_INNER = re.compile(
    r"(?:utils?|models?|data(?:sets?)?|scripts?|tools?|config\w*|common|core|train\w*|tests?|src|app)\Z"
)
_RUN_BY_HAND = re.compile(r"(?:scripts?|tools?|benchmarks?|projects)/")  # at the root: nobody imports what lies there
_TEMPLATES = re.compile(r"^(?:cookiecutter\.json|copier\.ya?ml)$|^[^/]*\{\{")
_COMPETES = re.compile(r"/kaggle/(?:input|working)|sample_submission|\bsubmission\w*\.csv")
_SUBMITS = re.compile(r"(?:^|/)(?:make_)?submission\w*\.(?:py|csv|ipynb)$", re.IGNORECASE)


class Fact(NamedTuple):
    """Whether a fact holds, and where that shows; `line` 0 stands for a whole file."""

    holds: bool | None
    why: str
    path: str = ""
    line: int = 0


def library(scene: Scene, found: Mapping[str, Fact]) -> Fact:
    """A library is published, and most of its code lies in one package that others can import.

    What trains or serves in that package is offered to others; what is deployed is a product of its own.
    """
    published = scene.repository.published
    packaged = next((name for name in _MANIFESTS if name in scene.paths), "")
    if published is None or not packaged:
        return Fact(False, "is not published for others to import")
    if _template(scene).holds:
        return Fact(False, "is a template")
    if found["serves"].holds and found["deploys"].holds:
        return Fact(False, "is a service that is deployed", found["deploys"].path, found["deploys"].line)
    name, share = package(scene)
    if share < MOST_OF_IT:
        return Fact(False, "keeps most of its code outside a package that others could import")
    return Fact(True, f"is published, and {share:.0%} of its code is the package {name}: {published}", packaged)


def package(scene: Scene) -> tuple[str, float]:
    """The package with the most of the project's own modules, and its share of them."""
    modules = (path for path, facts in scene.files.items() if facts.kind == "python" and not scene.is_aside(path))
    own = [path.removeprefix("src/") for path in modules if not _RUN_BY_HAND.match(path)]
    packages = {p.partition("/")[0] for p in own if p.endswith("/__init__.py") and p.count("/") == 1}
    counts = Counter(path.partition("/")[0] for path in own)
    named = sorted((-counts[name], name) for name in packages if not _INNER.match(name))
    return (named[0][1], -named[0][0] / len(own)) if named else ("", 0.0)


def kind(scene: Scene, found: Mapping[str, Fact]) -> tuple[str, Fact]:
    """What kind of repository it is, and what that is taken from."""
    template, title = _template(scene), _title(scene)
    if template.holds:
        return "template", template
    if found["library"].holds:
        return "library", found["library"]
    if re.search(r"kaggle|competition", title, re.IGNORECASE):
        return "kaggle", Fact(True, f"is called {title}", "README.md")
    runs = found["serves"] if found["serves"].holds else found["deploys"]
    if teaches(scene) and not found["serves"].holds:
        return "notebook-tutorial", Fact(True, "has {} notebooks and {} scripts".format(*_notebooks(scene)))
    competes = None if found["serves"].holds else _competes(scene)
    if competes is not None:
        return "kaggle", competes
    if runs.holds:
        return "application", runs
    pipeline = next(iter([*scene.paths.matching("**/dvc.yaml"), *scene.paths.matching("**/MLproject")]), "")
    if pipeline:
        return "mlops-demo", Fact(True, "declares a pipeline", pipeline)
    return "research", Fact(True, "neither serves nor deploys, and declares no pipeline")


def teaches(scene: Scene) -> bool:
    """Whether notebooks are what the repository is about."""
    notebooks, scripts = _notebooks(scene)
    return notebooks > _MANY * scripts


def _notebooks(scene: Scene) -> tuple[int, int]:
    """The numbers of notebooks and of scripts."""
    kinds = [(facts.kind, path) for path, facts in scene.files.items()]
    return sum(kind == "notebook" for kind, _ in kinds), sum(k == "python" and not is_shown(p) for k, p in kinds)


def _template(scene: Scene) -> Fact:
    root = next((path for path in scene.sizes if _TEMPLATES.search(path)), "")
    if root:
        return Fact(True, f"holds {root}", root)
    filled = [path for path in scene.sizes if "{{" in path]
    if len(filled) > MOST_OF_IT * len(scene.sizes):
        return Fact(True, f"has names to fill in in {len(filled)} paths", filled[0])
    title = _title(scene)
    named = re.search(r"\b(?:template|boilerplate|cookiecutter)\b", title, re.IGNORECASE)
    return Fact(True, f"is called {title}", "README.md") if named else Fact(False, "is no template")


def _title(scene: Scene) -> str:
    """The README's first heading."""
    rows = (row for path in scene.paths.matching("readme.*") for row in scene.rows(path) if row.key == "heading")
    return next((row.value for row in rows), "")


def _competes(scene: Scene) -> Fact | None:
    for unit in scene.code:
        for definition in unit.facts.definitions:
            for text in definition.strings:
                if _COMPETES.search(text):
                    return Fact(True, f"names {text}", unit.path, definition.at.line)
    for path in scene.sizes:
        if _SUBMITS.search(path):
            return Fact(True, f"holds {path}", path)
    return None
