"""A key of a configuration file that nothing reads.

## Why it is debt
Who changes it believes that the run obeys, and results are filed under a setting that never had an effect.

## Flagged
```python title="train.py"
import yaml

with open("config.yaml") as file:
    config = yaml.safe_load(file)
print(config["model"]["depth"], config["rate"])
```
```yaml title="config.yaml"
rate: 0.1
model:
  depth: 3
  width: 8  # debt
```

## Fine
```python title="train.py"
import yaml

from somewhere import Model

with open("config.yaml") as file:
    config = yaml.safe_load(file)
print(config["rate"], Model(**config["model"]))
```
```yaml title="config.yaml"
rate: 0.1
model:
  depth: 3
  width: 8
```

## Limits
Off unless asked for (`--select unread-setting`): too few findings have been judged yet. Looked at
are files that the repository's code loads by a literal name (PyYAML, OmegaConf, JSON, TOML) or through
`hydra.main`. A key is read if an attribute or string of its name stands anywhere in the code, or if something
interpolates it. A section that is passed on as a whole is read with all in it, and so is a configuration. Sections that
name what to build (`_target_`, `type`), Hydra's own keys, files with merged anchors and those of tools never count.

## Source
Configuration debt: Sculley et al., Hidden Technical Debt in Machine Learning Systems (2015), section 6: it should be
easy to detect unused or redundant settings.
"""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.options import Options
from mldebt.links.repository import Repository
from mldebt.links.settings import Settings
from mldebt.model import Hit, Place
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="dead-code",
    severity="medium",
    minutes=Minutes(
        5, source="our estimate: see that no other branch reads it, take it out of all variants of the file"
    ),
    since="0.1.0",
    on=False,
)


def find(repository: Repository) -> Iterator[Hit]:
    if not any(unit.facts.loads for unit in repository.units):
        return
    options = Options(repository.graph, repository.classes)
    for unread in Settings(repository.files, repository.graph, options).unread():
        if repository.wants(unread.path):
            yield Hit(
                Place(unread.line, unread.line),
                f"setting `{unread.key}` is loaded and never read",
                path=unread.path,
                kind="setting",
                symbol=unread.key,
                confidence=0.85,
                identity=unread.key,
            )
