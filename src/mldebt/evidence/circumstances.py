"""What a repository is and does, as far as its files show: what decides which practices are asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mldebt.evidence.context import is_test
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.kinds import Fact, kind, library
from mldebt.evidence.packages import normal
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.model import Circumstance
from mldebt.practices import Tool

_SCORING = re.compile(r"(?:^|/)[^/]*(?:infer|predict|scor|batch)[^/]*\.py$")
_PREDICTS = frozenset({"predict", "predict_proba", "transform"})
_WRITES = re.compile(r"write|to_(?:csv|parquet|sql|gbq|delta)|save|insert|load_table")
FACTS = ("trains", "serves", "deploys", "tabular", "people", "notebooks", "weights", "credentials", "library", "kind")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|CREDENTIAL|_DSN$", re.IGNORECASE)
_SECRET_IN_CI = re.compile(r"secrets\.(?!GITHUB_TOKEN)\w+|secrets\[")
_FOR_TABLES = (
    *(f"sklearn.{part}" for part in "linear_model ensemble tree svm neighbors pipeline compose preprocessing".split()),
    "xgboost", "lightgbm", "catboost", "statsmodels",
)  # fmt: skip


def circumstances(
    scene: Scene, tools: Mapping[str, tuple[Tool, ...]], said: Mapping[str, bool | str]
) -> dict[str, Circumstance]:
    """All facts by name, "kind" the last; `said` are those that the settings give."""
    told = {name: Fact(bool(value), "is said in the settings") for name, value in said.items() if name != "kind"}
    found = {**dict(_inferred(scene, tools)), **told}
    found["library"] = told.get("library") or library(scene, found)
    named = {name: Circumstance(name, *fact) for name, fact in found.items()}
    value, fact = (str(said["kind"]), Fact(True, "is said in the settings")) if "kind" in said else kind(scene, found)
    named["kind"] = Circumstance("kind", *fact, value=value)
    return named


def _inferred(scene: Scene, tools: Mapping[str, tuple[Tool, ...]]) -> Iterator[tuple[str, Fact]]:
    yield "trains", _proved(scene, tools["trains"], "trains", "fits no model")
    yield "serves", _serves(scene, tools["serves"])
    yield "deploys", _proved(scene, tools["deploys"], "deploys", "deploys nothing")
    yield "tabular", _tabular(scene)
    yield "people", Fact(None, "whether the data is about people only you can tell: set people")
    notebooks = [path for path, facts in scene.files.items() if facts.kind == "notebook"]
    yield "notebooks", _first(notebooks, "has notebooks", "has no notebook")
    yield "weights", _weights(scene)
    yield "credentials", _credentials(scene)


def _proved(scene: Scene, tools: tuple[Tool, ...], name: str, otherwise: str) -> Fact:
    search = Search(scene, name, {})
    items = [item for tool in tools for item in search.items(tool) if item.strength == "strong"]
    best = strongest((item for item in items if not scene.is_aside(item.path)), 1)
    return _said(best[0]) if best else Fact(False, otherwise)


def _said(item: Item) -> Fact:
    return Fact(True, f"{item.tool}: {item.note}", item.path, item.line)


def _serves(scene: Scene, tools: tuple[Tool, ...]) -> Fact:
    """An endpoint counts if its framework is one of the project's declared needs: a lone example's is not."""
    search = Search(scene, "serves", {})
    for tool in tools:
        items = [i for i in search.items(tool) if i.strength == "strong" and not scene.is_aside(i.path)]
        needed = not tool.packages or any(normal(p.partition("[")[0]) in scene.declared for p in tool.packages)
        if items and needed:
            return _said(strongest(items, 1)[0])
    return _scores(scene)


def _scores(scene: Scene) -> Fact:
    for path, line in scorers(scene):
        return Fact(True, "scores in batches", path, line)
    return Fact(False, "defines no endpoint and no recurring scoring")


def scorers(scene: Scene) -> Iterator[tuple[str, int]]:
    """The recurring batch scorers, (path, line): in a project with a registry, what predicts and writes in one go."""
    if not _is_registered(scene):
        return
    for unit in scene.code:
        if not _SCORING.search(unit.path) or scene.is_aside(unit.path):
            continue
        for definition in unit.facts.definitions:
            words = {*definition.attributes, *definition.own, *(use.rpartition(".")[2] for use in definition.uses)}
            if words & _PREDICTS and any(_WRITES.match(word) for word in words):
                yield unit.path, definition.at.line


def _is_registered(scene: Scene) -> bool:
    names = ("register_model", "create_model_version", "set_registered_model_alias", "get_model_version_by_alias")
    return any(scene.methods.get(name) for name in names)


def _imports_any(scene: Scene, names: tuple[str, ...], otherwise: str) -> Fact:
    uses = [
        use
        for name in names
        for full, use in scene.imports.get(name.partition(".")[0], ())
        if (full == name or full.startswith(f"{name}.")) and not scene.is_aside(use.path)
    ]
    if not uses:
        return Fact(False, otherwise)
    return Fact(True, "reads tables", uses[0].path, uses[0].line)


def _tabular(scene: Scene) -> Fact:
    """Data frames read, and estimators for tables fitted or applied."""
    frames = _imports_any(scene, ("pandas", "polars", "pyspark", "duckdb"), "reads no tables")
    fits = _imports_any(scene, _FOR_TABLES, "applies no estimator for tables")
    return frames if not frames.holds or fits.holds else fits


def _first(paths: list[str], says: str, otherwise: str) -> Fact:
    return Fact(True, says, paths[0]) if paths else Fact(False, otherwise)


def _weights(scene: Scene) -> Fact:
    if "hubconf.py" in scene.paths:
        return Fact(True, "publishes models through torch.hub", "hubconf.py")
    for use in scene.calls.get("huggingface_hub.upload_folder", []) + scene.methods.get("push_to_hub", []):
        if not scene.is_aside(use.path):
            return Fact(True, "uploads its models", use.path, use.line)
    return Fact(False, "releases no weights")


def _credentials(scene: Scene) -> Fact:
    for path in scene.paths.matching("**/.env*"):
        if not is_test(path):
            return Fact(True, "keeps settings in an environment file", path)
    for name in ("os.getenv", "os.environ.get", "os.environ"):
        for use in scene.calls.get(name, ()):
            argument = next((a for a in use.call.arguments if a.startswith("0=")), "") if use.call else ""
            if _SECRET_NAME.search(argument) and not scene.is_aside(use.path):
                return Fact(True, f"reads {argument[2:]} from the environment", use.path, use.line)
    for path in scene.paths.matching(".github/workflows/*.y*ml"):
        for row in scene.rows(path):
            if _SECRET_IN_CI.search(row.value):
                return Fact(True, "uses a secret in a workflow", path, row.line)
    for path, facts in scene.files.items():
        for setting in facts.settings if facts.kind == "config" and not scene.is_aside(path) else ():
            if re.match(r"(?:s3|gs|azure|wasbs?)://", setting.value):
                return Fact(True, "uses a bucket", path, setting.line)
    return Fact(False, "needs no credential")
