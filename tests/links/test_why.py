"""`mldebt why`: the most telling way from an entry point with the line of each step, or what makes a thing dead."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from mldebt import app
from mldebt.errors import UsageError
from mldebt.explanation import Explanation, Step
from mldebt.model import Span
from mldebt.read.cache import Cache
from mldebt.report.why import print_explanations

MAIN = 'if __name__ == "__main__":\n    '


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def ask(root: Path, files: dict[str, str], path: str, name: str) -> list[Explanation]:
    for place, text in files.items():
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return app.why(app.Target(root, False, (path,)), name, Cache(None), 1)


def lines(told: Explanation) -> list[str]:
    """The verdict without its colon, and each line as "place says"."""
    return [told.verdict.rstrip(":"), *(f"{_place(step)}{step.says}" for step in (*told.steps, *told.remarks))]


def _place(step: Step) -> str:
    if step.at is None:
        return ""
    cell = f"{step.at.cell}:" if step.at.cell else ""
    return f"{step.at.path}:{cell}{step.at.line} "


LIB = "import math\n\n\ndef dice(a):\n    return a\n"
TRAIN = f"from lib import dice\n\n\ndef fit():\n    x = 1\n    return dice(x)\n\n\n{MAIN}fit()\n"
ALIVE = [
    (
        "every step has the line of the reference, not of the definition",
        {"train.py": TRAIN, "lib.py": LIB},
        ("lib.py", "dice"),
        [
            "function `dice` (lib.py:4) is alive",
            'train.py:9 module train.py has `if __name__ == "__main__"`',
            "train.py:10 the module calls function `fit`",
            "train.py:6 `fit` calls function `dice`",
        ],
    ),
    (
        "a script comes before a test, a notebook and a name that a string gives",
        {
            "lib.py": LIB,
            "a_test.py": "import pytest\nfrom lib import dice\n\nX = dice(1)\n\n\ndef test_it():\n    assert dice(1)\n",
            "b.ipynb": notebook("from lib import dice", "dice(2)"),
            "conf.yaml": "a: 1\n",
            "z.py": f"from lib import dice\n\n\ndef go():\n    dice(1)\n\n\n{MAIN}go()\n",
        },
        ("lib.py", "dice"),
        [
            "function `dice` (lib.py:4) is alive",
            'z.py:8 module z.py has `if __name__ == "__main__"`',
            "z.py:9 the module calls function `go`",
            "z.py:5 `go` calls function `dice`",
        ],
    ),
    (
        "a call of two steps comes before a read on an unknown receiver of one",
        {
            "net.py": "class Net:\n    def run(self):\n        return 1\n",
            "a.py": f"from net import Net\n\n\ndef go(x):\n    print(Net)\n    x.run()\n\n\n{MAIN}go(1)\n",
            "b.py": f"from net import Net\n\n\ndef go():\n    Net().run()\n\n\n"
            f"def more():\n    go()\n\n\n{MAIN}more()\n",
        },
        ("net.py", "Net.run"),
        [
            "method `Net.run` (net.py:2) is alive",
            'b.py:12 module b.py has `if __name__ == "__main__"`',
            "b.py:13 the module calls function `more`",
            "b.py:9 `more` calls function `go`",
            "b.py:5 `go` calls method `Net.run`",
        ],
    ),
    (
        "what is read on an unknown receiver is said to be doubtful",
        {
            "net.py": "class Net:\n    def run(self):\n        return 1\n\n\n"
            f"{MAIN}print(Net)\n    print(sorted([Net()])[0].run())\n"
        },
        ("net.py", "Net.run"),
        [
            "method `Net.run` (net.py:2) is alive",
            'net.py:6 module net.py has `if __name__ == "__main__"`',
            "net.py:8 the module reads `.run` of what may be any class: `Net.run` may be meant",
        ],
    ),
    (
        "a name taken under another one is found by that",
        {"lib.py": LIB, "train.py": f"from lib import dice as score\n\n{MAIN}print(score)\n"},
        ("lib.py", "dice"),
        [
            "function `dice` (lib.py:4) is alive",
            'train.py:3 module train.py has `if __name__ == "__main__"`',
            "train.py:4 the module uses function `dice`",
        ],
    ),
    (
        "a setting names it",
        {"lib.py": LIB, "conf/model.yaml": "seed: 1\nloss:\n  _target_: lib.dice\n", "main.py": f"{MAIN}print(1)\n"},
        ("lib.py", "dice"),
        ["function `dice` (lib.py:4) is alive", "conf/model.yaml:3 names function `dice`"],
    ),
    (
        "a command runs it",
        {
            "README.md": "# x\n\n```bash\npython tools/export.py\n```\n",
            "tools/export.py": "def go():\n    return 1\n\n\nX = go()\n",
        },
        ("tools/export.py", ""),
        ["module tools/export.py is alive", "README.md:4 runs module tools/export.py"],
    ),
    (
        "a module is imported",
        {"lib.py": LIB, "train.py": TRAIN},
        ("lib.py", ""),
        [
            "module lib.py is alive",
            'train.py:9 module train.py has `if __name__ == "__main__"`',
            "train.py:1 the module imports module lib.py",
        ],
    ),
    (
        "a framework calls it",
        {
            "net.py": "from torch import nn\n\n\nclass Net(nn.Module):\n"
            "    def forward(self, x):\n        return x\n\n\n"
            f"{MAIN}Net()\n"
        },
        ("net.py", "forward"),
        [
            "method `Net.forward` (net.py:5) is alive",
            'net.py:9 module net.py has `if __name__ == "__main__"`',
            "net.py:10 the module calls class `Net`",
            "net.py:5 `torch.nn.Module` may call `Net.forward`",
        ],
    ),
    (
        "a cell of a notebook has its number",
        {"study.ipynb": notebook("def dice():\n    return 1", "x = 2\ndice()")},
        ("study.ipynb", "dice"),
        [
            "function `dice` (study.ipynb:cell 1:1) is alive",
            "study.ipynb:1 module study.ipynb is a notebook",
            "study.ipynb:2:2 the notebook calls function `dice`",
        ],
    ),
    (
        "an import is read",
        {"lib.py": LIB + "\n\nprint(math.pi)\nprint(dice(math.e))\n"},
        ("lib.py", "math"),
        ["import `math` (lib.py:1) is alive", "lib.py:8 the module reads it", "lib.py:9 the module reads it"],
    ),
    (
        "an import is taken by another module",
        {"lib.py": "from math import pi\n\nprint(1)\n", "go.py": "from lib import pi\n\nprint(pi)\n"},
        ("lib.py", "pi"),
        ["import `pi` (lib.py:1) is alive", "go.py:1 module go.py takes it from here"],
    ),
    (
        "an import is a probe",
        {"lib.py": "try:\n    import wandb\nexcept ImportError:\n    pass\n\nprint(1)\n"},
        ("lib.py", "wandb"),
        ["import `wandb` (lib.py:2) is alive", "lib.py:2 it stands in `try`: importing it is a test for itself"],
    ),
    (
        "a variable is read by a function",
        {"lib.py": "RATE = 1\n\n\ndef f():\n    return RATE\n\n\nprint(f())\n"},
        ("lib.py", "RATE"),
        ["variable `RATE` (lib.py:1) is alive", "lib.py:5 `f` reads it"],
    ),
    (
        "an attribute is read on its class",
        {
            "net.py": "class Net:\n    def __init__(self):\n        self.size = 1\n\n"
            "    def go(self):\n        return self.size\n\n\nprint(Net().go())\n"
        },
        ("net.py", "Net.size"),
        ["attribute `Net.size` (net.py:3) is alive", "net.py:6 `Net.go` reads `.size`"],
    ),
    (
        "an attribute may be read on what nobody knows",
        {"net.py": "class Net:\n    def __init__(self):\n        self.size = 1\n\n\nprint([Net()][0].size)\n"},
        ("net.py", "size"),
        ["attribute `Net.size` (net.py:3) is alive", "net.py:6 the module reads `.size` of what may be any class"],
    ),
]


@pytest.mark.parametrize(("files", "asked", "told"), [case[1:] for case in ALIVE], ids=[case[0] for case in ALIVE])
def test_what_is_alive_has_its_way(
    tmp_path: Path, files: dict[str, str], asked: tuple[str, str], told: list[str]
) -> None:
    [found] = ask(tmp_path, files, *asked)
    assert lines(found) == told


RUN = f"\n\n{MAIN}print(1)\n"
DEAD = [
    (
        "nothing refers to it",
        {"a.py": f"def old():\n    return 1\n{RUN}"},
        ("a.py", "old"),
        ["function `old` (a.py:1) is dead: nothing refers to it"],
    ),
    (
        "its only caller is dead, and so on up to what nothing calls",
        {
            "a.py": "def one():\n    return 1\n\n\ndef two():\n    return one()\n\n\n"
            f"def three():\n    return two()\n{RUN}"
        },
        ("a.py", "one"),
        [
            "function `one` (a.py:1) is dead: its only caller `two` is dead too",
            "a.py:6 `two` calls `one`, and is dead too",
            "a.py:10 `three` calls `two`, and is dead too",
            "a.py:9 nothing refers to `three`",
            "a.py:9 it goes with function `three` (a.py:9), which is reported",
        ],
    ),
    (
        "only it calls itself",
        {"a.py": f"def old(n):\n    return old(n - 1)\n{RUN}"},
        ("a.py", "old"),
        ["function `old` (a.py:1) is dead: only it refers to itself"],
    ),
    (
        "two dead callers",
        {"a.py": f"def f():\n    return 1\n\n\ndef g():\n    return f()\n\n\ndef h():\n    return f()\n{RUN}"},
        ("a.py", "f"),
        [
            "function `f` (a.py:1) is dead: all 2 that refer to it are dead too",
            "a.py:6 `g` calls `f`, and is dead too",
            "a.py:10 `h` calls `f`, and is dead too",
            "a.py:5 nothing refers to `g`",
            "a.py:5 it goes with function `g` (a.py:5), which is reported",
        ],
    ),
    (
        "two that call each other",
        {"a.py": f"def f():\n    return g()\n\n\ndef g():\n    return f()\n{RUN}"},
        ("a.py", "g"),
        [
            "function `g` (a.py:5) is dead: its only caller `f` is dead too",
            "a.py:2 `f` calls `g`, and is dead too",
            "a.py:1 nothing else refers to `f`",
            "a.py:1 it goes with function `f` (a.py:1), which is reported",
        ],
    ),
    (
        "comments, strings, texts and namesakes are no uses, in this order",
        {
            "a.py": f"def old(n):\n    return n\n{RUN}    # old is good\n    # y = old(2)\n    print('see old')\n",
            "b.py": f"def old():\n    return 1\n\n\n{MAIN}old()\n",
            "README.md": "# old\n",
        },
        ("a.py", "old"),
        [
            "function `old` (a.py:1) is dead: nothing refers to it",
            "a.py:8 a commented-out call names it, which is no use",
            "a.py:7 a comment names it, which is no use",
            "a.py:9 a string names it, and nothing looks names up by it",
            "README.md:1 a text names it, which is no use",
            "b.py:1 another `old` is defined here",
            "1 more mentions are no use of it either",
        ],
    ),
    (
        "an import of it that nothing reads",
        {"lib.py": "def f():\n    return 1\n", "a.py": f"from lib import f\n{RUN}"},
        ("lib.py", "f"),
        [
            "function `f` (lib.py:1) is dead: nothing refers to it",
            "a.py:1 it is imported here, and nothing reads the import",
        ],
    ),
    (
        "its class is dead",
        {"a.py": f"class Old:\n    def run(self):\n        return 1\n\n\n{MAIN}print([].run)\n"},
        ("a.py", "Old.run"),
        [
            "method `Old.run` (a.py:2) is dead: its class `Old` is dead too",
            "a.py:1 it goes with class `Old` (a.py:1), which is reported",
            "a.py:7 `run` is something else here",
        ],
    ),
    (
        "a module that nothing imports",
        {"a.py": RUN.lstrip(), "plots.py": "def curve():\n    return 1\n", "README.md": "See plots for more.\n"},
        ("plots.py", ""),
        [
            "module plots.py is dead: nothing imports it and nothing runs it",
            "README.md:1 a text names it, which is no use",
        ],
    ),
    (
        "an import",
        {"a.py": f"import json\n{RUN}    # json.dumps(1)\n"},
        ("a.py", "json"),
        [
            "import `json` (a.py:1) is dead: it is imported, and nothing reads it",
            "a.py:6 a comment names it, which is no use",
        ],
    ),
    (
        "a variable of a function",
        {"a.py": f"def f():\n    spare = 1\n    return 2\n\n\n{MAIN}f()\n"},
        ("a.py", "f.spare"),
        ["variable `f.spare` (a.py:2) is dead: it is assigned, and nothing reads it"],
    ),
    (
        "an attribute",
        {"a.py": f"class A:\n    def __init__(self):\n        self.spare = 1\n\n\n{MAIN}A()\n"},
        ("a.py", "A.spare"),
        ["attribute `A.spare` (a.py:3) is dead: it is stored, and nothing reads it"],
    ),
    (
        "an import inside a dead function",
        {"a.py": f"def old():\n    import json\n{RUN}"},
        ("a.py", "json"),
        ["import `json` (a.py:2) is dead: what it stands in is", "a.py:1 function `old` (a.py:1) is dead: ask why"],
    ),
    (
        "in a notebook",
        {"n.ipynb": notebook("print(1)", "def old():\n    return 1\n# old()")},
        ("n.ipynb", "old"),
        [
            "function `old` (n.ipynb:cell 2:1) is dead: nothing refers to it",
            "n.ipynb:2:3 a commented-out call names it, which is no use",
        ],
    ),
    (
        "an excuse stands at it",
        {"a.py": f"def old():  # mldebt: ignore[dead-definition] kept for the paper\n    return 1\n{RUN}"},
        ("a.py", "old"),
        [
            "function `old` (a.py:1) is dead: nothing refers to it",
            "a.py:1 an excuse keeps it from being reported",
        ],
    ),
    (
        "vulture was told to leave the file alone",
        {"a.py": f"def old():\n    return 1\n{RUN}", "pyproject.toml": "[tool.vulture]\nexclude = ['a.py']\n"},
        ("a.py", "old"),
        [
            "function `old` (a.py:1) is dead: nothing refers to it",
            "what vulture was told keeps it from being reported",
        ],
    ),
]


@pytest.mark.parametrize(("files", "asked", "told"), [case[1:] for case in DEAD], ids=[case[0] for case in DEAD])
def test_what_is_dead_has_its_reason(
    tmp_path: Path, files: dict[str, str], asked: tuple[str, str], told: list[str]
) -> None:
    [found] = ask(tmp_path, files, *asked)
    assert sorted(lines(found)) == sorted(told)
    assert lines(found)[0] == told[0]


def test_a_whitelist_keeps_it(tmp_path: Path) -> None:
    files = {"a.py": f"def old():\n    return 1\n{RUN}", "whitelist.py": "old\n"}
    [found] = ask(tmp_path, files, "a.py", "old")
    assert lines(found)[1] == "a.py:1 function `old` is named in whitelist.py"


def test_everything_of_a_name_is_explained(tmp_path: Path) -> None:
    text = f"class A:\n    def run(self): ...\n\n\nclass B:\n    def run(self): ...\n\n\n{MAIN}A().run()\n"
    found = ask(tmp_path, {"a.py": text}, "a.py", "run")
    assert [told.verdict.split(" (")[0] for told in found] == ["method `A.run`", "method `B.run`"]
    assert [" is dead" in told.verdict for told in found] == [False, True]
    assert len(ask(tmp_path, {"a.py": text}, "a.py", "A.run")) == 1


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [("b.py", "f", "no Python file b.py was read"), ("a.py", "opld", "a.py defines no `opld`: did you mean old")],
)
def test_what_is_not_there_is_named_with_the_nearest(tmp_path: Path, path: str, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask(tmp_path, {"a.py": "def old():\n    return 1\n"}, path, name)


def test_it_is_printed_in_columns_with_what_stands_there(tmp_path: Path) -> None:
    found = ask(tmp_path, {"train.py": TRAIN, "lib.py": LIB}, "lib.py", "dice")
    stream = io.StringIO()
    print_explanations(found, tmp_path, stream)
    assert stream.getvalue().splitlines() == [
        "function `dice` (lib.py:4) is alive:",
        '  train.py:9   module train.py has `if __name__ == "__main__"`  │ if __name__ == "__main__":',
        "  train.py:10  the module calls function `fit`                  │ fit()",
        "  train.py:6   `fit` calls function `dice`                      │ return dice(x)",
    ]


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("old()  # \x1b[31m" + "x" * 100 + "\n", encoding="utf-8")
    told = Explanation("`a\x1bb` is dead: x", (Step("\x1b[2Jsays", Span("a.py", 1, 1, 1, None)), Step("no place")))
    stream = io.StringIO()
    print_explanations([told, told], tmp_path, stream)
    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().count("…") == 2
