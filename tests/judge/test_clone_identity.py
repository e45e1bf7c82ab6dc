"""A clone class between two commits: a further copy is new, an edit of old copies is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mldebt.cli import main

STEP = """import torch

from data import batches, model

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = 0.0
for images, labels in batches:
    optimizer.zero_grad()
    outputs = model(images)
    loss = model.loss(outputs, labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * images.size(0)
print(total)
"""


@pytest.fixture
def project(made: Callable[..., Path]) -> Path:
    """A repository with one clone class of two scripts, committed."""
    return made({"b.py": STEP, "c.py": STEP})


CHANGES = {
    "nothing": ({}, {"kept"}),
    "a further copy": ({"d.py": STEP}, {"new"}),
    "a further copy that comes first": ({"a.py": STEP}, {"new"}),
    "an edited number in all copies": ({name: STEP.replace("0.1", "0.01") for name in ("b.py", "c.py")}, {"kept"}),
    "an edited number in one copy": ({"b.py": STEP.replace("0.1", "0.01")}, {"kept"}),
    "a statement more in one copy": ({"b.py": STEP.replace("print(total)", "print(total)\nprint(loss)")}, {"kept"}),
    "no copy left": ({"c.py": "print()\n"}, {"fixed"}),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_a_change_makes_of_a_clone_class(
    change: dict[str, str], expected: set[str], project: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name, text in change.items():
        (project / name).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["diff", "--base", "HEAD", "--select", "clones", "--format", "json"])
    found = json.loads(capsysbinary.readouterr().out)["findings"]
    assert {f["standing"] for f in found} == expected
