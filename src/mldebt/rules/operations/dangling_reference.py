"""Configuration that names a file, module or service which is not in the repository.

## Why it is debt
What names it does not work: alerts that never fire, an image that does not build, a command that ends at once. Nobody
notices before the day it is needed, since the file that should fail looks complete.

## Flagged
```yaml title="monitoring/prometheus.yml"
rule_files:
  - alert_rules.yml  # debt
scrape_configs:
  - job_name: model
    static_configs:
      - targets: ["app:8000", "worker:8001"]  # debt
```
```yaml title="docker-compose.yml"
services:
  app:
    build:
      context: .
      dockerfile: docker/app.Dockerfile  # debt
  prometheus:
    image: prom/prometheus
```
```python title="src/train.py"
print("training")
```
```makefile title="Makefile"
train:
        python src/training.py  # debt
```

## Fine
```yaml title="dvc.yaml"
stages:
  train:
    cmd: python src/train.py
    deps: [src/train.py]
    outs: [model.pkl]
```
```python title="src/train.py"
print("training")
```
```bash title="run.sh"
python ${CODE}/train.py
wget https://example.org/setup.sh
bash setup.sh
```

## Limits
Only what is written out counts: no variables, no globs but those of `rule_files`. A path is found by its end, whatever
folder it is meant from. What a command or a program of the repository may make, what git ignores, what DVC tracks,
submodules, links, and files whose commands clone another repository are left alone, and so are tests and documents.

## Source
Our own reading of thirty repositories, in four of which a part of the monitoring named what was not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mldebt.links.places import Places
from mldebt.links.pointers import Pointer, pointers
from mldebt.links.repository import Repository
from mldebt.model import FileFacts, Hit, Place
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="artifacts",
    severity="medium",
    minutes=Minutes(15, source="our estimate: find out what it was called, correct or remove the line, run it once"),
    since="0.1.0",
)

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|docs?|fixtures?|templates?|third_party|vendor|cookiecutter[^/]*)/", re.IGNORECASE
)
_LOCAL = re.compile(r"localhost|127\.|0\.0\.0\.0|.*[.$<{\[]|.*docker|host$")
_MAKES_LOCAL = frozenset({"prometheus", "host"})


def find(repository: Repository) -> Iterator[Hit]:
    places = Places(repository.files, repository.listing)
    hosts = _hosts(repository.files)
    seen: set[tuple[str, str]] = set()
    for pointer in pointers(repository.files):
        if _ASIDE.search(pointer.path) or not repository.wants(pointer.path) or (pointer.path, pointer.named) in seen:
            continue
        lost = _lost(repository, places, hosts, pointer)
        if lost:
            seen.add((pointer.path, pointer.named))
            yield Hit(
                Place(pointer.line, pointer.line),
                f"{pointer.what} `{pointer.named}`, {lost}: correct the name, or add what is missing",
                path=pointer.path,
                kind=pointer.kind,
                symbol=pointer.named,
                confidence=0.85,
                identity=f"{pointer.what} {pointer.named}",
            )


def _lost(repository: Repository, places: Places, hosts: frozenset[str], pointer: Pointer) -> str:
    """What is wrong with a pointer; empty if nothing is."""
    if pointer.kind == "host":
        host = pointer.named.partition(":")[0].rpartition("/")[2]
        known = not hosts or host in hosts or host in _MAKES_LOCAL or bool(_LOCAL.match(host))
        return "" if known else "which is no service of the compose files"
    if pointer.kind == "glob":
        return "" if re.search(r"[${]", pointer.named) or places.matching(pointer.named) else "of which there is none"
    if pointer.kind in ("module", "served"):
        first = pointer.named.partition(".")[0]
        foreign = pointer.kind == "served" and first != pointer.named and not places.module(first)
        return "" if foreign else _lost_module(places, pointer.named)
    if pointer.kind == "object":
        return _lost_object(repository, places, pointer.named)
    return "which is not in the tree" if places.is_lost(pointer.named, pointer.kind == "image") else ""


def _lost_module(places: Places, dotted: str) -> str:
    last = dotted.rpartition(".")[2]
    return "" if places.module(last) else "a module that is not in the tree"


def _lost_object(repository: Repository, places: Places, named: str) -> str:
    dotted, _, name = named.partition(":")
    if not places.module(dotted.partition(".")[0]):
        return ""  # a command of another distribution
    if not places.module(dotted):
        return "a module that is not in the tree"
    ends = (f"/{dotted.replace('.', '/')}.py", f"/{dotted.replace('.', '/')}/__init__.py")
    units = [unit for unit in repository.units if f"/{unit.path}".endswith(ends)]
    for unit in units:
        bound = {item.bound for item in unit.facts.imports} | {variable.name for variable in unit.facts.variables}
        bound.update(definition.name for definition in unit.facts.definitions)
        if name in bound or "__getattr__" in bound or any(item.name == "*" for item in unit.facts.imports):
            return ""
    return f"but that module has no `{name}`" if units else ""


def _hosts(files: Mapping[str, FileFacts]) -> frozenset[str]:
    """How the services of the compose files that run Prometheus are called; empty without such a file."""
    found: set[str] = set()
    monitored = False
    for path, facts in files.items():
        for setting in facts.settings if re.search(r"compose[^/]*\.ya?ml$", path) else ():
            match = re.fullmatch(r"services\.([^.]+)\.(.+)", setting.key)
            if match is None:
                continue
            found.add(match[1])
            monitored |= match[2] == "image" and "prom/prometheus" in setting.value
            if re.fullmatch(r"(?:container_name|hostname|networks\.[^.]+\.aliases\.\d+|links\.\d+)", match[2]):
                found.add(setting.value.rpartition(":")[2])
    return frozenset(found) if monitored else frozenset()
