"""A network that gets trained weights and is run as if it were still being trained.

## Why it is debt
A new network is in training mode: dropout throws values away at random, and batch normalisation goes by the batch it
is given and changes with it. The predictions are worse than those that were measured, and differ from run to run.

## Flagged
```python
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Dropout(0.5))

    def forward(self, rows):
        return self.layers(rows)


net = Net()
net.load_state_dict(torch.load(sys.argv[1], weights_only=True))  # see
with torch.no_grad():
    print(net(torch.ones(1, 4)))  # debt
```

## Fine
```python
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Dropout(0.5))

    def forward(self, rows):
        return self.layers(rows)


net = Net()
net.load_state_dict(torch.load(sys.argv[1], weights_only=True))
net.eval()
with torch.no_grad():
    print(net(torch.ones(1, 4)))
```

## Limits
The network is made, loaded and run in one function, script or notebook, or by one class that inherits from nothing; its
class is in the repository and holds dropout or batch normalisation, also in parts of its own, or it is one of
torchvision's that do. One that is handed on, returned, asked for its parameters, put into either mode, or given
the weights of another network in memory is left alone, and so is a network that has parts of which no method of its
own speaks. It is rare: in some 200 repositories there were two, both as described.

## Source
PyTorch documentation, torch.nn.Module.eval and "Saving and Loading Models"; Zhang et al., The Prevalence of Code Smells
in Machine Learning Projects, WAIN 2022 ("training / evaluation mode improper toggling").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.links.repository import Repository
from mldebt.links.resolve import Found
from mldebt.links.units import Unit
from mldebt.model import Hit, Related, Restored
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="high",
    minutes=Minutes(10, source="our estimate: add the call, compare the predictions with those that were measured"),
    since="0.1.0",
)

_LAYER = re.compile(r"(?:Alpha|FeatureAlpha)?[Dd]ropout[123]?d?|(?:Sync)?BatchNorm[123]?d?|LazyBatchNorm[123]d")
# these drop a tenth unless told otherwise
_TRANSFORMER = re.compile(r"torch\.nn\.Transformer(?:Encoder|Decoder)?(?:Layer)?")
_READY = re.compile(
    r"torchvision\.models\.(?:\w+\.)?(?:alexnet|vgg|resne|wide_resnet|densenet|inception|googlenet|mobilenet|mnasnet"
    r"|shufflenet|efficientnet|squeezenet|regnet)\w*"
)
_MOST = 300  # definitions of one network that are looked at


def find(repository: Repository) -> Iterator[Hit]:
    for unit in repository.units:
        for found in unit.facts.restored if unit.is_code and repository.wants(unit.path) else ():
            layer = _layer(repository, unit, found)
            if layer:
                says = f"`{found.name}` runs in training mode with the weights it was given, and holds `{layer}`"
                yield Hit(
                    found.at,
                    f"{says}: call `{found.name}.eval()` first",
                    path=unit.path,
                    see=(Related(found.loaded, "gets its weights"),),
                    confidence=0.9,
                    scope=unit.facts.definitions[found.owner].name,
                    identity=f"{found.name} {found.made}",
                )


def _layer(repository: Repository, unit: Unit, network: Restored) -> str:
    """A layer of a network that does something else in training; empty if none is seen."""
    outside = repository.classes.qualified(unit, network.made)
    if _READY.fullmatch(outside):
        return outside
    states = repository.graph.resolver.follow(unit, network.owner, network.made, Found())
    waiting = sorted(state.node for state in states if state.kind == "node")
    if any(_switches_itself(repository, node) for node in waiting):
        return ""
    seen = set(waiting)
    while waiting and len(seen) < _MOST:
        node = waiting.pop()
        for layer, reached in _used(repository, node):
            if layer:
                return layer
            waiting.extend(sorted(reached - seen))
            seen |= reached
    return ""


def _switches_itself(repository: Repository, network: int) -> bool:
    """Whether a network goes into evaluation mode whenever it is called, by its `forward` or what decorates that."""
    resolver = repository.graph.resolver
    reached = set(repository.classes.methods.get(network, {}).get("forward", ()))
    for method in sorted(reached):
        for decorator in resolver.definition(method).decorators:
            found = Found()
            resolver.follow(resolver.unit_of(method), 0, decorator, found)
            reached |= found.nodes
    return any("eval" in (*d.attributes, *d.own) for d in map(resolver.definition, reached))


def _used(repository: Repository, node: int) -> Iterator[tuple[str, set[int]]]:
    """For each name that a definition uses: the layer it is, if it is one, and what of the repository it means."""
    resolver = repository.graph.resolver
    unit, definition = resolver.unit_of(node), resolver.definition(node)
    for use in definition.uses:
        found = Found()
        resolver.follow(unit, node - unit.base, use, found)
        yield _named(repository, unit, use), found.nodes
    for base in definition.bases:
        yield "", repository.classes.inside(unit, base)
    yield "", _methods(repository, node)


def _methods(repository: Repository, node: int) -> set[int]:
    """The methods of a class; not the one that makes its parts if no method uses some of these.

    What `forward` leaves out, as the classifier of a network that is asked for features, has no part in a prediction.
    """
    methods = repository.classes.methods.get(node, {})
    definitions = {m: repository.graph.resolver.definition(m) for nodes in methods.values() for m in nodes}
    kept = {attribute for definition in definitions.values() for attribute, _ in definition.stores}
    read = {attribute for definition in definitions.values() for attribute in definition.own}
    return {m for m, definition in definitions.items() if kept <= read or not definition.name.endswith(".__init__")}


def _named(repository: Repository, unit: Unit, use: str) -> str:
    """The layer in a dotted name, as it is written; empty if there is none."""
    plain = use.replace("()", "")
    name = repository.classes.qualified(unit, plain)
    is_layer = any(_LAYER.fullmatch(part) for part in plain.split(".")) or _TRANSFORMER.fullmatch(name)
    return plain if is_layer or _READY.fullmatch(name) else ""
