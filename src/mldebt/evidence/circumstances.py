"""What a repository is and does, as far as its files show: what decides which practices are asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mldebt.evidence.context import is_aside, is_shown, is_test
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.packages import normal
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.model import Circumstance
from mldebt.practices import Tool

_SCORING = re.compile(r"(?:^|/)[^/]*(?:infer|predict|scor|batch)[^/]*\.py$")
_PREDICTS = frozenset({"predict", "predict_proba", "transform"})
_MANY = 4  # notebooks a script: where they are more, they are what the repository is about
_WRITES = re.compile(r"write|to_(?:csv|parquet|sql|gbq|delta)|save|insert|load_table")
FACTS = ("trains", "serves", "deploys", "tabular", "people", "notebooks", "weights", "credentials", "library", "kind")
KINDS = ("library", "kaggle", "template", "notebook-tutorial", "research", "mlops-demo", "application")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|CREDENTIAL|_DSN$", re.IGNORECASE)
_SECRET_IN_CI = re.compile(r"secrets\.(?!GITHUB_TOKEN)\w+|secrets\[")
_NEEDS_LOGIN = frozenset(
    "wandb comet_ml neptune clearml boto3 botocore s3fs gcsfs azureml openai anthropic pymongo psycopg2".split()
)
_TEMPLATES = re.compile(r"^(?:cookiecutter\.json|copier\.ya?ml|\.cruft\.json)$|^[^/]*\{\{")
_COMPETES = re.compile(r"/kaggle/(?:input|working)|sample_submission|\bsubmission\w*\.csv")


_FOR_TABLES = (
    *(f"sklearn.{part}" for part in "linear_model ensemble tree svm neighbors pipeline compose preprocessing".split()),
    "xgboost", "lightgbm", "catboost", "statsmodels",
)  # fmt: skip


class _Fact(NamedTuple):
    """Whether a fact holds, and where that shows; `line` 0 stands for a whole file."""

    holds: bool | None
    why: str
    path: str = ""
    line: int = 0


def circumstances(
    scene: Scene, tools: Mapping[str, tuple[Tool, ...]], said: Mapping[str, bool | str]
) -> dict[str, Circumstance]:
    """All facts by name, "kind" the last; `said` are those that the settings give."""
    found = dict(_inferred(scene, tools))
    for name, value in said.items():
        if name != "kind":
            found[name] = _Fact(bool(value), "is said in the settings")
    kind, fact = (str(said["kind"]), _Fact(True, "is said in the settings")) if "kind" in said else _kind(scene, found)
    named = {name: Circumstance(name, *fact) for name, fact in found.items()}
    named["kind"] = Circumstance("kind", *fact, value=kind)
    return named


def _inferred(scene: Scene, tools: Mapping[str, tuple[Tool, ...]]) -> Iterator[tuple[str, _Fact]]:
    trains = _proved(scene, tools["trains"], "trains", "fits no model")
    yield "trains", trains
    yield "serves", _serves(scene, tools["serves"])
    yield "deploys", _proved(scene, tools["deploys"], "deploys", "deploys nothing")
    yield "tabular", _tabular(scene)
    yield "people", _Fact(None, "whether the data is about people only you can tell: set people")
    notebooks = [path for path, facts in scene.files.items() if facts.kind == "notebook"]
    yield "notebooks", _first(notebooks, "has notebooks", "has no notebook")
    yield "weights", _weights(scene)
    yield "credentials", _credentials(scene)
    yield "library", _library(scene, trains)


def _proved(scene: Scene, tools: tuple[Tool, ...], name: str, otherwise: str) -> _Fact:
    search = Search(scene, name, {})
    items = [item for tool in tools for item in search.items(tool) if item.strength == "strong"]
    best = strongest((item for item in items if not is_aside(item.path)), 1)
    return _said(best[0]) if best else _Fact(False, otherwise)


def _said(item: Item) -> _Fact:
    return _Fact(True, f"{item.tool}: {item.note}", item.path, item.line)


def _serves(scene: Scene, tools: tuple[Tool, ...]) -> _Fact:
    """An endpoint counts if its framework is one of the project's declared needs: a lone example's is not."""
    search = Search(scene, "serves", {})
    for tool in tools:
        items = [i for i in search.items(tool) if i.strength == "strong" and not is_aside(i.path)]
        needed = not tool.packages or any(normal(p.partition("[")[0]) in scene.declared for p in tool.packages)
        if items and needed:
            return _said(strongest(items, 1)[0])
    return _scores(scene)


def _scores(scene: Scene) -> _Fact:
    for path, line in scorers(scene):
        return _Fact(True, "scores in batches", path, line)
    return _Fact(False, "defines no endpoint and no recurring scoring")


def scorers(scene: Scene) -> Iterator[tuple[str, int]]:
    """The recurring batch scorers, (path, line): in a project with a registry, what predicts and writes in one go."""
    if not _is_registered(scene):
        return
    for unit in scene.code:
        if not _SCORING.search(unit.path) or is_aside(unit.path):
            continue
        for definition in unit.facts.definitions:
            words = {*definition.attributes, *definition.own, *(use.rpartition(".")[2] for use in definition.uses)}
            if words & _PREDICTS and any(_WRITES.match(word) for word in words):
                yield unit.path, definition.at.line


def _is_registered(scene: Scene) -> bool:
    names = ("register_model", "create_model_version", "set_registered_model_alias", "get_model_version_by_alias")
    return any(scene.methods.get(name) for name in names)


def _imports_any(scene: Scene, names: tuple[str, ...], otherwise: str) -> _Fact:
    uses = [
        use
        for name in names
        for full, use in scene.imports.get(name.partition(".")[0], ())
        if (full == name or full.startswith(f"{name}.")) and not is_aside(use.path)
    ]
    if not uses:
        return _Fact(False, otherwise)
    return _Fact(True, "reads tables", uses[0].path, uses[0].line)


def _tabular(scene: Scene) -> _Fact:
    """Data frames read, and estimators for tables fitted or applied."""
    frames = _imports_any(scene, ("pandas", "polars", "pyspark", "duckdb"), "reads no tables")
    fits = _imports_any(scene, _FOR_TABLES, "applies no estimator for tables")
    return frames if not frames.holds or fits.holds else fits


def _first(paths: list[str], says: str, otherwise: str) -> _Fact:
    return _Fact(True, says, paths[0]) if paths else _Fact(False, otherwise)


def _weights(scene: Scene) -> _Fact:
    if "hubconf.py" in scene.paths:
        return _Fact(True, "publishes models through torch.hub", "hubconf.py")
    for use in scene.calls.get("huggingface_hub.upload_folder", []) + scene.methods.get("push_to_hub", []):
        if not is_aside(use.path):
            return _Fact(True, "uploads its models", use.path, use.line)
    return _Fact(False, "releases no weights")


def _credentials(scene: Scene) -> _Fact:
    for path in scene.paths.matching("**/.env*"):
        if not is_test(path):
            return _Fact(True, "keeps settings in an environment file", path)
    for name in ("os.getenv", "os.environ.get", "os.environ"):
        for use in scene.calls.get(name, ()):
            argument = next((a for a in use.call.arguments if a.startswith("0=")), "") if use.call else ""
            if _SECRET_NAME.search(argument) and not is_aside(use.path):
                return _Fact(True, f"reads {argument[2:]} from the environment", use.path, use.line)
    for path in scene.paths.matching(".github/workflows/*.y*ml"):
        for row in scene.rows(path):
            if _SECRET_IN_CI.search(row.value):
                return _Fact(True, "uses a secret in a workflow", path, row.line)
    for path, facts in scene.files.items():
        for setting in facts.settings if facts.kind == "config" and not is_aside(path) else ():
            if re.match(r"(?:s3|gs|azure|wasbs?)://", setting.value):
                return _Fact(True, "uses a bucket", path, setting.line)
    return _Fact(False, "needs no credential")


def _library(scene: Scene, trains: _Fact) -> _Fact:
    published = scene.repository.published
    packaged = next((p for p in ("pyproject.toml", "setup.py", "setup.cfg") if p in scene.paths), "")
    if published is None or not packaged:
        return _Fact(False, "is not published for others to import")
    runs = [
        e for e in scene.repository.entries if e.kind in ("script", "command") and re.search(r"train|fit|main", e.path)
    ]
    runs = [entry for entry in runs if not is_aside(entry.path)]
    if trains.holds and runs:
        return _Fact(False, f"trains in {runs[0].path}", runs[0].path)
    return _Fact(True, f"is published: {published}", packaged)


def _kind(scene: Scene, found: Mapping[str, _Fact]) -> tuple[str, _Fact]:
    """What kind of repository it is, and what that is taken from."""
    if found["library"].holds:
        return "library", found["library"]
    template, title = next((path for path in scene.sizes if _TEMPLATES.search(path)), ""), _title(scene)
    if template or re.search(r"\b(?:template|boilerplate|cookiecutter)\b", title, re.IGNORECASE):
        return "template", _Fact(
            True, f"holds {template}" if template else f"is called {title}", template or "README.md"
        )
    runs = found["serves"] if found["serves"].holds else found["deploys"]
    notebooks = sum(f.kind == "notebook" for f in scene.files.values())
    scripts = sum(f.kind == "python" and not is_shown(p) for p, f in scene.files.items())
    if notebooks > _MANY * scripts and not runs.holds:
        return "notebook-tutorial", _Fact(True, f"has {notebooks} notebooks and {scripts} scripts")
    competes = None if found["serves"].holds else _competes(scene, title)
    if competes is not None:
        return "kaggle", competes
    if runs.holds:
        return "application", runs
    pipeline = next(iter([*scene.paths.matching("**/dvc.yaml"), *scene.paths.matching("**/MLproject")]), "")
    if pipeline:
        return "mlops-demo", _Fact(True, "declares a pipeline", pipeline)
    return "research", _Fact(True, "neither serves nor deploys, and declares no pipeline")


def _title(scene: Scene) -> str:
    """The README's first heading."""
    rows = (row for path in scene.paths.matching("readme.*") for row in scene.rows(path) if row.key == "heading")
    return next((row.value for row in rows), "")


def _competes(scene: Scene, title: str) -> _Fact | None:
    if re.search(r"kaggle|competition", title, re.IGNORECASE):
        return _Fact(True, f"is called {title}", "README.md")
    for unit in scene.code:
        for definition in unit.facts.definitions:
            for text in definition.strings:
                if _COMPETES.search(text):
                    return _Fact(True, f"names {text}", unit.path, definition.at.line)
    for path in scene.sizes:
        if re.search(r"(?:^|/)(?:make_)?submission\w*\.(?:py|csv|ipynb)$", path, re.IGNORECASE):
            return _Fact(True, f"holds {path}", path)
    return None
