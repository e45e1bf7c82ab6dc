"""How a chain of writes and reads is told: in the message, and as the places beside it."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.links.loops import Loop
from mldebt.model import Hit, Related

SHOWN = 60  # characters of a name in a message


def hit(loop: Loop, says: str, confidence: float) -> Hit:
    """A finding about a chain, at its last read."""
    last = loop.hops[-1]
    return Hit(
        last.read.at,
        says,
        path=last.read.path,
        kind=last.artifact.kind,
        symbol=last.artifact.name,
        see=tuple(_places(loop)),
        confidence=confidence,
        identity=f"{last.artifact.name} {last.reader}",
    )


def told(loop: Loop) -> str:
    """`a.csv` of `score.py` → `b.csv` of `prepare.py`."""
    return " → ".join(f"`{shown(hop.artifact.name)}` of `{shown(hop.component)}`" for hop in loop.hops)


def _places(loop: Loop) -> Iterator[Related]:
    """Every write and read of a chain but the last read, and the fit."""
    last = loop.hops[-1]
    for hop in loop.hops:
        yield Related(hop.write.at, f"`{shown(hop.artifact.name)}` is written", hop.write.path)
        if hop is not last:
            yield Related(hop.read.at, f"`{shown(hop.artifact.name)}` is read", hop.read.path)
    yield Related(loop.fit.act.at, "the fit", loop.fit.unit.path)


def shown(name: str) -> str:
    """A name short enough for a message."""
    return name if len(name) <= SHOWN else "..." + name[-SHOWN:]
