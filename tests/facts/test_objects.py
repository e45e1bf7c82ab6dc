"""What an expression is: the last statement of each case is asked about."""

from __future__ import annotations

import ast
import itertools
import textwrap

import pytest

from mldebt.facts.objects import Objects
from mldebt.facts.syntax import Module
from mldebt.model import Code

_HEAD = "import numpy as np\nimport pandas as pd\nimport torch\nfrom torch import nn\n"
CASES: dict[str, tuple[str, str]] = {
    "a reader's result": ("pd.read_csv('a.csv')", "frame"),
    "a reader in chunks": ("pd.read_csv('a.csv', chunksize=10)", "other"),
    "all sheets of a workbook": ("pd.read_excel('a.xlsx', sheet_name=None)", "other"),
    "a chain": ("pd.read_csv('a.csv').dropna().reset_index(drop=True)", "frame"),
    "a column": ("rows = pd.read_csv('a.csv')\nrows['a']", "series"),
    "a column as an attribute": ("rows = pd.read_csv('a.csv')\nrows.price", "series"),
    "columns": ("rows = pd.read_csv('a.csv')\nrows[['a', 'b']]", "frame"),
    "rows by a mask": ("rows = pd.read_csv('a.csv')\nmask = rows['a'] > 3\nrows[mask]", "frame"),
    "a cell block": ("rows = pd.read_csv('a.csv')\nrows.loc[1:3, ['a']]", "frame"),
    "a column located": ("rows = pd.read_csv('a.csv')\nrows.loc[:, 'a']", "series"),
    "a group's figures": ("rows = pd.read_csv('a.csv')\nrows.groupby('a')['b'].mean()", "table"),
    "arithmetic of columns": ("rows = pd.read_csv('a.csv')\n(rows['a'] - 3) / rows['b']", "series"),
    "an array of it": ("rows = pd.read_csv('a.csv')\nrows.values.reshape(-1, 1)", "array"),
    "a logarithm of a column": ("rows = pd.read_csv('a.csv')\nnp.log(rows['a'])", "series"),
    "the last of several": ("rows = {}\nrows = pd.DataFrame(rows)\nrows", "frame"),
    "either of two branches": ("if 1:\n    rows = {}\nelse:\n    rows = pd.DataFrame()\nrows", "frame other"),
    "the branch it is in": ("if 1:\n    rows = {}\nelse:\n    rows = pd.DataFrame()\n    rows", "frame"),
    "what a loop binds below": (
        "rows = {}\nfor i in range(3):\n    rows\n    rows = pd.DataFrame()\n    rows",
        "frame",
    ),
    "what each round begins with": (
        "for i in range(3):\n    rows = {}\n    for j in range(3):\n        rows\n    rows = pd.DataFrame()\n    a\n"
        "for i in range(3):\n    x = {}\n    for j in range(3):\n        x.y\n        y = x\n    x = pd.DataFrame()\ny",
        "other",
    ),
    "itself changed": ("rows = pd.read_csv('a.csv')\nwhile 1:\n    rows = rows.dropna()\nrows", "frame"),
    "set unless it returns": ("rows = {}\nif x:\n    rows = pd.DataFrame()\nelse:\n    raise E\nrows", "frame"),
    "None before": ("rows = None\nif x:\n    rows = pd.DataFrame()\nrows", "frame"),
    "unpacked": ("a, (b, c) = 1, (2, pd.DataFrame())\nc", "frame"),
    "of a `with`": ("with pd.DataFrame() as rows:\n    rows", "frame"),
    "each row": ("for i, row in pd.read_csv('a.csv').iterrows():\n    row", "series"),
    "each group": ("for key, part in pd.read_csv('a.csv').groupby('a'):\n    part", "table"),
    "each of a list": ("frames = [pd.read_csv(n) for n in 'ab']\nfor i, f in enumerate(frames):\n    f", "frame"),
    "returned": ("def read():\n    return pd.read_csv('a.csv')\n\nread()", "frame"),
    "returned as a pair": ("def read():\n    return pd.read_csv('a.csv'), 3\n\na, b = read()\na", "frame"),
    "given": ("def show(rows):\n    rows\n\nshow(pd.DataFrame())\nshow", "other"),
    "of the argument's kind": ("def same(rows):\n    return rows\n\nsame(pd.DataFrame())", "frame"),
    "annotated": ("def show(rows: pd.DataFrame | None):\n    return rows\n\nshow(x)", "frame"),
    "annotated as a text": ("rows: 'Optional[pd.DataFrame]' = make()\nrows", "frame"),
    "by its use": ("rows = load()\nrows.iloc[0]\nrows", "table"),
    "a DataFrame by its use": ("rows = load()\nrows.columns\nrows.price", "series"),
    "a part of a date": ("pd.read_csv('a.csv')['day'].dt.year", "series"),
    "reduced along an axis": ("rows = load()\nrows.iloc[0]\nrows.mean(axis=1)", "series"),
    "a dictionary that is called df": ("df_by_name = load()\ndf_names = load()\ndf_names", "?"),
    "tables put together": ("a = pd.DataFrame()\npd.concat([a, a])", "frame"),
    "what only a DataFrame has": ("rows = pd.concat(parts)\nrows.merge(b)", "frame"),
    "a column of a table": ("rows = pd.concat(parts)\nrows.price", "series"),
    "by its name": ("train_df = load()\ntrain_df", "frame"),
    "called df and no frame": ("df = {}\ndf", "other"),
    "a network": ("class Net(nn.Module):\n    pass\n\nnet = Net().to('cuda')\nnet", "module"),
    "a layer": ("nn.Sequential(nn.Linear(1, 1)).cuda()", "module"),
    "a loss of functional": ("import torch.nn.functional as F\nF.cross_entropy(a, b).mean()", "tensor"),
    "a tensor moved": ("x = torch.zeros(3).to('cuda')\nx.unsqueeze(0) + 1", "tensor"),
    "an optimizer": ("torch.optim.SGD(w, lr=1)", "optimizer"),
    "an estimator fitted": ("from sklearn.svm import SVC\nSVC().fit(a, b)", "estimator"),
    "a Keras model": ("from tensorflow import keras\nkeras.Sequential()", "keras-model"),
    "a builtin": ("sorted(x)", "other"),
    "what nobody knows": ("x = load()\nx", "?"),
    "a circle": ("a = b\nb = a\na", "?"),
}


