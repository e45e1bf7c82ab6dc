"""Which entry points train, and what is reached on their way."""

from __future__ import annotations

import pytest

from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.links.repository import Repository
from mldebt.model import Code, FileFacts

TRAINS = """
import torch
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.step()
"""


def _repository(sources: dict[str, str]) -> Repository:
    return Repository(
        {path: FileFacts("python", modules=(module_facts(Module(Code(text))),)) for path, text in sources.items()}
    )


def test_only_what_is_called_on_the_way_counts() -> None:
    seeds = "import torch\n\n\ndef fix():\n    torch.manual_seed(1)\n\n\ndef other():\n    return 1\n"
    sources = {
        "seeds.py": seeds,
        "a.py": f"from seeds import fix\nfix()\n{TRAINS}",
        "b.py": f"from seeds import other\nother()\n{TRAINS}",
        "c.py": "import torch\nprint(torch.rand(3))\n",
    }
    runs = _repository(sources).runs
    assert [(run.entry.path, bool(run.seeds)) for run in runs] == [("a.py", True), ("b.py", False)]


@pytest.mark.parametrize(("modules", "followed"), [(100, True), (151, False)])
def test_a_large_package_that_seeds_somewhere_is_not_followed(modules: int, followed: bool) -> None:
    sources = {f"pkg/m{i}.py": "VALUE = 1\n" for i in range(modules)}
    sources["pkg/seeds.py"] = "import torch\n\n\ndef fix():\n    torch.manual_seed(1)\n"
    imports = "".join(f"from pkg import {path[4:-3]}\n" for path in sources)
    sources["train.py"] = imports + TRAINS
    assert bool(_repository(sources).runs) is followed
