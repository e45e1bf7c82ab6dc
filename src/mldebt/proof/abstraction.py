"""A clone class → what its copies would be replaced by, carried out and proved, or why nothing fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst
import msgspec

from mldebt.model import Suggestion
from mldebt.proof.forms import form_of, kind_of
from mldebt.proof.instance import prove
from mldebt.proof.parameters import plan
from mldebt.proof.piece import Piece
from mldebt.proof.plan import Members, Parameter, Plan, Refused
from mldebt.proof.skeleton import Form, Skeleton, write
from mldebt.proof.template import template
from mldebt.proof.tree import Tree, lift, view_of
from mldebt.proof.unify import Unifier

_WRAP = "if 1:\n"  # makes an indented piece a module of its own
_NOT_SHORTER = "shared code would be no shorter than the copies"
_LEAST_SAVED = 3  # lines; for less nobody moves code
_PRICE = {"free": 0.0, "value": 0.1, "callback": 0.15, "flag": 0.15}  # of a parameter, as a part of the lines saved
_MOST_LOOKED_AT = 8  # members, of those that are not the same to the letter as another one
_FEWEST = 0.5  # of the members that have to fit


def abstract(pieces: Sequence[Piece], count: int = 0) -> Suggestion:
    """The suggestion for members of a class of `count`; its `why_not` tells why there is none."""
    numbers = [n for n, p in enumerate(pieces) if not p.refusal]
    if len(numbers) < 2 or len(numbers) < _FEWEST * len(pieces):
        return Suggestion(why_not=next(p.refusal for p in pieces if p.refusal))
    groups = _alike(pieces, numbers)
    looked_at = [n for group in groups for n in group[:2]][:_MOST_LOOKED_AT]
    try:
        found = _abstracted([pieces[n] for n in looked_at], _rest(pieces, groups, looked_at))
    except Refused as error:
        return Suggestion(why_not=str(error))
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return Suggestion(why_not="libcst does not read the copies")
    calls = {looked_at[m]: call for m, call in zip(found.members, found.calls, strict=True)}
    return _spread(found, pieces, groups, calls, count or len(pieces))


def _alike(pieces: Sequence[Piece], numbers: Sequence[int]) -> list[list[int]]:
    """The members in groups that are the same to the letter, a second one from another file before others."""
    groups: dict[Piece, list[int]] = {}
    for n in numbers:
        groups.setdefault(msgspec.structs.replace(pieces[n], path="", line=0, symbol=""), []).append(n)
    return [[g[0], *sorted(g[1:], key=lambda n: (pieces[n].path == pieces[g[0]].path, n))] for g in groups.values()]


class Rest(NamedTuple):
    """Members that are the same as one that is looked at: how many, and the lines that would go with them."""

    members: int = 0
    lines: int = 0


def _rest(pieces: Sequence[Piece], groups: Sequence[Sequence[int]], looked_at: Sequence[int]) -> list[Rest]:
    """For each member that is looked at those which are the same and are not."""
    found: dict[int, Rest] = {}
    for group in groups:
        others = [n for n in group if n not in looked_at]
        found[group[0]] = Rest(len(others), sum(pieces[n].lines - 1 for n in others))
    return [found.get(n, Rest()) for n in looked_at]


def _spread(
    found: Suggestion, pieces: Sequence[Piece], groups: Sequence[Sequence[int]], calls: dict[int, str], count: int
) -> Suggestion:
    """The suggestion with the members that were not looked at, since they are the same as one that was."""
    known = dict(calls)
    for group in groups:
        call = next((calls[n] for n in group if n in calls), None)
        if call is not None:
            known.update((n, calls.get(n, call)) for n in group)
    members = sorted(known)
    return msgspec.structs.replace(
        found,
        fits=len(members),
        count=count,
        members=tuple(members),
        calls=tuple(known[n] for n in members),
    )


def _abstracted(pieces: Sequence[Piece], rest: Sequence[Rest]) -> Suggestion:
    """The suggestion for the members that are worth most together, half of them at least."""
    _same_kind(pieces)
    modules = [_parsed(piece) for piece in pieces]
    trees = [lift(m, view_of(p)) for m, p in zip(modules, pieces, strict=True)]
    tried = list(_attempts(pieces, modules, trees, rest))
    made = [found for found in tried if isinstance(found, tuple)]
    if made:
        return max(made, key=lambda found: found[1])[0]
    common = template(pieces, trees) if pieces[0].unit == "class" else None
    if common is None:
        raise next((found for found in tried if isinstance(found, Refused)), Refused(_NOT_SHORTER))
    return common


def _attempts(
    pieces: Sequence[Piece], modules: Sequence[cst.Module], trees: Sequence[Tree], rest: Sequence[Rest]
) -> Iterator[tuple[Suggestion, float] | Refused]:
    """Suggestions with what they are worth, without the members that fit least, one by one, until one asks for nothing.

    A member more is worth its lines, and each thing that it makes the shared code ask for costs a part of them.
    """
    order = _by_likeness(trees)
    least, asked = _FEWEST * sum(1 + r.members for r in rest), 1.0
    while asked and len(order) > 1 and sum(1 + rest[n].members for n in order) >= least:
        chosen = [order[0], *sorted(order[1:])]
        try:
            found, asked = _tried(modules[order[0]], [pieces[n] for n in chosen], [trees[n] for n in chosen])
            found = msgspec.structs.replace(
                found, saves=found.saves + sum(rest[n].lines for n in chosen), members=tuple(chosen)
            )
            yield (found, found.saves * (1 - asked)) if found.saves >= _LEAST_SAVED else Refused(_NOT_SHORTER)
        except Refused as error:
            yield error
        order.pop()


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
    calls = tuple(_call(members, made, form, n) for n in range(len(pieces)))
    found = Suggestion(kind_of(members, made, form), skeleton.signature, skeleton.text, saves, len(pieces), calls=calls)
    return found, sum(_PRICE[p.kind] for p in made.parameters)


def _saved(pieces: Sequence[Piece], skeleton: Skeleton) -> int:
    """The lines that go, less the shared code and a line for each member that calls or imports it."""
    return sum(p.lines for p in pieces) - skeleton.code.strip().count("\n") - 1 - len(pieces)


def _call(members: Members, made: Plan, form: Form, number: int) -> str:
    """What stands in a member's place: a call, or for a definition what its users add."""
    piece = members.pieces[number]
    given = ", ".join(f"{p.name}={_given(members, p, form, number)}" for p in made.parameters if p.name != form.me)
    if form.kind not in ("block", "step"):
        return given
    own = ", ".join(members.names[number].get(r, r) for r in made.results)
    call = f"{form.me}.{form.name}({given})" if form.kind == "step" else f"{form.name}({given})"
    return f"return {call}" if piece.tail else f"{own} = {call}" if own else call


def _given(members: Members, parameter: Parameter, form: Form, number: int) -> str:
    """A member's argument; what a subclass gives as a method takes its object, even if it does not need it."""
    text = parameter.arguments[number]
    if form.kind != "method" or parameter.kind != "callback" or form.me in parameter.takes:
        return text
    me = members.names[number].get(form.me, form.me)
    return text.replace("lambda", f"lambda {me}{',' if parameter.takes else ''}", 1)
