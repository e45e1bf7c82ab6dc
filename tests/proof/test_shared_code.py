"""Shared code does what the copies do: generated programs are run before and after."""

from __future__ import annotations

import ast
import random

import pytest

from mldebt.facts.syntax import Module
from mldebt.model import Code, Suggestion
from mldebt.proof.abstraction import abstract
from mldebt.proof.border import uses_of
from mldebt.proof.piece import Cut, cut


def suggestion(*texts: str) -> Suggestion:
    """The suggestion for the lines between `# [` and `# ]` of several files."""
    pieces = []
    for number, text in enumerate(texts):
        module = Module(Code(text))
        lines = text.split("\n")
        wanted = Cut(((lines.index("# [") + 2, lines.index("# ]")),), "block")
        pieces.append(cut(module, uses_of(module), f"m{number}.py", wanted))
    return abstract(pieces)


def _program(random: random.Random, lines: int) -> list[str]:
    """A run of statements over a, b, c (given) and what it binds itself; `#n` stands for what members may change."""
    known = ["a", "b", "c"]
    found: list[str] = []
    for number in range(lines):
        left, right, new = random.choice(known), random.choice(known), f"v{number}"
        match random.randrange(6):
            case 0:
                found.append(f"{new} = {left} * #n + {right}")
            case 1:
                found.append(f"{new} = [{left}, {right}, #n][{number} % 3]")
            case 2:
                found += [f"{new} = 0", f"for i in range({number % 4 + 1}):", f"    {new} += {left} - i * #n"]
            case 3:
                found += [f"if {left} > {right}:", f"    {new} = {left}", "else:", f"    {new} = {right} + #n"]
            case 4:
                found += [f"{new} = max({left}, {right})", f'print(f"w {{{new}}} #n")']
            case _:
                found += [f"{new} = sum(x * {left} for x in (1, 2, {right}))", f"{left} += 1"]
        known.append(new)
    return found


def _members(seed: int) -> list[list[str]]:
    """A program in three members, with other numbers in two places, other names, and perhaps a statement more."""
    chance = random.Random(seed)
    program = _program(chance, chance.randrange(4, 9))
    holes = [n for n, line in enumerate(program) if "#n" in line]
    varied = set(chance.sample(holes, min(2, len(holes))))
    at, values = chance.randrange(len(program)), [chance.choice(["2", "5", "len('abc')", "b", "a"]) for _ in range(3)]
    found = []
    for member in range(3):
        own = [line.replace("#n", values[member] if n in varied else "7") for n, line in enumerate(program)]
        if seed % 3 == member and not own[at].startswith((" ", "else")):
            own.insert(at, "print('more', a)")
        found.append([line.replace("v1", f"w{member}") for line in own])
    return found


def _texts(seed: int) -> list[str]:
    """The members of a seed as scripts that print all they have bound in the end."""
    members = _members(seed)
    names = sorted({line.split()[0] for line in members[0] if line.startswith(("v", "w"))})
    after = f"print({', '.join(['a', 'b', 'c', *names])})".replace("w0", "v1")
    return [
        "\n".join(["a, b, c = 1, 2, 3", "# [", *own, "# ]", after.replace("v1", f"w{n}"), ""])
        for n, own in enumerate(members)
    ]


def _run(code: str) -> list[str]:
    """What a program prints."""
    printed: list[str] = []
    exec(code, {"print": lambda *words: printed.append(" ".join(map(str, words)))})
    return printed


@pytest.mark.parametrize("seed", range(120))
def test_shared_code_does_what_each_copy_does(seed: int) -> None:
    texts = _texts(seed)
    found = suggestion(*texts)
    if found.why_not:
        assert found.skeleton == ""
        return
    ast.parse(found.skeleton)
    assert len(found.members) == len(found.calls) == found.fits >= 2
    for member, call in zip(found.members, found.calls, strict=True):
        before, after = texts[member].split("# [")[0], texts[member].split("# ]")[1]
        assert _run(f"{found.skeleton}\n{before}{call}{after}") == _run(texts[member]), (call, found.skeleton)


def test_most_programs_of_the_test_above_can_be_shared() -> None:
    assert sum(not suggestion(*_texts(seed)).why_not for seed in range(120)) > 60
