"""A seed for each library that training draws random numbers from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene, Use

_SEEDS = {
    "numpy": ("numpy.random.seed", "numpy.random.default_rng"),
    "torch": ("torch.manual_seed", "torch.cuda.manual_seed_all", "torch.random.manual_seed"),
    "tensorflow": ("tensorflow.random.set_seed", "tensorflow.set_random_seed", "tensorflow.random.set_random_seed"),
    "random": ("random.seed",),
}
_DRAWS = {"numpy": "numpy.random.", "torch": "torch.", "tensorflow": "tensorflow.keras.", "random": "random."}
_ALL_AT_ONCE = (
    "lightning.seed_everything", "lightning.pytorch.seed_everything", "pytorch_lightning.seed_everything",
    "pytorch_lightning.utilities.seed.seed_everything", "transformers.set_seed", "accelerate.utils.set_seed",
    "fastai.torch_core.set_seed", "monai.utils.set_determinism", "ignite.utils.manual_seed",
    "keras.utils.set_random_seed", "tensorflow.keras.utils.set_random_seed",
)  # fmt: skip
_ESTIMATOR = re.compile(
    r"\.(?:RandomForest|ExtraTrees|GradientBoosting|DecisionTree|MLP|SGD|AdaBoost|Bagging|KMeans)\w*$"
)
_TOOL = "seeds"


def check(scene: Scene) -> Iterator[Item]:
    for name in _ALL_AT_ONCE:
        yield from (_at_once(scene, name, use) for use in _calls(scene, name))
    seeded = {library: [u for name in names for u in _calls(scene, name)] for library, names in _SEEDS.items()}
    have = [library for library, uses in seeded.items() if uses]
    drawn = [library for library, prefix in _DRAWS.items() if _draws(scene, prefix)]
    lacking = [library for library in drawn if library not in have and library != "random"]
    if have:
        use = seeded[have[0]][0]
        note = f"seeds {', '.join(have)}" + (f", not {', '.join(lacking)}" if lacking else "")
        yield Item("medium" if lacking else "strong", use.path, use.line, _TOOL, note)
    else:
        yield from _passed(scene, lacking)


def _at_once(scene: Scene, name: str, use: Use) -> Item:
    guard = next((g for g in use.call.guards if scene.is_off(g, use.path)), None) if use.call else None
    doubt = f"only if `{guard}` is given, which it is not by default" if guard else ""
    return Item("strong", use.path, use.line, _TOOL, f"calls `{name}`", doubt)


def _passed(scene: Scene, lacking: list[str]) -> Iterator[Item]:
    """A `random_state` given to estimators: enough where all that draw have one, and nothing else draws."""
    states = _states(scene)
    if states:
        rest = lacking or [name.rpartition(".")[2] for name in _unseeded(scene)]
        note = "passes `random_state`" + (f", and leaves {', '.join(rest[:3])} without a seed" if rest else "")
        strong = not rest and any(_ESTIMATOR.search(use.call.name) for use in states if use.call)
        yield Item("strong" if strong else "medium", states[0].path, states[0].line, _TOOL, note)


def _draws(scene: Scene, prefix: str) -> bool:
    """Whether code that trains draws from a library: its files do both."""
    training = {path for path in scene.files if not scene.is_aside(path)} & scene.training
    return any(use.path in training for name, uses in scene.calls.items() if name.startswith(prefix) for use in uses)


def _calls(scene: Scene, name: str) -> list[Use]:
    return [use for use in scene.calls.get(name, ()) if not scene.is_aside(use.path)]


def _unseeded(scene: Scene) -> list[str]:
    """Estimators that draw and are never given a `random_state`."""
    found: list[str] = []
    for name, uses in sorted(scene.calls.items()):
        if (
            name.startswith("sklearn.")
            and _ESTIMATOR.search(name)
            and not any(scene.is_aside(use.path) for use in uses)
        ):
            given = (a for use in uses if use.call for a in use.call.arguments)
            found.extend([name] if not any(a.startswith("random_state") for a in given) else [])
    return found


def _states(scene: Scene) -> list[Use]:
    return [
        use
        for name, uses in sorted(scene.calls.items())
        if name.startswith(("sklearn.", "xgboost.", "lightgbm."))
        for use in uses
        if use.call is not None
        and any(a.startswith("random_state") and a != "random_state=None" for a in use.call.arguments)
        and not scene.is_aside(use.path)
    ]
