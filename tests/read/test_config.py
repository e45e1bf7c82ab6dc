"""Configuration becomes settings and commands, each with the line it stands in."""

from __future__ import annotations

import contextlib
import time

import pytest

from mldebt.errors import Unreadable
from mldebt.read.config import format_of, read_config

Rows = list[tuple[int, str, str]]


def settings(path: str, text: str) -> Rows:
    return [(s.line, s.key, s.value) for s in read_config(path, text.encode()).settings]


def commands(path: str, text: str) -> list[tuple[int, str]]:
    return [(c.line, c.text) for c in read_config(path, text.encode()).commands]


SETTINGS: dict[str, tuple[str, str, Rows]] = {
    "yaml": (
        "a.yaml",
        "# head\nmodel:\n  name: resnet\n  layers: [1, 'two']\nempty: {}\nnone:\n",
        [
            (3, "model.name", "resnet"),
            (4, "model.layers.0", "1"),
            (4, "model.layers.1", "two"),
            (5, "empty", ""),
            (6, "none", ""),
        ],
    ),
    "yaml, several documents": ("a.yml", "a: 1\n---\na: 2\n", [(1, "a", "1"), (3, "a", "2")]),
    "yaml, tags name classes": ("a.yaml", "net: !my.Net\n  size: 3\n", [(1, "net", "!my.Net"), (2, "net.size", "3")]),
    "yaml, aliases are not followed": (
        "a.yaml",
        "base: &b {lr: 1}\nrun:\n  <<: *b\n  opt: *b\n",
        [(1, "base.lr", "1"), (3, "run.<<", "*b"), (4, "run.opt", "*b")],
    ),
    "yaml, a block is where its first line is": (
        "a.yaml",
        "x: |\n  one\n  two\ny: 1\n",
        [(2, "x", "one\ntwo\n"), (4, "y", "1")],
    ),
    "yaml, odd keys": (
        "a.yaml",
        "? [a, b]\n: c\n1: d\n",
        [(1, "0", "a"), (1, "1", "b"), (2, "?", "c"), (3, "1", "d")],
    ),
    "yaml, only a scalar": ("a.yaml", "hello\n", []),
    "yaml, nothing": ("a.yaml", "", []),
    "json": (
        "a.json",
        '{\n  "model": {"name": "r\\u0065s", "sizes": [1, -2.5e3]},\n  "on": true,\n  "off": null,\n  "none": []\n}\n',
        [
            (2, "model.name", "res"),
            (2, "model.sizes.0", "1"),
            (2, "model.sizes.1", "-2.5e3"),
            (3, "on", "true"),
            (4, "off", ""),
            (5, "none", ""),
        ],
    ),
    "json with comments": (
        "devcontainer.json",
        '// head\n{\n  /* two\n  lines */ "image": "a//b", // tail\n  "list": ["x",],\n}\n',
        [(4, "image", "a//b"), (5, "list.0", "x")],
    ),
    "json, equal values": (
        "a.json",
        '{"a": "x",\n"b": "x",\n"c": {"a": "x"}}',
        [(1, "a", "x"), (2, "b", "x"), (3, "c.a", "x")],
    ),
    "json, half a character": ("a.json", '{"a": "\\ud800", "b": "\\t"}', [(1, "a", "?"), (1, "b", "\t")]),
    "toml": (
        "pyproject.toml",
        '[project]\nname = "x"  # a name\ndependencies = [\n  "torch",  # deep\n  "numpy",\n]\n[project.scripts]\n'
        'train = "x.train:main"\n[tool."a b"]\nquick = true\nwhen = 2024-01-01\n',
        [
            (2, "project.name", "x"),
            (4, "project.dependencies.0", "torch"),
            (5, "project.dependencies.1", "numpy"),
            (8, "project.scripts.train", "x.train:main"),
            (10, "tool.a b.quick", "true"),
            (11, "tool.a b.when", "2024-01-01"),
        ],
    ),
    "toml, arrays of tables": (
        "a.toml",
        '[[run]]\nname = "a"\n[run.opt]\nlr = 1\n[[run]]\nname = "b"\n[run.opt]\nlr = 1\n',
        [(2, "run.0.name", "a"), (4, "run.0.opt.lr", "1"), (6, "run.1.name", "b"), (8, "run.1.opt.lr", "1")],
    ),
    "toml, dotted and inline": (
        "a.toml",
        'a.b.c = 1\nd = {e = 2, f = [3]}\n\ntext = """\n[not.a.table]\nkey = 1\n"""\nlast = 4\n',
        [
            (1, "a.b.c", "1"),
            (2, "d.e", "2"),
            (2, "d.f.0", "3"),
            (4, "text", "[not.a.table]\nkey = 1\n"),
            (8, "last", "4"),
        ],
    ),
    "toml, items like each other": (
        "a.toml",
        'x = [\n  "torch-x",\n  "torch",\n  \'a\', 1,\n  "torch-x",\n]\n',
        [(2, "x.0", "torch-x"), (3, "x.1", "torch"), (4, "x.2", "a"), (4, "x.3", "1"), (5, "x.4", "torch-x")],
    ),
    "pipfile": ("Pipfile", '[packages]\ntorch = "*"\n', [(2, "packages.torch", "*")]),
    "ini": (
        "setup.cfg",
        "[metadata]\nname = x\n; note\n[options]\ninstall_requires =\n    torch\n    # why\n    numpy>=1\n"
        "[a:b]\nkey: value = 2\n",
        [
            (2, "metadata.name", "x"),
            (6, "options.install_requires", "torch"),
            (8, "options.install_requires", "numpy>=1"),
            (10, "a:b.key", "value = 2"),
        ],
    ),
    "ini, % and interpolation": ("tox.ini", "[a]\nb = %(c)s ${d}\n", [(2, "a.b", "%(c)s ${d}")]),
    "requirements": (
        "requirements/dev.txt",
        "# tools\n-r base.txt\ntorch==2.1 # pinned\nx @ https://h/x#egg=x\nnumpy \\\n    --hash=sha256:1\n",
        [
            (2, "requirement", "-r base.txt"),
            (3, "requirement", "torch==2.1"),
            (4, "requirement", "x @ https://h/x#egg=x"),
            (5, "requirement", "numpy"),
            (6, "hash", "--hash=sha256:1"),
        ],
    ),
    "requirements, compiled": (
        "requirements.txt",
        "#\n# This file is autogenerated by pip-compile with Python 3.11\n#\ntorch==2.1\n",
        [(2, "made-by", "autogenerated by pip-compile with Python 3"), (4, "requirement", "torch==2.1")],
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_values_have_a_key_and_a_line(name: str) -> None:
    path, text, expected = SETTINGS[name]
    assert settings(path, text) == expected


@pytest.mark.parametrize("name", SETTINGS)
def test_windows_line_ends_change_nothing(name: str) -> None:
    path, text, expected = SETTINGS[name]
    assert settings(path, text.replace("\n", "\r\n")) == expected


COMMANDS: dict[str, tuple[str, str, list[tuple[int, str]]]] = {
    "shell": (
        "run.sh",
        "#!/bin/sh\nset -e\n# no\npython train.py \\\n  --lr 1 \\\n  # off\n  --x 2\n\n  echo done\n",
        [(2, "set -e"), (4, "python train.py --lr 1 --x 2"), (9, "echo done")],
    ),
    "shell, here-document": (
        "job.slurm",
        "cat <<EOF > a.py\npython never.py\nEOF\npython b.py\ncat <<-'END'\nno\nEND\nlast\n",
        [(1, "cat <<EOF > a.py"), (4, "python b.py"), (5, "cat <<-'END'"), (8, "last")],
    ),
    "script without suffix": (".ci/run", "#!/bin/bash\npytest\n", [(2, "pytest")]),
    "makefile": (
        "Makefile",
        "SCRIPT := train.py\n\ntrain: data\n\t@python $(SCRIPT) \\\n\t  --lr ${LR}\n\t-rm x\n\t# no\n",
        [(4, "python train.py --lr ${LR}"), (6, "rm x")],
    ),
    "justfile": ("justfile", "train:\n    python train.py\n", [(2, "python train.py")]),
    "dockerfile": (
        "docker/Dockerfile.gpu",
        "FROM python:3.11\nRUN --mount=type=cache pip install \\\n    # why\n    torch\nCOPY . .\n"
        'ENTRYPOINT ["python", "-m", "app"]\n'
        "HEALTHCHECK --interval=5s CMD curl x\ncmd serve.py\n",
        [(2, "pip install torch"), (6, "python -m app"), (7, "curl x"), (8, "serve.py")],
    ),
    "dockerfile, broken list": ("Dockerfile", 'CMD ["python", \n', [(1, '["python",')]),
    "procfile": (
        "Procfile",
        "web: gunicorn app:app\nworker: python work.py\n",
        [(1, "gunicorn app:app"), (2, "python work.py")],
    ),
    "jenkinsfile": (
        "Jenkinsfile",
        'pipeline { steps {\n sh \'python a.py\'\n sh(script: """\n   python b.py\n""")\n echo \'no\'\n}}\n',
        [(2, "python a.py"), (4, "python b.py")],
    ),
    "workflow": (
        ".github/workflows/ci.yml",
        "jobs:\n  t:\n    steps:\n      - run: pytest -x\n      - name: no\n"
        "        run: |\n          # first\n          pip install -e . \\\n"
        "            -q\n          python train.py\n",
        [(4, "pytest -x"), (8, "pip install -e . -q"), (10, "python train.py")],
    ),
    "gitlab": (
        ".gitlab-ci.yml",
        "test:\n  before_script: [pip install x]\n  script:\n    - pytest\n    - python a.py\n  image: python\n",
        [(2, "pip install x"), (4, "pytest"), (5, "python a.py")],
    ),
    "dvc": (
        "dvc.yaml",
        "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n  both:\n    cmd:\n      - a\n      - b\n",
        [(3, "python train.py"), (7, "a"), (8, "b")],
    ),
    "mlproject": (
        "MLproject",
        "entry_points:\n  main:\n    command: 'python train.py {lr}'\n",
        [(3, "python train.py {lr}")],
    ),
    "compose": ("docker-compose.yml", "services:\n  a:\n    command: [python, -m, app]\n", [(3, "python -m app")]),
    "package.json": (
        "package.json",
        '{"scripts": {"train": "python train.py"},\n "name": "x"}',
        [(1, "python train.py")],
    ),
    "tasks": (
        "pyproject.toml",
        '[project.scripts]\nx = "x:main"\n[tool.poetry.scripts]\ny = "y:main"\n'
        '[tool.poe.tasks]\ntrain = "python train.py"\n'
        '[tool.hatch.envs.default.scripts]\nboth = ["a.py", "b.py"]\n',
        [(6, "python train.py"), (8, "a.py"), (8, "b.py")],
    ),
    "tox": ("tox.ini", "[testenv]\ncommands =\n    pytest\n    python a.py\n", [(3, "pytest"), (4, "python a.py")]),
    "document": (
        "README.md",
        "Run `python a.py` or `this`:\n```bash\n$ python b.py \\\n    --x 1\noutput of b\n```\n\n"
        "    python c.py\n    shape of x\n",
        [(1, "python a.py"), (3, "python b.py --x 1"), (8, "python c.py")],
    ),
    "document, a shell without prompts": (
        "README.md",
        "~~~sh\n# first\nmake data\n./run.sh\n~~~\n",
        [(3, "make data"), (4, "./run.sh")],
    ),
    "document, a listing is no command": (
        "README.md",
        "```\n├── train.py\n└── data.py\nsharp.py\npython d.py\n```\n",
        [(5, "python d.py")],
    ),
    "document, never closed": ("README.md", "```sh\nmake\n", [(2, "make")]),
    "reStructuredText": (
        "docs/use.rst",
        ".. code-block:: bash\n\n    CUDA_VISIBLE_DEVICES=0 python e.py\n",
        [(3, "CUDA_VISIBLE_DEVICES=0 python e.py")],
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_have_a_line(name: str) -> None:
    path, text, expected = COMMANDS[name]
    assert commands(path, text) == expected


def test_a_document_shows_programs() -> None:
    text = "# Use\n```python\n>>> from x import y\n>>> y()\n```\n```py\nthis is no Python\n```\n```\nimport z\n```\n"
    (code,) = read_config("README.md", text.encode()).codes
    assert code.text == "\n\nfrom x import y\ny()\n"


BROKEN = {
    "yaml": ("a.yaml", b"a: [1, 2\nb: }\n", "is no YAML: line 2"),
    "yaml, tabs": ("a.yaml", b"a:\n\tb: 1\n", "is no YAML: line 2"),
    # a libyaml that counts levels itself is faster than we are
    "yaml, deep lists": ("a.yaml", b"[" * 50_000, "nested more than 100 levels deep|exceeded maximum nesting depth"),
    "yaml, deep mappings": ("a.yaml", b"{a: " * 50_000, "nested more than 100 levels deep"),
    "yaml, control characters": ("a.yaml", b"a: \x07\n", "is no YAML"),
    "json": ("a.json", b'{"a": 1,\n "b": oops}', "is no JSON: line 2: 'o' is not expected here"),
    "json, open": ("a.json", b'{"a": [1', "2 brackets are not closed"),
    "json, crossed": ("a.json", b'{"a": [1}', "'}' is not expected here"),
    "json, closed twice": ("a.json", b"{}}", "'}' is not expected here"),
    "json, open string": ("a.json", b'{"a": "x\n}', "is not expected here"),
    "json, deep": ("a.json", b"[" * 200_000, "nested more than 100 levels deep"),
    "toml": ("a.toml", b"a = \n", "is no TOML"),
    "toml, deep": ("a.toml", b"a = " + b"[" * 50_000, "is no TOML"),
    "toml, endless key": ("a.toml", b"a." * 500_000, "more than 1000 dots"),
    "nul": ("a.sh", b"echo \0\n", "holds NUL bytes"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_of_its_format_is_said_quickly(name: str) -> None:
    path, data, says = BROKEN[name]
    started = time.perf_counter()
    with pytest.raises(Unreadable, match=says.replace("(", r"\(").replace("}", r"\}")) as caught:
        read_config(path, data)
    assert caught.value.kind == "unparsable"
    assert time.perf_counter() - started < 1.0


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize("text", [LAUGHS, MERGES, "? " * 5000 + "a"], ids=["laughs", "merges", "keys"])
def test_a_bomb_does_not_go_off(text: str) -> None:
    started = time.perf_counter()
    try:
        assert len(settings("a.yaml", text)) < 200
    except Unreadable as error:
        assert "nested more than 100" in str(error) or "is no YAML" in str(error)
    assert time.perf_counter() - started < 1.0


def test_a_tag_constructs_nothing() -> None:
    text = "a: !!python/object/apply:os.system ['exit 3']\nb: 1\n"
    assert settings("a.yaml", text)[-1] == (2, "b", "1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {{ value }}\nb: [\n", []),
        ("name: {{ .Values.name }}-x: y\n", []),
        ("{% if x %}\na: 1\n{% endif %}\n", [(2, "a", "1")]),
        ("{{- range .Values.hosts }}\n- host: {{ . | quote }}\n{{- end }}\n", [(2, "0.host", "placeholder")]),
    ],
)
def test_a_template_of_yaml_says_what_it_says_however_it_is_filled_in(
    text: str, said: list[tuple[int, str, str]]
) -> None:
    assert settings("chart/values.yaml", text) == said


def test_braces_that_are_text_are_read() -> None:
    assert settings("a.yaml", "name: 'x-{{ y }}'\nrun: ${{ z }}\n") == [
        (1, "name", "x-{{ y }}"),
        (2, "run", "${{ z }}"),
    ]


def test_a_file_of_very_many_values_is_data() -> None:
    assert len(settings("a.json", "[" + "1," * 19_999 + "1]")) == 20_000
    assert settings("a.json", "[" + "1," * 20_000 + "1]") == []


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("torch\n".encode("utf-16"), "torch"),  # as Windows' `pip freeze >` writes it
        (b"\xef\xbb\xbftorch\n", "torch"),
        (b"caf\xe9\n", "caf\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_text_in_another_encoding_is_read_as_far_as_it_goes(data: bytes, value: str) -> None:
    assert [s.value for s in read_config("requirements.txt", data).settings] == [value]


def test_equal_bytes_are_kept_apart_by_format_only() -> None:
    assert format_of("a/b.YAML") == format_of("c.yml") == format_of("MLproject")
    assert format_of("a.toml") != format_of("a.ini") != format_of("a.json")
    assert format_of("bin/run") == format_of("LICENSE") == ""


@pytest.mark.parametrize(
    "unit", ["`", "`a b", "[", "<<", "a=", "$(", "- ", "#", "\\\n", "|", "```\n", "    python", "sh '", '"']
)
@pytest.mark.parametrize(
    "path",
    [
        "a.md",
        "a.sh",
        "Makefile",
        "Dockerfile",
        "Jenkinsfile",
        "a.ini",
        "requirements.txt",
        "a.json",
        "a.yaml",
        "a.toml",
    ],
)
def test_no_text_takes_long(path: str, unit: str) -> None:
    data = (unit * (200_000 // len(unit))).encode()
    started = time.perf_counter()
    with contextlib.suppress(Unreadable):
        read_config(path, data)
    assert time.perf_counter() - started < 2.0
