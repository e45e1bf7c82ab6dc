"""Configuration files of experiments that repeat each other but for a few settings.

## Why it is debt
What two experiments differ in has to be found with a diff, and a setting that is mended or added in one file keeps its
old value in the others: runs are compared that differ in more than anyone meant.

## Flagged
```yaml title="configs/small.yaml"
model: resnet  # see
depth: 18
width: 64
dropout: 0.1
lr: 0.1
momentum: 0.9
weight_decay: 0.0001
epochs: 90
warmup: 5
batch_size: 256
workers: 8
size: 224
crop: 0.875
mixup: 0.2
seed: 1
```
```yaml title="configs/middle.yaml"
model: resnet  # see
depth: 34
width: 64
dropout: 0.1
lr: 0.1
momentum: 0.9
weight_decay: 0.0001
epochs: 90
warmup: 5
batch_size: 256
workers: 8
size: 224
crop: 0.875
mixup: 0.2
seed: 1
```
```yaml title="configs/large.yaml"
model: resnet  # debt
depth: 50
width: 64
dropout: 0.1
lr: 0.1
momentum: 0.9
weight_decay: 0.0001
epochs: 120
warmup: 5
batch_size: 128
workers: 8
size: 224
crop: 0.875
mixup: 0.2
seed: 1
```

## Fine
```yaml title="configs/base.yaml"
model: resnet
depth: 18
width: 64
dropout: 0.1
lr: 0.1
momentum: 0.9
weight_decay: 0.0001
epochs: 90
warmup: 5
batch_size: 256
workers: 8
size: 224
crop: 0.875
mixup: 0.2
seed: 1
```
```yaml title="configs/middle.yaml"
_base_: base.yaml
depth: 34
```
```yaml title="configs/large.yaml"
_base_: base.yaml
depth: 50
epochs: 120
batch_size: 128
```

## Limits
A family is three files or more of at least fifteen settings, of which four fifths are the same, under the same keys, as
in the first of them; families that are near each other are one finding while half of the settings are the same in all.
Looked at are YAML, JSON and TOML files that set a hyper-parameter. Files that build on another one, what runs and tests
leave behind (told by the names of folders and dates), and what other programs define, such as model configurations of a
hub or those of DeepSpeed, are left alone.

## Source
Sculley et al., Hidden Technical Debt in Machine Learning Systems, NIPS 2015, section 6: it should be easy to specify a
configuration as a small change from a previous one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.links.variants import variants
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="low",
    minutes=Minutes(10, 2, "file", "our estimate: one base file, and in each of the others only what it changes"),
    since="0.1.0",
)


def find(repository: Repository) -> Iterator[Hit]:
    for family in variants(repository.files):
        path = next((path for path in family.paths if repository.wants(path)), None)
        if path is None:
            continue
        of = f"{family.fewest}" if family.fewest == family.most else f"{family.fewest} to {family.most}"
        says = f"{len(family.paths)} configurations set {family.same} of their {of} settings to the same values"
        first = Place(1, 1)
        yield Hit(
            first,
            f"{says}: keep those in one file, and in each of the others only what it changes",
            path=path,
            see=tuple(Related(first, "repeats it", other) for other in family.paths if other != path),
            confidence=0.9,
            units=len(family.paths),
            identity=posixpath.basename(family.paths[0]),
        )
