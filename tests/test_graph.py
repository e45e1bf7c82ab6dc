"""`mldebt graph` draws who reads and writes what, and nothing that is scanned gets out of its quotes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from mldebt.cli import app

LOOP = {
    "predict.py": (
        "import joblib\nimport pandas as pd\n\nrows = pd.read_csv('new.csv')\n"
        "rows['y'] = joblib.load('m.joblib').predict(rows)\nrows.to_csv('scored.csv')\n"
    ),
    "train.py": (
        "import joblib\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n\n"
        "rows = pd.read_csv('scored.csv')\njoblib.dump(Ridge().fit(rows[['x']], rows['y']), 'm.joblib')\n"
    ),
}


def graph(root: Path, files: dict[str, str], *options: str) -> str:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["graph", str(root), "--no-cache", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_loop_is_drawn_thick_and_the_rest_thin(tmp_path: Path) -> None:
    assert graph(tmp_path, LOOP).splitlines() == [
        "flowchart LR",
        '  subgraph g0["."]',
        '    c0["predict.py<br/>inference"]:::inference',
        '    c1["train.py<br/>training"]:::training',
        "  end",
        '  a0[("new.csv")]',
        '  a1[("scored.csv")]',
        '  a2{{"m.joblib"}}',
        "  a0 --> c0",
        "  a2 --> c0",
        "  c0 ==> a1",
        "  a1 ==> c1",
        "  c1 --> a2",
        "  classDef inference fill:#dae8fc,color:#000",
        "  classDef training fill:#d5e8d4,color:#000",
        "  linkStyle 2,3 stroke:#b85450,stroke-width:3px",
    ]


def test_json_has_every_place(tmp_path: Path) -> None:
    found = json.loads(graph(tmp_path, LOOP, "--format", "json"))
    assert [c["role"] for c in found["components"]] == ["inference", "training"]
    [write] = [edge for edge in found["edges"] if edge["verb"] == "writes" and edge["artifact"]["kind"] == "file"]
    assert write["at"] == [{"path": "predict.py", "line": 6, "cell": None}]
    assert write["loops"]


NASTY = 'a"];b-->c;%%<script>`#quot;&\\\\|{}~.csv'


def test_names_stay_inside_their_labels(tmp_path: Path) -> None:
    files = {"train.py": f"import pandas as pd\n\nprint(pd.read_csv({NASTY!r}))\n"}
    drawn = graph(tmp_path, files)
    labels = re.findall(r'"([^"]*)"', drawn)
    assert all(re.fullmatch(r"(?:[\w ./()*,:=+@\-]|#\d+;|<br/>)*", label) for label in labels)
    assert drawn.count('"') == 2 * len(labels)
    dot = graph(tmp_path, files, "--format", "dot")
    [label] = [line for line in dot.splitlines() if "csv" in line]
    assert re.fullmatch(r'  a0 \[shape=cylinder,label="(?:[^"\\]|\\.)*"\];', label)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not here")
def test_graphviz_reads_what_is_written(tmp_path: Path) -> None:
    dot = graph(tmp_path, LOOP, "--format", "dot")
    subprocess.run(["dot", "-Tsvg"], input=dot, text=True, check=True, capture_output=True)


def test_a_drawing_folds_and_is_bounded(tmp_path: Path) -> None:
    many = "".join(f"pd.read_csv('raw/part{i}.csv')\n" for i in range(9))
    files = {"prepare.py": f"import pandas as pd\n\n{many}"}
    assert 'a0[("raw/ (9)")]' in graph(tmp_path, files)
    assert len(json.loads(graph(tmp_path, files, "--format", "json"))["edges"]) == 9
    scripts = {f"s{i}.py": f"import pandas as pd\n\nprint(pd.read_csv('d{i}.csv'))\n" for i in range(100)}
    drawn = graph(tmp_path, scripts)
    assert len(re.findall(r"^ +[ac]\d+[\[{(]", drawn, re.MULTILINE)) <= 80
    assert "%% 109 reads and writes, " in drawn


@pytest.mark.parametrize("form", ["mermaid", "dot", "json"])
def test_the_same_bytes_come_out_again(tmp_path: Path, form: str) -> None:
    assert graph(tmp_path, LOOP, "--format", form) == graph(tmp_path, LOOP, "--format", form)


def test_paths_narrow_what_is_drawn(tmp_path: Path) -> None:
    graph(tmp_path, LOOP)
    (tmp_path / ".git").mkdir()
    result = CliRunner().invoke(app, ["graph", str(tmp_path / "train.py"), "--no-cache", "--format", "json"])
    assert {edge["component"] for edge in json.loads(result.stdout)["edges"]} == {"train.py"}


def test_what_an_imported_module_does_only_when_it_is_run_is_its_own(tmp_path: Path) -> None:
    guarded = "if __name__ == '__main__':\n    pd.read_csv('own.csv')\n"
    own = f"import pandas as pd\n\nTABLE = pd.read_csv('both.csv')\n{guarded}"
    files = {"tables.py": own, "train.py": "from tables import TABLE\n\nprint(TABLE)\n"}
    found = json.loads(graph(tmp_path, files, "--format", "json"))
    read = [(edge["component"], edge["artifact"]["name"]) for edge in found["edges"]]
    assert read == [("tables.py", "both.csv"), ("tables.py", "own.csv"), ("train.py", "both.csv")]


def test_a_name_with_thousands_of_ways_is_filled_in_a_few(tmp_path: Path) -> None:
    steps = "".join(f"def f{i}(a, b):\n    return f{i + 1}(f'{{a}}/{{b}}', f'{{b}}/{{a}}')\n\n\n" for i in range(4))
    calls = "".join(f"f0('d{i}/x', 'e{i}/y')\n" for i in range(9))
    text = f"import pandas as pd\n\n\n{steps}def f4(a, b):\n    return pd.read_csv(f'{{a}}/{{b}}')\n\n\n{calls}"
    found = json.loads(graph(tmp_path, {"s.py": text}, "--format", "json"))
    assert 0 < len(found["edges"]) <= 6
