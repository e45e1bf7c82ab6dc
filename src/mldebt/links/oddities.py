"""Copies that are equal but for one place, which looks like a mistake and not like what they were copied for."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from mldebt.links.clones import CloneClass, Fragment
from mldebt.links.readings import ATTRIBUTE, NAME, NUMBER, TEXT, Reader, Reading, Row, Token, own_nodes
from mldebt.model import Code, Place

_MAJORITY = 2 / 3  # of the copies have to be equal word for word
_LEAST_ALIKE = 0.5  # of all copies, before those that are short or cannot be read are left out
_DEFINITIONS = frozenset({"function", "method", "class"})
_FEWEST_OF_A_DEFINITION = 5  # statements
_FEWEST_OF_A_BLOCK = 8  # statements, from which pieces without a common name look meant to be the same
_MOST_COPIES = 60
_PREPARES = re.compile(
    r"preproc|process|clean|normali[sz]|standardi[sz]|tokeni[sz]|featur|transform|prepare|encod|impute"
)
# what is chosen anew for each experiment, or only shown
_CHOSEN = re.compile(
    r"lr|rate|epoch|batch|step|iter|seed|size|dim|hidden|units|layers?$|depth|width|heads?$|dropout|momentum|decay"
    r"|workers|gpu|device|port|path|file|dir|name|title|label|color|colour|fig|font|print|log|info|warn|debug|write|add_"
    r"|interval|every|max_|min_|num|n_|^n$|count|version|timeout|verbose|stack|range|Error$|plot|show|save|load|stride"
    r"|pad|kernel|Pool|Conv|Linear|Dense|Embedding|Sequential|Norm|Dropout|LSTM|GRU",
    re.IGNORECASE,
)
_PREPARING_CALL = re.compile(
    r"^(find|rfind|index|replace|split|rsplit|strip|lstrip|rstrip|startswith|endswith|join|sub|match|search|count|get|pop"
    r"|isin|drop|fillna|clip|astype|mean|std|threshold|interpolation|where|pow|log1p|lower|upper|bins|cut|qcut|scale|shift"
    r"|normalize|Normalize|resize|Resize|CenterCrop|interpolate|padding_value|fill_value|value|map|to_datetime|round)$"
)
_TRAINED = re.compile(r"(?:^|_)(?:train|fit|tr)(?:$|_)", re.IGNORECASE)
_TELLS = re.compile(
    r"summary|display|head$|describe|print|log|warn|info|debug|write|plt|plot|show|save|wandb|assert|title|label|tqdm"
)


class Oddity(NamedTuple):
    """The copy that differs and one that it differs from, where, and by what.

    `kind` is literal, name, missing (a statement) or rename. `ours` is empty for what is missing.
    """

    kind: str
    odd: Reading
    model: Reading
    at: Place
    there: Place
    ours: str
    theirs: str
    equal: int  # how many copies are equal word for word


def oddities(classes: Iterable[CloneClass], source: Callable[[str], Code | None]) -> Iterator[Oddity]:
    """The oddities of clone classes, in their order. Cost: parses the copies of the classes that could have one."""
    reader = Reader(source)
    for found in classes:
        if found.unit == "file" or found.kind == "type-1" or len(found.fragments) > _MOST_COPIES:
            continue
        for fragments in _meant_alike(found):
            group = list(_read_once(reader, fragments))
            many = sum(copies for _, copies in group) > 2
            yield from _odd_ones(group) if many else _odd_pair([reading for reading, _ in group])
        for fragments in _of_one_scope(found):
            yield from _unfinished([r for f in fragments if (r := reader.read(f)) is not None])


def _meant_alike(found: CloneClass) -> Iterator[list[Fragment]]:
    """The copies that look meant to be the same: definitions of one name, other pieces if they are long.

    Two definitions are left out at once unless they prepare data.
    """
    groups: dict[str, list[Fragment]] = defaultdict(list)
    for fragment in found.fragments:
        groups[fragment.symbol if fragment.unit in _DEFINITIONS else ""].append(fragment)
    for name, group in sorted(groups.items()):
        if (len(group) > 2 and _has_usual(group)) or (len(group) == 2 and name and _PREPARES.search(name.lower())):
            yield group


def _read_once(reader: Reader, fragments: list[Fragment]) -> Iterator[tuple[Reading, int]]:
    """The copies that are long enough, each with how many it stands for: of the usual ones the first is read."""
    usual, copies = Counter(f.digest for f in fragments).most_common(1)[0]
    first = next(f for f in fragments if f.digest == usual)
    for fragment in fragments:
        if fragment is first or fragment.digest != usual:
            reading = reader.read(fragment)
            if reading is not None and len(reading.rows) >= _fewest(fragment):
                yield reading, copies if fragment is first else 1


def _has_usual(group: list[Fragment]) -> bool:
    """Whether enough copies are equal for one to be odd: most classes have none that are, and need not be read."""
    return Counter(f.digest for f in group).most_common(1)[0][1] >= max(2, _LEAST_ALIKE * len(group))


def _fewest(fragment: Fragment) -> int:
    return _FEWEST_OF_A_DEFINITION if fragment.unit in _DEFINITIONS else _FEWEST_OF_A_BLOCK


def _of_one_scope(found: CloneClass) -> Iterator[list[Fragment]]:
    """The blocks that stand in the same function, or at the top of the same module."""
    scopes: dict[tuple[str, str], list[Fragment]] = defaultdict(list)
    for fragment in found.fragments:
        if fragment.unit == "block":
            scopes[fragment.path, fragment.symbol].append(fragment)
    yield from (blocks for _, blocks in sorted(scopes.items()) if len(blocks) > 1)


def turned(oddity: Oddity) -> Oddity:
    """An oddity of two copies as it looks from the other one."""
    kind, odd, model, at, there, ours, theirs, equal = oddity
    return Oddity(kind, model, odd, there, at, theirs, ours, equal)


# -- one of several ----------------------------------------------------------------------------------------------------


def _odd_ones(group: list[tuple[Reading, int]]) -> Iterator[Oddity]:
    counts: Counter[tuple[tuple[int, tuple[Token, ...]], ...]] = Counter()
    for reading, copies in group:
        counts[reading.plain] += copies
    usual, equal = counts.most_common(1)[0]
    if equal < max(2, _MAJORITY * counts.total()):
        return
    model = next(reading for reading, _ in group if reading.plain == usual)
    for reading, _ in group:
        if reading.plain != usual:
            found = _difference(reading, model, equal)
            if found is not None:
                yield found


def _difference(odd: Reading, model: Reading, equal: int) -> Oddity | None:
    if len(odd.rows) == len(model.rows):
        return _changed(odd, model, equal)
    if odd.fragment.unit == "block" or len(odd.rows) != len(model.rows) - 1:
        return None  # where a block begins and ends is not said by who wrote it
    return _missing(odd, model, equal)


def _missing(odd: Reading, model: Reading, equal: int) -> Oddity | None:
    at = next((i for i, (a, b) in enumerate(zip(odd.plain, model.plain, strict=False)) if a != b), len(odd.rows))
    left = model.rows[at]
    moved = _bound([left]) - _bound(odd.rows)  # to where all copies can see it
    if odd.plain[at:] != model.plain[at + 1 :] or at == 0 or moved or not _does_something(left):
        return None
    text = ast.unparse(left.node)
    return Oddity("missing", odd, model, odd.rows[at - 1].at, left.at, "", text, equal)


def _does_something(row: Row) -> bool:
    """Whether what a statement leaves out is no output and no import, and changes what comes after."""
    if not isinstance(row.node, ast.Assign | ast.AugAssign | ast.Expr):
        return False
    return not any(_TELLS.search(t.value) for t in row.tokens if t.kind in (NAME, ATTRIBUTE))


def _changed(odd: Reading, model: Reading, equal: int) -> Oddity | None:
    pairs = _only_pair(odd, model)
    if pairs is None:
        return None
    row, other, ours, theirs = pairs
    if ours.kind in (NUMBER, TEXT) and theirs.kind in (NUMBER, TEXT):
        kind = "literal"
        meant = _is_chosen(row, ours) or _is_prose(ours.value) or _is_prose(theirs.value)
    elif ours.kind == theirs.kind == NAME:
        kind, meant = (
            "name",
            not {ours.value, theirs.value} <= _bound(odd.rows),
        )  # then it is what is around that differs
    else:
        return None
    return None if meant else Oddity(kind, odd, model, row.at, other.at, ours.value, theirs.value, equal)


def _only_pair(odd: Reading, model: Reading) -> tuple[Row, Row, Token, Token] | None:
    """The two rows and tokens in which copies differ, if it is one; a definition's own header does not count."""
    if len(odd.rows) != len(model.rows):
        return None
    rows = [(a, b) for a, b in zip(odd.rows, model.rows, strict=True) if (a.depth, a.tokens) != (b.depth, b.tokens)]
    if len(rows) != 1 or isinstance(rows[0][0].node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    a, b = rows[0]
    tokens = [(x, y) for x, y in zip(a.tokens, b.tokens, strict=False) if x != y]
    if a.depth != b.depth or len(a.tokens) != len(b.tokens) or len(tokens) != 1:
        return None
    return a, b, *tokens[0]


def _is_chosen(row: Row, token: Token) -> bool:
    """Whether a literal is what experiments vary, or an option of a call, or is only told to somebody.

    What is given to functions that prepare data, and to methods of texts, decides what the model sees.
    """
    if isinstance(row.node, ast.Assign | ast.AnnAssign) and isinstance(row.node.value, ast.Constant):
        return True  # a literal with a name is a setting
    if _CHOSEN.search(token.owner) or (token.is_given and not _PREPARING_CALL.search(token.owner)):
        return True
    return any(_TELLS.search(t.value) for t in row.tokens if t.kind in (NAME, ATTRIBUTE))


def _is_prose(value: str) -> bool:
    """Whether a text is for people, or names a file or an address."""
    text = value.strip("bru'\"")
    return bool(re.search(r"\w\s+\w|[/\\%{}]|\.\w", text)) and value[:1] not in "0123456789"


# -- one of two --------------------------------------------------------------------------------------------------------


def _odd_pair(group: list[Reading]) -> Iterator[Oddity]:
    """Two functions of one name in two files that prepare data and differ in one literal."""
    if len(group) != 2 or group[0].fragment.path == group[1].fragment.path or not group[0].fragment.symbol:
        return
    model, odd = group
    if not _PREPARES.search(odd.fragment.symbol.lower()) or odd.fragment.unit not in _DEFINITIONS:
        return
    found = _changed(odd, model, 1)
    if found is not None and found.kind == "literal":
        yield found


# -- names -------------------------------------------------------------------------------------------------------------


_FREE = (NAME, NUMBER, TEXT)  # may differ where a block is copied for other variables


class _Use(NamedTuple):
    """A name in a copied block, with the rows it and its model stand in."""

    name: str
    row: Row
    other: Row


def _unfinished(readings: list[Reading]) -> Iterator[Oddity]:
    """Blocks of one function of which one was copied for other variables, and keeps one of the old ones once."""
    for model, copy in combinations(readings, 2):
        uses = _uses(copy, model)
        known = _bound(model.rows), _bound(copy.rows)
        for old, found in uses.items():
            kept = [use for use in found if use.name == old]
            renamed = Counter(use.name for use in found if use.name != old)
            if len(kept) != 1 or len(renamed) != 1 or old not in known[0] or old in known[1]:
                continue
            new, times = renamed.most_common(1)[0]
            learnt = _TRAINED.search(old) and not _TRAINED.search(new)  # what is told of one part is used on all
            if times > 1 and new in known[1] and not learnt:
                yield Oddity("rename", copy, model, kept[0].row.at, kept[0].other.at, old, new, 1)


def _uses(copy: Reading, model: Reading) -> dict[str, list[_Use]]:
    """What stands in a copy for each name of its model; nothing if they differ in more than names."""
    renamed: dict[str, list[_Use]] = defaultdict(list)
    if [len(row.tokens) for row in model.rows] != [len(row.tokens) for row in copy.rows]:
        return {}
    for row, other in zip(copy.rows, model.rows, strict=True):
        for ours, theirs in zip(row.tokens, other.tokens, strict=True):
            if ours.kind != theirs.kind or (ours.kind not in _FREE and ours.value != theirs.value):
                return {}
            if ours.kind == NAME:
                renamed[theirs.value].append(_Use(ours.value, row, other))
    return renamed


def _bound(rows: Iterable[Row]) -> set[str]:
    """The names that statements bind: variables and parameters."""
    nodes = [node for row in rows for node in own_nodes(row.node)]
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {n.arg for n in nodes if isinstance(n, ast.arg)}
