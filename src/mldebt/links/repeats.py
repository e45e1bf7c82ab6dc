"""Clone classes → hits: the words and figures that the clone rules share."""

from __future__ import annotations

from mldebt.links.clones import CloneClass, Fragment
from mldebt.model import Hit, Related

_SHARED = "give what they share a function"
_CONFIDENCE = {"type-1": 0.98, "type-2": 0.95, "type-3": 0.85}


def is_in_notebook(found: CloneClass) -> bool:
    """Whether a member stands in a notebook."""
    return any(f.path.endswith(".ipynb") for f in found.fragments)


def clone_hit(found: CloneClass, focus: frozenset[str] | None) -> Hit:
    """The hit for a clone class; with a focus, its place is the first member there.

    Its units are the lines that would go if one copy stayed.
    """
    fragments = list(found.fragments)
    first = next((f for f in fragments if focus is None or f.path in focus), fragments[0])
    fragments.remove(first)
    lines = sum(f.lines * f.share for f in found.fragments) - max(f.lines for f in found.fragments)
    return Hit(
        first.parts[0],
        says(found, first),
        path=first.path,
        kind=found.kind,
        symbol=first.symbol or None,
        see=tuple(_related(f) for f in fragments),
        confidence=_CONFIDENCE[found.kind],
        units=max(0.0, lines),
        scope=first.symbol,
        identity=found.identity,
        parts=first.parts if len(first.parts) > 1 else (),
    )


def says(found: CloneClass, first: Fragment) -> str:
    """What is said of a class: what is repeated, in how many places and how exactly, and what it asks for."""
    said = _says_of_files(found, first) if first.unit == "file" else _says_of_pieces(found, first)
    return f"{said}: {asks_for(found)}"


def asks_for(found: CloneClass) -> str:
    """The refactoring that the members of a class ask for, by what they are and where they stand."""
    paths = {f.path for f in found.fragments}
    books = [path for path in paths if path.endswith(".ipynb")]
    if found.unit == "file":
        return _asked_of_files(found, bool(books))
    if len(paths) == 1 and found.unit in ("cell", "block"):
        return _SHARED
    if books:
        return f"move it to a module for the notebook{'s' if len(books) > 1 else ''} to import"
    match found.unit:
        case "class":
            return "keep one, and import it" if found.kind == "type-1" else "give what they share a base class"
        case "method" if len({f.symbol.rpartition(".")[0] for f in found.fragments}) > 1:
            return "give what they share to a base class or a function"
        case "function" | "method":
            return {"type-1": "keep one", "type-2": "make what differs a parameter"}.get(found.kind, _SHARED)
        case _:
            return f"{_SHARED} in a module they can import"


def _asked_of_files(found: CloneClass, are_books: bool) -> str:
    if found.kind == "type-1":
        return "keep one"
    if are_books:
        return "move what they share to a module, with parameters for what differs"
    return "make them one, with options for what differs"


def _says_of_pieces(found: CloneClass, first: Fragment) -> str:
    count = len(found.fragments)
    match found.kind:
        case "type-1":
            how = f"is copied in {count} places, word for word"
        case "type-2":
            how = f"is copied in {count} places, with other names or values"
        case _:
            how = f"is copied in {count} places, at least {found.likeness:.0%} alike"
    return f"{_what(first)} {how}"


def _says_of_files(found: CloneClass, first: Fragment) -> str:
    others = [f.share for f in found.fragments[1:]]
    kind = "notebook" if first.path.endswith(".ipynb") else "file"
    if len(others) == 1:
        shared = "all" if found.kind == "type-1" else f"{others[0]:.0%}"
        return f"this {kind} and another one are variants: {shared} of it is shared"
    return f"this {kind} is one of {len(found.fragments)} variants: {min(others):.0%} to {max(others):.0%} is shared"


def _what(fragment: Fragment) -> str:
    if fragment.unit == "cell":
        return f"the code of a cell of {fragment.lines} lines"
    if fragment.unit != "block":
        return f"{fragment.unit} `{fragment.symbol.rpartition('.')[2]}`" if fragment.symbol else f"a {fragment.unit}"
    where = f" in `{fragment.symbol}`" if fragment.symbol else ""
    over = f" over {len(fragment.parts)} cells" if len(fragment.parts) > 1 else ""
    return f"a block of {fragment.lines} lines{over}{where}"


def _related(fragment: Fragment) -> Related:
    at = fragment.parts[0]
    note = f"{fragment.share:.0%} shared" if fragment.unit == "file" else f"copy of {fragment.lines} lines"
    parts = fragment.parts if len(fragment.parts) > 1 else ()
    return Related(at, note, fragment.path, fragment.symbol or None, fragment.unit, parts)
