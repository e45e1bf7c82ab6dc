"""What a component is for: what of fitting, predicting and serving it reaches."""

from __future__ import annotations

from collections.abc import Mapping

from mldebt.links.components import Component
from mldebt.links.units import Unit

SERVING = "serving"
TRAINING = "training"
INFERENCE = "inference"
PREPARATION = "preparation"


def role(component: Component, units: list[Unit]) -> str:
    """The role of a component: serving before training before inference; what does none of them prepares data."""
    did = deeds(component, units)
    if "serves" in did:
        return SERVING
    if "fits" in did:
        return TRAINING
    return INFERENCE if "predicts" in did else PREPARATION


def deeds(component: Component, units: list[Unit]) -> Mapping[str, tuple[str, int]]:
    """What a component does with models, each with the first place where it does."""
    found: dict[str, tuple[str, int]] = {}
    for unit in units:
        for act in unit.facts.traffic.acts:
            if unit.base + act.owner in component.nodes:
                found.setdefault(act.what, (unit.path, act.at.line))
        for draw in unit.facts.draws:
            if draw.role == "trains" and unit.base + draw.owner in component.nodes:
                found.setdefault("fits", (unit.path, draw.at.line))
    return found
