"""A clone class → what its copies would be replaced by, carried out and proved, or why nothing fits."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import msgspec

from mldebt.model import Suggestion
from mldebt.proof.forms import form_of, kind_of
from mldebt.proof.instance import prove
from mldebt.proof.parameters import plan
from mldebt.proof.piece import Piece
from mldebt.proof.plan import Members, Plan, Refused
from mldebt.proof.skeleton import Form, Skeleton, write
from mldebt.proof.template import template
from mldebt.proof.tree import Tree, lift, view_of
from mldebt.proof.unify import Unifier

_WRAP = "if 1:\n"  # makes an indented piece a module of its own
_LEAST_SAVED = 3  # lines; for less nobody moves code
_PRICE = {"free": 0.0, "value": 0.1, "callback": 0.15, "flag": 0.15}  # of a parameter, as a part of the lines saved
_FEWEST = 0.5  # of the members that have to fit


def abstract(pieces: Sequence[Piece], count: int = 0) -> Suggestion:
    """The suggestion for members of a class of `count`; its `why_not` tells why there is none."""
    numbers = [n for n, p in enumerate(pieces) if not p.refusal]
    if len(numbers) < 2 or len(numbers) < _FEWEST * len(pieces):
        return Suggestion(why_not=next(p.refusal for p in pieces if p.refusal))
    try:
        found = _abstracted([pieces[n] for n in numbers])
    except Refused as error:
        return Suggestion(why_not=str(error))
    except (cst.ParserSyntaxError, RecursionError):
        return Suggestion(why_not="libcst does not read the copies")
    return _numbered(found, numbers, count or len(pieces))


def _numbered(found: Suggestion, numbers: Sequence[int], count: int) -> Suggestion:
    """With the members in the order of the class."""
    order = sorted(range(len(found.members)), key=lambda n: found.members[n])
    return msgspec.structs.replace(
        found,
        count=count,
        members=tuple(numbers[found.members[n]] for n in order),
        calls=tuple(found.calls[n] for n in order),
    )


def _abstracted(pieces: Sequence[Piece]) -> Suggestion:
    """Without the members that fit least, one by one, until the rest makes one piece of code.

    A member more is worth its lines, and each thing that it makes the shared code ask for costs a part of them.
    """
    _same_kind(pieces)
    modules = [_parsed(piece) for piece in pieces]
    trees = [lift(m, view_of(p)) for m, p in zip(modules, pieces, strict=True)]
    order = _by_likeness(trees)
    least, asked = max(2, -(-len(order) // 2)), 0.0
    refusal: Refused | None = None
    best, worth = None, 0.0
    while len(order) >= least and (best is None or asked):
        chosen = [order[0], *sorted(order[1:])]
        try:
            found, asked = _tried(modules[order[0]], [pieces[n] for n in chosen], [trees[n] for n in chosen])
        except Refused as error:
            refusal = refusal or error
        else:
            if found.saves * (1 - asked) > worth:
                best, worth = msgspec.structs.replace(found, members=tuple(chosen)), found.saves * (1 - asked)
        order.pop()
    if best is None and pieces[0].unit == "class":
        best = template(pieces, trees)
    if best is None:
        raise refusal or Refused("the copies have nothing in common")
    return best


def _same_kind(pieces: Sequence[Piece]) -> None:
    if len({p.unit for p in pieces}) > 1:
        raise Refused("the copies are of different kinds: a definition here, statements there")
    if len({p.tail for p in pieces}) > 1:
        raise Refused("a `return` ends some of the copies only")


def _parsed(piece: Piece) -> cst.Module:
    if piece.text[:1] not in (" ", "\t"):
        return cst.parse_module(piece.text)
    module = cst.parse_module(_WRAP + piece.text)
    block = module.body[0]
    assert isinstance(block, cst.If)  # we wrote it
    return module.with_changes(body=block.body.body)


def _by_likeness(trees: Sequence[Tree]) -> list[int]:
    """The members' numbers, the one that has most in common with the others first, then those most like it."""
    sums = [sum((tree.bag & other.bag).total() - (tree.bag - other.bag).total() for other in trees) for tree in trees]
    first = max(range(len(trees)), key=lambda n: (sums[n], -n))
    rest = [n for n in range(len(trees)) if n != first]
    bag = trees[first].bag
    return [first, *sorted(rest, key=lambda n: ((bag - trees[n].bag).total() + (trees[n].bag - bag).total(), n))]


def _tried(module: cst.Module, pieces: Sequence[Piece], trees: Sequence[Tree]) -> tuple[Suggestion, float]:
    """The suggestion for all of these, and how much it asks of its users."""
    unifier = Unifier(len(pieces))
    differences = unifier.differences(trees)
    if differences is None:
        raise Refused("the copies have too little in common")
    members = Members(tuple(pieces), tuple(trees), tuple(unifier.names))
    made = plan(members, differences)
    form = form_of(members, made)
    skeleton = write(pieces, module, made, form)
    prove(members, made, form, skeleton)
    saves = _saved(pieces, skeleton)
    if saves < _LEAST_SAVED:
        raise Refused("shared code would be no shorter than the copies")
    calls = tuple(_call(members, made, form, n) for n in range(len(pieces)))
    found = Suggestion(kind_of(members, made, form), skeleton.signature, skeleton.text, saves, len(pieces), calls=calls)
    return found, sum(_PRICE[p.kind] for p in made.parameters)


def _saved(pieces: Sequence[Piece], skeleton: Skeleton) -> int:
    """The lines that go, less the shared code and a line for each member that calls or imports it."""
    return sum(p.lines for p in pieces) - skeleton.code.strip().count("\n") - 1 - len(pieces)


def _call(members: Members, made: Plan, form: Form, number: int) -> str:
    """What stands in a member's place: a call, or for a definition what its users add."""
    piece = members.pieces[number]
    given = ", ".join(f"{p.name}={p.arguments[number]}" for p in made.parameters if p.name != form.me)
    if form.kind not in ("block", "step"):
        return given
    own = ", ".join(members.names[number].get(r, r) for r in made.results)
    call = f"{form.me}.{form.name}({given})" if form.kind == "step" else f"{form.name}({given})"
    return f"return {call}" if piece.tail else f"{own} = {call}" if own else call