@pytest.mark.parametrize("case", CASES)
def test_an_expression_is_what_its_sources_say(case: str) -> None:
    text, expected = CASES[case]
    module = Module(Code(_HEAD + text + "\n"))
    last = [n for n in module.of(ast.Expr)][-1].value
    assert module.shared(Objects).kinds(last) == frozenset(expected.split())


def test_a_parameter_is_what_the_module_gives_it_and_self_keeps_what_it_was_given() -> None:
    text = """
        class Study:
            def __init__(self, rows):
                self.rows = rows
                self.net, self.n = nn.Linear(1, 1), 3

            def show(self, part):
                print(part, self.rows, self.net)

            def run(self):
                self.show(self.rows["a"])


        Study(pd.read_csv("a.csv"))
        """
    module = Module(Code(_HEAD + textwrap.dedent(text)))
    objects = module.shared(Objects)
    shown = next(c for c in module.of(ast.Call) if module.name(c.func) == "print")
    assert [objects.kinds(a) for a in shown.args] == [{"series"}, {"frame"}, {"module"}]
    assert objects.is_a(shown.args[0], "frame", "series")
    assert not objects.is_a(shown.args[0], "frame")


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Circles and limits are where a remembered answer could differ from a fresh one."""
    steps = "\n".join(f"x{i} = (x{i - 1}.dropna() if c else x{(i * 7) % 40}) + x{(i * 3) % 40}" for i in range(1, 40))
    names = ", ".join(f"x{i}" for i in range(40))
    text = f"{_HEAD}x0 = pd.DataFrame()\nwhile 1:\n{textwrap.indent(steps, '    ')}\n    print({names})\n"
    module = Module(Code(text))
    shown = next(c for c in module.of(ast.Call) if module.name(c.func) == "print").args
    fresh = [Objects(module).kinds(a) for a in shown]
    for order in itertools.islice(itertools.permutations(range(40)), 0, 200, 67):
        objects = Objects(module)
        answers = {i: objects.kinds(shown[i]) for i in order}
        assert [answers[i] for i in range(40)] == fresh
    backwards = Objects(module)
    assert [backwards.kinds(a) for a in reversed(shown)] == fresh[::-1]


def test_a_file_that_has_a_lookalike_of_pandas_gets_no_frames_by_use_or_name() -> None:
    module = Module(Code("import pandas as pd\nimport polars as pl\ndf = load()\ndf.iloc[0]\ndf\n"))
    assert module.shared(Objects).kinds(module.of(ast.Expr)[-1].value) == {"?"}
