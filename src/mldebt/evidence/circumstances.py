"""What a repository is and does, as far as its files show: what decides which practices are asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from mldebt.evidence.context import is_aside, is_shown, is_test
from mldebt.evidence.items import Item, strongest
from mldebt.evidence.packages import normal
from mldebt.evidence.scene import Scene
from mldebt.evidence.search import Search
from mldebt.practices import Tool

_SCORING = re.compile(r"(?:^|/)[^/]*(?:infer|predict|scor|batch)[^/]*\.py$")
_PREDICTS = frozenset({"predict", "predict_proba", "transform"})
_WRITES = re.compile(r"write|to_(?:csv|parquet|sql|gbq|delta)|save|insert|load_table")
KINDS = ("library", "kaggle", "template", "notebook-tutorial", "research", "mlops-demo", "application")
_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|CREDENTIAL|_DSN$", re.IGNORECASE)
_SECRET_IN_CI = re.compile(r"secrets\.(?!GITHUB_TOKEN)\w+|secrets\[")
_NEEDS_LOGIN = frozenset(
    "wandb comet_ml neptune clearml boto3 botocore s3fs gcsfs azureml openai anthropic pymongo psycopg2".split()
)
_TEMPLATES = re.compile(r"(?:^|/)(?:cookiecutter\.json|copier\.ya?ml|\.cruft\.json)$|\{\{")
_COMPETES = re.compile(r"/kaggle/(?:input|working)|sample_submission|\bsubmission\w*\.csv")


_FOR_TABLES = (
    *(f"sklearn.{part}" for part in "linear_model ensemble tree svm neighbors pipeline compose preprocessing".split()),
    "xgboost", "lightgbm", "catboost", "statsmodels",
)  # fmt: skip


class Circumstance(msgspec.Struct, frozen=True):
    """One fact on a repository; `holds` is None where only its owner can tell. `line` 0 stands for a whole file."""

    holds: bool | None
    why: str
    path: str = ""
    line: int = 0


def circumstances(scene: Scene, tools: Mapping[str, tuple[Tool, ...]], said: Mapping[str, object]) -> dict[str, Circumstance]:
    """All facts by name, "kind" among them by what it says; `said` are those that the settings give."""
    found = dict(_inferred(scene, tools))
    for name, value in said.items():
        found[name] = Circumstance(bool(value) if name != "kind" else True, str(value) if name == "kind" else "is set")
    if "kind" not in found:
        found["kind"] = _kind(scene, found)
    return found


def _inferred(scene: Scene, tools: Mapping[str, tuple[Tool, ...]]) -> Iterator[tuple[str, Circumstance]]:
    trains = _proved(scene, tools["trains"], "trains", "fits no model")
    yield "trains", trains
    yield "serves", _serves(scene, tools["serves"])
    yield "deploys", _proved(scene, tools["deploys"], "deploys", "deploys nothing")
    yield "tabular", _tabular(scene)
    yield "people", Circumstance(None, "whether the data is about people only you can tell: set people")
    notebooks = [path for path, facts in scene.files.items() if facts.kind == "notebook"]
    yield "notebooks", _first(notebooks, "has notebooks", "has no notebook")
    yield "weights", _weights(scene)
    yield "credentials", _credentials(scene)
    yield "library", _library(scene, trains)


def _proved(scene: Scene, tools: tuple[Tool, ...], name: str, otherwise: str) -> Circumstance:
    search = Search(scene, name, {})
    items = [item for tool in tools for item in search.items(tool) if item.strength == "strong"]
    best = strongest((item for item in items if not is_aside(item.path)), 1)
    return _said(best[0]) if best else Circumstance(False, otherwise)


def _said(item: Item) -> Circumstance:
    return Circumstance(True, f"{item.tool}: {item.note}", item.path, item.line)


def _serves(scene: Scene, tools: tuple[Tool, ...]) -> Circumstance:
    """An endpoint counts if its framework is one of the project's declared needs: a lone example's is not."""
    search = Search(scene, "serves", {})
    for tool in tools:
        items = [i for i in search.items(tool) if i.strength == "strong" and not is_aside(i.path)]
        needed = not tool.packages or any(normal(p.partition("[")[0]) in scene.declared for p in tool.packages)
        if items and needed:
            return _said(strongest(items, 1)[0])
    return _scores(scene)


def _scores(scene: Scene) -> Circumstance:
    for path, line in scorers(scene):
        return Circumstance(True, "scores in batches", path, line)
    return Circumstance(False, "defines no endpoint and no recurring scoring")


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


def _imports_any(scene: Scene, names: tuple[str, ...], otherwise: str) -> Circumstance:
    uses = [
        use
        for name in names
        for full, use in scene.imports.get(name.partition(".")[0], ())
        if (full == name or full.startswith(f"{name}.")) and not is_aside(use.path)
    ]
    if not uses:
        return Circumstance(False, otherwise)
    return Circumstance(True, "reads tables", uses[0].path, uses[0].line)


def _tabular(scene: Scene) -> Circumstance:
    """Data frames read, and estimators for tables fitted or applied."""
    frames = _imports_any(scene, ("pandas", "polars", "pyspark", "duckdb"), "reads no tables")
    fits = _imports_any(scene, _FOR_TABLES, "applies no estimator for tables")
    return frames if not frames.holds or fits.holds else fits


def _first(paths: list[str], says: str, otherwise: str) -> Circumstance:
    return Circumstance(True, says, paths[0]) if paths else Circumstance(False, otherwise)


def _weights(scene: Scene) -> Circumstance:
    if "hubconf.py" in scene.paths:
        return Circumstance(True, "publishes models through torch.hub", "hubconf.py")
    for use in scene.calls.get("huggingface_hub.upload_folder", []) + scene.methods.get("push_to_hub", []):
        if not is_aside(use.path):
            return Circumstance(True, "uploads its models", use.path, use.line)
    return Circumstance(False, "releases no weights")


def _credentials(scene: Scene) -> Circumstance:
    for path in scene.paths.matching("**/.env*"):
        if not is_test(path):
            return Circumstance(True, "keeps settings in an environment file", path)
    for name in ("os.getenv", "os.environ.get", "os.environ"):
        for use in scene.calls.get(name, ()):
            argument = next((a for a in use.call.arguments if a.startswith("0=")), "") if use.call else ""
            if _SECRET_NAME.search(argument) and not is_aside(use.path):
                return Circumstance(True, f"reads {argument[2:]} from the environment", use.path, use.line)
    for path in scene.paths.matching(".github/workflows/*.y*ml"):
        for row in scene.rows(path):
            if _SECRET_IN_CI.search(row.value):
                return Circumstance(True, "uses a secret in a workflow", path, row.line)
    for path, facts in scene.files.items():
        for setting in facts.settings if facts.kind == "config" and not is_aside(path) else ():
            if re.match(r"(?:s3|gs|azure|wasbs?)://", setting.value):
                return Circumstance(True, "uses a bucket", path, setting.line)
    return Circumstance(False, "needs no credential")


def _library(scene: Scene, trains: Circumstance) -> Circumstance:
    published = scene.repository.published
    packaged = next((p for p in ("pyproject.toml", "setup.py", "setup.cfg") if p in scene.paths), "")
    if published is None or not packaged:
        return Circumstance(False, "is not published for others to import")
    runs = [e for e in scene.repository.entries if e.kind in ("script", "command") and re.search(r"train|fit|main", e.path)]
    runs = [entry for entry in runs if not is_aside(entry.path)]
    if trains.holds and runs:
        return Circumstance(False, f"trains in {runs[0].path}", runs[0].path)
    return Circumstance(True, f"is published: {published}", packaged)


def _kind(scene: Scene, found: Mapping[str, Circumstance]) -> Circumstance:
    """The kind with its reason in `why`, as "kind: reason"."""
    if found["library"].holds:
        return Circumstance(True, f"library: {found['library'].why}", found["library"].path)
    template = next((path for path in scene.sizes if _TEMPLATES.search(path)), "")
    title = _title(scene)
    if template or re.search(r"\b(?:template|boilerplate|cookiecutter)\b", title, re.IGNORECASE):
        return Circumstance(True, f"template: {template or title}", template or "README.md")
    notebooks = sum(f.kind == "notebook" for f in scene.files.values())
    scripts = sum(f.kind == "python" and not is_shown(p) for p, f in scene.files.items())
    if notebooks > 4 * scripts and not found["serves"].holds and not found["deploys"].holds:
        return Circumstance(True, f"notebook-tutorial: {notebooks} notebooks, {scripts} scripts")
    competes = _competes(scene, title)
    if competes is not None and not found["serves"].holds:
        return competes
    if found["serves"].holds or found["deploys"].holds:
        return Circumstance(True, "application: it serves or deploys")
    if scene.paths.matching("**/dvc.yaml") or scene.paths.matching("**/MLproject"):
        return Circumstance(True, "mlops-demo: it declares a pipeline")
    return Circumstance(True, "research: it trains, and neither serves nor deploys")


def _title(scene: Scene) -> str:
    facts = next((scene.files[p] for p in ("README.md", "readme.md", "Readme.md") if p in scene.files), None)
    return facts.title if facts is not None else ""


def _competes(scene: Scene, title: str) -> Circumstance | None:
    if re.search(r"kaggle|competition", title, re.IGNORECASE):
        return Circumstance(True, f"kaggle: {title}", "README.md")
    for unit in scene.code:
        for definition in unit.facts.definitions:
            for text in definition.strings:
                if _COMPETES.search(text):
                    return Circumstance(True, f"kaggle: names {text}", unit.path, definition.at.line)
    for path in scene.sizes:
        if re.search(r"(?:^|/)(?:make_)?submission\w*\.(?:py|csv|ipynb)$", path, re.IGNORECASE):
            return Circumstance(True, f"kaggle: holds {path}", path)
    return None
