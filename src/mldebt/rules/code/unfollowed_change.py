"""A change to one of several copies that the others did not follow.

## Why it is debt
What made the change necessary is most likely true of the other copies as well, and nobody who reads them later will
know that one of them was mended. Found only where two commits are compared: by `mldebt diff`, the hooks and the Action.

## Flagged
```python title="before/train.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


normalise(load("a.png"), 0.4, 0.2)
```
```python title="before/serve.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


normalise(receive(), 0.4, 0.2)
```
```python title="train.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / max(std, 1e-6)  # debt
    return image.transpose(2, 0, 1)


normalise(load("a.png"), 0.4, 0.2)
```
```python title="serve.py"
def normalise(image, mean, std):  # see
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


normalise(receive(), 0.4, 0.2)
```

## Fine
```python title="before/train.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


normalise(load("a.png"), 0.4, 0.2)
```
```python title="before/serve.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / std
    return image.transpose(2, 0, 1)


normalise(receive(), 0.4, 0.2)
```
```python title="images.py"
def normalise(image, mean, std):
    image = image.astype("float32")
    image = image / 255
    image = image - mean
    image = image / max(std, 1e-6)
    return image.transpose(2, 0, 1)
```
```python title="train.py"
from images import normalise

normalise(load("a.png"), 0.4, 0.2)
```
```python title="serve.py"
from images import normalise

normalise(receive(), 0.4, 0.2)
```

## Limits
Only statements count that the copies had in common before the change, and of which the edit is more than another
literal or name: that is what makes copies differ on purpose. An edit by which a copy comes to equal the others is
silent, as is a copy that goes, that is written anew for more than a fifth, or gets a definition or more than ten
statements in one place. Tests and variants of a whole file are not followed.

## Source
Krinke, A study of consistent and inconsistent changes to code clones, WCRE 2007; Juergens et al., Do code clones
matter?, ICSE 2009.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mldebt.facts.sorts import CLASS, DEFINITION, PLACE, SORT
from mldebt.facts.statements import Items
from mldebt.links.change import Change, Copies, Member
from mldebt.links.edits import Edit, Edits, computes, inside, place
from mldebt.links.entry import TEST_FILE
from mldebt.model import Hit, Place, Related
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="clones",
    severity="medium",
    minutes=Minutes(5, 5, "copy that did not follow", "our estimate: read a copy, and carry the edit over"),
    since="0.1.0",
)
_STAYED = 0.8  # of a copy's statements: where more are edited it was written anew, and nobody can follow that
_MOST_ADDED = 10  # statements in one place: more of them are no mending
_ALIKE = 0.8  # of its statements are in the other copy, before: others were never kept equal


class Changed(NamedTuple):
    """A member with the items it had and those of its edits that change what it computes."""

    member: Member
    edits: Edits
    items: list[int]
    own: list[Edit]


def find(change: Change) -> Iterator[Hit]:
    """One for each definition that was changed, from the class with most members."""
    said: set[tuple[str, str]] = set()
    for copies in sorted(change.classes, key=lambda c: -len(c.members)):
        hit = _hit(copies)
        if hit is not None and (where := (hit.path, hit.scope.partition(".")[0])) not in said:
            said.add(where)
            yield hit


def _hit(copies: Copies) -> Hit | None:
    changed = [one for one in map(_changed, copies.members) if one is not None]
    intact = [member for member in copies.members if _is_intact(member)]
    for one in changed:
        for edit in one.own:
            behind = [m for m in intact if _is_alike(one, m) and _is_missed(one.edits, edit, m)]
            if behind:
                return _said(copies.rule, one, edit, behind, [c.member for c in changed if c is not one])
    return None


def _changed(member: Member) -> Changed | None:
    """The member, if it was edited and is still there."""
    if member.edits is None or TEST_FILE.search(member.path):
        return None
    items = inside(member.edits.before, member.stretches)
    if member.edits.keeps(items) < _STAYED:
        return None
    own = [edit for edit in member.edits.within(items) if _is_of_weight(member.edits, edit)]
    return Changed(member, member.edits, items, own) if own else None


def _is_intact(member: Member) -> bool:
    if member.edits is None:
        return True
    items = inside(member.edits.before, member.stretches)
    return bool(items) and next(member.edits.within(items), None) is None


def _is_alike(one: Changed, other: Member) -> bool:
    """Whether nearly all that a member did before is in another one."""
    theirs = {other.items.blind[i] for i in _stretch(other)}
    ours = [one.edits.before.blind[i] for i in one.items if computes(one.edits.before, i)]
    return sum(blind in theirs for blind in ours) >= _ALIKE * len(ours)


def _is_of_weight(edits: Edits, edit: Edit) -> bool:
    """Whether an edit changes what is computed, by more than another literal or name, and not too much."""
    defines = any(edits.now.metas[i] & SORT in (DEFINITION, CLASS, PLACE) for i in edit.added)
    if defines or len(edit.added) > _MOST_ADDED:
        return False
    removed = [edits.before.blind[i] for i in edit.removed if computes(edits.before, i)]
    added = [edits.now.blind[i] for i in edit.added if computes(edits.now, i)]
    return removed != added


def _is_missed(edits: Edits, edit: Edit, other: Member) -> bool:
    """Whether a copy has what was edited as it was, and not what came in its place."""
    theirs = _stretch(other)
    had = [i for i in edit.removed or edit.around if computes(edits.before, i)]
    brought = [i for i in edit.added if computes(edits.now, i)]
    shared = [_has(theirs, other.items, edits.before, i) for i in had]
    is_shared = all(shared) if edit.around else any(shared)
    return bool(had) and is_shared and not (brought and all(_has(theirs, other.items, edits.now, i) for i in brought))


def _stretch(member: Member) -> list[int]:
    """The items of an intact member, now."""
    if member.edits is None:
        return inside(member.items, member.stretches)
    return member.edits.items_now(inside(member.edits.before, member.stretches))


def _has(theirs: list[int], items: Items, ours: Items, item: int) -> bool:
    """Whether a statement of the same shape is among theirs."""
    return any(items.blind[i] == ours.blind[item] for i in theirs)


def _said(copies_rule: str, one: Changed, edit: Edit, behind: list[Member], others: list[Member]) -> Hit:
    is_whole = copies_rule == "cloned-function"
    name = " in ".join(filter(None, ("" if is_whole else "a block", one.member.symbol and f"`{one.member.symbol}`")))
    count = f"its {len(behind)} copies were" if len(behind) > 1 else "its copy was"
    see = [Related(_at(member), "was not changed", member.path, member.symbol or None) for member in behind]
    see.extend(Related(_at(member), "was changed too", member.path, member.symbol or None) for member in others)
    return Hit(
        _edited(one, edit),
        f"{name} was changed here and {count} not: change them too, or give them one function",
        path=one.member.path,
        kind="edit",
        symbol=one.member.symbol or None,
        see=tuple(see),
        units=len(behind),
        scope=one.member.symbol,
        identity=" ".join(sorted(f"{m.path}:{m.symbol}" for m in behind)),
    )


def _edited(one: Changed, edit: Edit) -> Place:
    """The statements that came, or the one beside those that went."""
    now = one.edits.now
    near = [*edit.added] or one.edits.items_now([i for i in one.items if i < edit.removed.start])[-1:]
    near = near or one.edits.items_now(one.items)[:1]
    return place(now, near[0], near[-1])


def _at(member: Member) -> Place:
    """Where a member stands now."""
    if member.edits is None:
        return member.stretches[0]
    items = member.edits.items_now(inside(member.edits.before, member.stretches))
    return place(member.edits.now, items[0], items[-1])
