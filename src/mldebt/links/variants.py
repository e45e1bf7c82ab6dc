"""Configurations of experiments that repeat each other instead of naming what they change.

A file counts if it sets a hyper-parameter, is written for the repository's own code, and does not build on another one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import ceil

import msgspec

from mldebt.model import FileFacts, Setting

_FEWEST_SETTINGS, _MOST_SETTINGS = 15, 2000  # longer ones are data
_FEWEST_FILES = 3
_SAME = 0.8  # of the settings of the larger file, in place and value
_NEAR = 0.6  # the same, of the first files of two families
_IN_ALL = 0.5  # of the settings of the smallest file
_SUFFIXES = (".yaml", ".yml", ".json", ".toml")
_HYPER_PARAMETER = re.compile(
    r"(?:^|[._-])(?:lr|(?:init_|base_)?learning[_-]?rate|(?:\w+_)?batch[_-]?size|(?:num_|n_|max_)?epochs?|optimi[sz]er"
    r"|dropout|weight[_-]?decay|momentum|(?:num|n)_layers|hidden[_-]?(?:size|dim)|max_steps|(?:num_)?iter(?:ation)?s"
    r"|warmup(?:_\w+)?)(?:$|[._-])",
    re.IGNORECASE,
)
# what builds on another file says so at its top
_BUILDS_ON = re.compile(r"(?:_*base_*|defaults|extends|inherits?(?:_from)?|base_config|parent|imports?)(?:\.|$)", re.I)
# what other programs define and write: models of hubs, DeepSpeed, Accelerate, sweeps, workflows, deployments
_OF_OTHERS = re.compile(
    r"(?:architectures|transformers_version|hidden_act|vocab_size|tokenizer_class|zero_optimization|deepspeed_config"
    r"|compute_environment|apiVersion|jobs|services|stages|sweep_id|_wandb|wandb_version)(?:\.|$)"
)
# folders of what runs leave behind and of tests, and names with a date
_RECORDS = re.compile(
    r"(?:^|/)(?:[\w-]*results?|logs?|[\w-]*logs?|[\w-]*runs?|outputs?|mlruns|wandb|[\w-]*weights|checkpoints?|ckpts?"
    r"|[\w-]*pretrained[\w-]*|saved[\w-]*|serialization[\w-]*|snapshots?|artifacts|tests?|test_fixtures|fixtures)/"
    r"|\d{4}-?\d\d-?\d\d|(?:^|/)\.",
    re.IGNORECASE,
)
Values = frozenset[tuple[str, str]]
Family = list[tuple[str, Values]]


class Variants(msgspec.Struct, frozen=True):
    """Files that repeat each other, by path, and how many settings are the same in all of them.

    `fewest` and `most` are the numbers of settings of the shortest and the longest file.
    """

    paths: tuple[str, ...]
    same: int
    fewest: int
    most: int


def variants(files: Mapping[str, FileFacts]) -> list[Variants]:
    """The families of such files, by the path of their first.

    Cost: files times the families that have a rare setting in common with them.
    """
    values = {
        path: frozenset((setting.key, setting.value) for setting in facts.settings)
        for path, facts in sorted(files.items())
        if path.endswith(_SUFFIXES) and not _RECORDS.search(path) and _is_experiment(facts.settings)
    }
    counts = Counter(pair for own in values.values() for pair in own)
    families: list[Family] = []
    holding: dict[tuple[str, str], list[int]] = defaultdict(list)
    for path, own in values.items():
        near = sorted({number for pair in own for number in holding.get(pair, ())})
        number = next((n for n in near if _repeats(families[n][0][1], own, _SAME)), None)
        if number is None:
            for pair in _telling(own, counts):
                holding[pair].append(len(families))
            families.append([(path, own)])
        else:
            families[number].append((path, own))
    return [found for family in _merged(families) for found in _told(family)]


def _telling(own: Values, counts: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rarest settings of a file, so many that whatever repeats it has one of them.

    That is the prefix filter of Bayardo, Ma and Srikant, Scaling Up All Pairs Similarity Search, WWW 2007.
    """
    rarest = sorted(own, key=lambda pair: (counts[pair], pair))
    return rarest[: len(own) - ceil(_SAME * len(own)) + 1]


def _merged(families: list[Family]) -> list[Family]:
    """Families whose first files are near each other taken together, as long as half of it all stays the same."""
    found: list[Family] = []
    for family in families:
        if len(family) >= _FEWEST_FILES:
            near = (f for f in found if _repeats(f[0][1], family[0][1], _NEAR))
            home = next((f for f in near if _is_held_together([*f, *family])), None)
            if home is None:
                found.append(family)
            else:
                home.extend(family)
    return found


def _same(family: Family) -> Values:
    return frozenset.intersection(*(values for _, values in family))


def _is_held_together(family: Family) -> bool:
    return len(_same(family)) >= _IN_ALL * min(len(values) for _, values in family)


def _told(family: Family) -> Iterator[Variants]:
    if _is_held_together(family):
        sizes = sorted(len(values) for _, values in family)
        yield Variants(tuple(sorted(path for path, _ in family)), len(_same(family)), sizes[0], sizes[-1])


def _is_experiment(settings: tuple[Setting, ...]) -> bool:
    if not _FEWEST_SETTINGS <= len(settings) <= _MOST_SETTINGS:
        return False
    if not any(_HYPER_PARAMETER.search(s.key) for s in settings):
        return False
    return not any(_BUILDS_ON.match(s.key) or _OF_OTHERS.match(s.key) for s in settings)


def _repeats(one: Values, other: Values, share: float) -> bool:
    fewer, more = sorted((len(one), len(other)))
    return fewer >= share * more and len(one & other) >= share * more
