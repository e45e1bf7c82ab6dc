"""A finding on dead code names its evidence, and is as sure as that allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from mldebt import app
from mldebt.judge.run import Watch
from mldebt.model import Finding
from mldebt.read.cache import Cache
from mldebt.settings import Settings

RUN = '\n\nif __name__ == "__main__":\n    print(1)\n'


def findings(root: Path, files: dict[str, str]) -> list[Finding]:
    for path, text in files.items():
        (root / path).write_text(text, encoding="utf-8")
    settings = Settings(jobs=1, select=("dead-code",))
    return list(app.scan(app.Target(root, False, ("",)), settings, Cache(None), Watch()).findings)


@pytest.mark.parametrize(
    ("text", "says", "confidence"),
    [
        (f"def f():\n    return 1\n{RUN}", "function `f` has no caller", 0.95),
        (f"class A:\n    x = 1\n{RUN}", "class `A` is used nowhere", 0.95),
        (f"def f():\n    return f()\n{RUN}", "function `f` is used by nothing but itself", 0.93),
        (f"class A:\n    def m(self):\n        return A()\n{RUN}", "class `A` is used by nothing but itself", 0.93),
        (
            f"def f():\n    return g()\n\n\ndef g():\n    return f()\n{RUN}",
            "function `f` is used by `g` only, which is dead too, nor have 1 more without it",
            0.93,
        ),
        (
            f"def f():\n    return g() + h()\n\n\ndef g():\n    return f()\n\n\ndef h():\n    return f()\n{RUN}",
            "function `f` is used by 2 others only, which are dead too, nor have 2 more without it",
            0.93,
        ),
        (
            f"def f():\n    return g()\n\n\ndef g():\n    return 1\n{RUN}",
            "function `f` has no caller, nor have 1 more without it",
            0.95,
        ),
        (
            f"class A:\n    x = g\n\n\ndef g():\n    return 1\n{RUN}",
            "class `A` is used nowhere, nor are 1 more without it",
            0.95,
        ),
        (f"import os\n{RUN}", "`os` is imported and never used", 0.97),
        (f"def f():\n    import os\n\n\nf()\n{RUN}", "`os` is imported and never used", 0.99),
        (f"import os\nimport os\n\nprint(os)\n{RUN}", "`os` is imported again", 0.99),
        (f"x = 1\n{RUN}", "variable `x` is assigned and never read", 0.97),
        (f"def f():\n    x = 1\n\n\nf()\n{RUN}", "variable `x` is assigned and never read", 0.99),
        (
            f"class A:\n    def __init__(self):\n        self.x = 1\n\n\nA()\n{RUN}",
            "attribute `x` of `A` is stored and never read",
            0.85,
        ),
        (f"def f():\n    return 1\n    print(2)\n\n\nf()\n{RUN}", "cannot be reached", 1.0),
    ],
)
def test_the_evidence_is_said_and_weighed(tmp_path: Path, text: str, says: str, confidence: float) -> None:
    [found] = findings(tmp_path, {"a.py": text})
    assert (found.says if "reached" not in says else says, found.confidence) == (says, confidence)


def test_a_module_is_less_sure_than_a_definition(tmp_path: Path) -> None:
    [found] = findings(tmp_path, {"a.py": RUN.lstrip(), "b.py": "def f():\n    return 1\n"})
    assert (found.says, found.confidence) == ("module `b` is never imported and nothing runs it", 0.9)


def test_what_a_published_library_does_not_offer_is_advice(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "kit"\nclassifiers = ["Programming Language :: Python :: 3"]\n',
        "kit/__init__.py": "from kit.core import go\n",
        "kit/core.py": "def go():\n    return 1\n\n\ndef spare():\n    return 2\n\n\ndef _hidden():\n    return 3\n",
    }
    (tmp_path / "kit").mkdir()
    found = {f.symbol: (f.says, f.confidence) for f in findings(tmp_path, files)}
    assert found == {
        "spare": ("function `spare` has no caller, though code outside may import it", 0.6),
        "_hidden": ("function `_hidden` has no caller", 0.95),
    }


def test_a_fingerprint_does_not_hang_on_the_evidence(tmp_path: Path) -> None:
    lone, ring = tmp_path / "lone", tmp_path / "ring"
    lone.mkdir()
    ring.mkdir()
    [one] = findings(lone, {"a.py": f"def f():\n    return 1\n{RUN}"})
    [other] = findings(ring, {"a.py": f"def f():\n    return f()\n{RUN}"})
    assert one.says != other.says
    assert one.fingerprint == other.fingerprint
