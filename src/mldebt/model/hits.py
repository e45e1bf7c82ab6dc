"""What rules say: a place in a file, a hit, and what a hit wants removed."""

from __future__ import annotations

import msgspec

from mldebt.model.kinds import Severity


class Place(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A stretch of one file, `line` to `end_line` inclusive, inside one cell if the file is a notebook."""

    line: int
    end_line: int
    column: int = 1
    cell: int | None = None


class Related(msgspec.Struct, frozen=True, array_like=True):
    """A second place a hit speaks of; an empty path is the path of the hit. `parts` as in Hit."""

    at: Place
    note: str = ""
    path: str = ""
    symbol: str | None = None
    kind: str | None = None
    parts: tuple[Place, ...] = ()


class Rewrite(msgspec.Struct, frozen=True, array_like=True):
    """An expression, from `at` to `end_column` (from 1, exclusive) of its last line, and what it becomes.

    `certain` is False if the program may do something else afterwards, as it was meant to.
    """

    at: Place
    end_column: int
    text: str
    certain: bool = True


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """What a rule says. It does not name its rule: the runner stamps it.

    `path` is empty for a hit of a per-file rule. `identity` is the text that still is the same when the code moves
    or is wrapped anew; left empty, the runner takes the code that begins and ends there. `scope` is the enclosing
    definition (filled in by the runner for per-file rules). `units` is what the rule's price is multiplied with.
    `parts` lists the stretches of a place that runs over several cells. `removes` names what a removal
    has to take away for the hit to hold (see proof/removal.py). `severity` is that of its rule unless it says another.
    `rewrites` are what may be written instead of parts of it, all together.
    """

    at: Place
    says: str
    path: str = ""
    kind: str = ""
    symbol: str | None = None
    see: tuple[Related, ...] = ()
    confidence: float = 1.0
    units: float = 0.0
    scope: str = ""
    identity: str = ""
    parts: tuple[Place, ...] = ()
    removes: Removal | None = None
    severity: Severity | None = None
    rewrites: tuple[Rewrite, ...] = ()


class Removal(msgspec.Struct, frozen=True, array_like=True):
    """Code whose absence must leave a module whole.

    `kind` is function, class, method, import, variable, attribute (`name` is "Class.attribute"), unreachable,
    module or commented_code. The last three are the lines of `at`; the others are found by name where `at` begins.
    `also` goes in the same pass if nothing else needs it: what is dead because of it, in the same file. `keeps` are
    imported names that other modules take from this one: their imports stay even if nothing here reads them any
    more. `certain` is False if something outside the file may notice, so that its patch is not safe.
    """

    kind: str
    name: str
    at: Place
    also: tuple[Removal, ...] = ()
    keeps: tuple[str, ...] = ()
    certain: bool = True
