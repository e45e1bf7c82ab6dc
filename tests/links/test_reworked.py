"""Copies that were reworked: most statements stand, and others keep but the names they give values to."""

from __future__ import annotations

import pytest

from mldebt.facts.gists import NONE, gist
from mldebt.facts.sorts import sort_of
from mldebt.facts.syntax import Module
from mldebt.links.clones import CloneClass, clone_classes
from mldebt.model import Code
from tests.links.test_clones import code_facts

SCORE = """
def score(net, device, batches):
    net.eval()
    total = 0
    correct = 0
    with torch.no_grad():
        for images, labels in batches:
            images, labels = images.to(device), labels.to(device)
            output = net(images)
            total += F.nll_loss(output, labels, reduction="sum").item()
            guess = output.argmax(dim=1, keepdim=True)
            correct += guess.eq(labels.view_as(guess)).sum().item()
    total /= len(batches.dataset)
    return total, correct
"""
REWORKED = """
def rate(net, device, batches):
    net.eval()
    total = 0
    correct = 0
    with torch.no_grad():
        for images, labels in batches:
            output = net(images.to(device))
            total += F.nll_loss(output, labels.to(device), reduction="sum").item()
            guess = output.max(1)[1]
            correct += guess.eq(labels.to(device)).sum().item()
    total /= len(batches.dataset)
    return total, correct
"""


def classes(files: dict[str, str]) -> list[CloneClass]:
    return clone_classes({path: code_facts(Code(text)) for path, text in files.items()})


def test_a_function_whose_statements_were_edited_one_by_one_is_a_copy() -> None:
    (found,) = classes({"a.py": SCORE, "b.py": REWORKED})
    assert [f.symbol for f in found.fragments] == ["score", "rate"]


def test_a_function_that_gives_other_names_to_other_things_is_none() -> None:
    other = REWORKED
    for name, new in {"output": "faces", "guess": "boxes", "total +=": "width +=", "correct +=": "height +="}.items():
        other = other.replace(name, new)
    assert all(c.unit != "function" for c in classes({"a.py": SCORE, "b.py": other}))


def test_equals_of_a_reworked_copy_are_members_too() -> None:
    again = REWORKED.replace("def rate", "def rank").replace("net", "model")
    (found,) = classes({"a.py": SCORE, "b.py": REWORKED, "c.py": again})
    assert [f.symbol for f in found.fragments] == ["score", "rate", "rank"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("loss = f(output)", "loss = f(output.to(device), reduction='sum')"),
        ("self.rows = load(path)", "self.rows = [row for row in path]"),
        ("low, high = bounds(rows)", "low, high = rows.min(), rows.max() + 1"),
        ("meter.update(loss, count)", "meter.update(loss.item())"),
    ],
)
def test_an_edit_leaves_the_gist(one: str, other: str) -> None:
    assert _gist(one) == _gist(other) != NONE


@pytest.mark.parametrize("text", ["x = f(x)", "rows[0] = load(path)", "return loss", "rate = 0.1", "print(loss)"])
def test_what_says_too_little_has_no_gist(text: str) -> None:
    assert _gist(text) == NONE


def _gist(text: str) -> int:
    (node,) = Module(Code(text)).tree.body
    return gist(node, sort_of(node))


def windows(firsts: list[int]) -> list[CloneClass]:
    """The classes of scripts that are each twenty of the steps of one long procedure."""
    steps = [f"found_{n} = tool.step_{n}(rows, limit) + offset" for n in range(60)]
    return classes({f"fit{first:02}.py": "import tool\n" + "\n".join(steps[first : first + 20]) for first in firsts})


def test_a_family_that_copying_joins_to_a_larger_one_is_a_part_of_it() -> None:
    (family,) = windows([11, 12, *range(20, 40, 2)])
    assert len(family.fragments) == 12


def test_families_with_little_in_common_are_two() -> None:
    found = [len(c.fragments) for c in windows([1, 2, *range(20, 40, 2)]) if c.unit == "file"]
    assert sorted(found) == [2, 10]
