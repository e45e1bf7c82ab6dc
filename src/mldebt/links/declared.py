"""The steps and data sets that pipelines declare in configuration: DVC stages, MLflow projects, Kedro's catalogue."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from mldebt.links.configured import Configured
from mldebt.model import FileFacts, Setting

_STAGE = re.compile(r"stages\.([^.]+)\.(?:do\.)?(cmd(?:\.\d+)?|wdir|(?:deps|outs|metrics|plots)\.\d+(?:\..+)?)")
_OF_OUT = re.compile(
    r"\.(?:cache|persist|desc|type|labels(?:\.\d+)?|remote|push|x|y|template|title|x_label|y_label|frozen)$"
)
_CATALOGUE = re.compile(r"(?:^|/)catalog[^/]*\.ya?ml$|(?:^|/)catalog/.*\.ya?ml$")
_DATA_SET = re.compile(r"([^.]+)\.(filepath|table_name|path|filename)")
_ENTRY = re.compile(r"entry_points\.([^.]+)\.command")
_PYTHON = re.compile(r"\S+\.(?:py|ipynb)$")
_VARIABLE = re.compile(r"\$(?:\w|[({@*]|$)")
CODE = (".py", ".ipynb", ".sh", ".R", ".r")


class Declared(msgspec.Struct, frozen=True, order=True):
    """A step: what it runs, and what it is said to read and write, each as (name, line)."""

    path: str
    name: str
    kind: str
    line: int
    command: str
    reads: tuple[tuple[str, int], ...] = ()
    writes: tuple[tuple[str, int], ...] = ()
    folder: str = ""


def declared(files: Mapping[str, FileFacts], configured: Configured) -> list[Declared]:
    """The declared steps, by path and name."""
    found: list[Declared] = []
    for path, facts in files.items():
        name = posixpath.basename(path)
        if name == "dvc.yaml":
            found.extend(_stages(path, facts.settings, configured))
        elif name == "MLproject":
            for setting in facts.settings:
                match = _ENTRY.fullmatch(setting.key)
                if match:
                    folder = posixpath.dirname(path)
                    command = _with_defaults(setting.value, match[1], facts.settings)
                    found.append(Declared(path, match[1], "entry", setting.line, command, folder=folder))
    return sorted(found)


def _with_defaults(command: str, entry: str, settings: tuple[Setting, ...]) -> str:
    """The command of an entry point with the defaults of its parameters."""
    values = {}
    for setting in settings:
        match = re.fullmatch(rf"entry_points\.{re.escape(entry)}\.parameters\.(\w+)(?:\.default)?", setting.key)
        if match:
            values[match[1]] = setting.value
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], "*"), command)


def _stages(path: str, settings: tuple[Setting, ...], configured: Configured) -> Iterator[Declared]:
    parts: dict[str, dict[str, list[Setting]]] = defaultdict(lambda: defaultdict(list))
    for setting in settings:
        match = _STAGE.fullmatch(setting.key)
        if match:
            parts[match[1]][match[2].partition(".")[0]].append(setting)
    for name, fields in parts.items():
        cmd = fields["cmd"]
        folder = posixpath.dirname(path)
        for wdir in fields["wdir"]:
            folder = posixpath.normpath(posixpath.join(folder, wdir.value))
        reads = tuple(_paths(fields["deps"], configured, path, folder))
        outs = [s for word in ("outs", "metrics", "plots") for s in fields[word]]
        first = min((s.line for part in fields.values() for s in part), default=1)
        command = " && ".join(configured.filled(path, s.value) for s in cmd)
        writes = tuple(_paths(outs, configured, path, folder))
        yield Declared(path, name, "stage", cmd[0].line if cmd else first, command, reads, writes, folder)


def _paths(settings: list[Setting], configured: Configured, path: str, folder: str) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for setting in settings:
        after = re.sub(r"^stages\.[^.]+\.(?:do\.)?\w+\.\d+\.?", "", setting.key)
        text = _OF_OUT.sub("", after) if after else setting.value
        if text in ("cache", "persist"):
            continue
        text = configured.filled(path, text)
        whole = text if "://" in text else posixpath.normpath(posixpath.join(folder, text))
        if whole not in seen:
            seen.add(whole)
            yield whole, setting.line


class DataSet(msgspec.Struct, frozen=True):
    """A data set of a catalogue: what it lies in, and the catalogue."""

    named: str
    is_table: bool
    path: str


def data_sets(files: Mapping[str, FileFacts]) -> dict[str, list[DataSet]]:
    """The data sets of Kedro's catalogues by name, by path of the catalogue."""
    found: dict[str, list[DataSet]] = defaultdict(list)
    for path, facts in files.items():
        for setting in facts.settings if _CATALOGUE.search(path) else ():
            match = _DATA_SET.fullmatch(setting.key)
            if match and not match[1].startswith("_"):
                found[match[1]].append(DataSet(setting.value, match[2] == "table_name", path))
    return found


def scripts(command: str) -> Iterator[tuple[str, list[str]]]:
    """The Python files that a command runs, each with the words after it."""
    for part in re.split(r"&&|\|\||[;|\n]", command):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        for i, word in enumerate(words):
            if _PYTHON.match(word) and not word.startswith("-"):
                yield word, _words(words[i + 1 :])
                break
            if word == "-m" and i + 1 < len(words):
                yield words[i + 1].replace(".", "/") + ".py", _words(words[i + 2 :])
                break


def _words(words: list[str]) -> list[str]:
    """The words up to a redirection, without the options of which a variable of the shell is the value."""
    words = words[: next((i for i, w in enumerate(words) if w[:1] in "<>" or w == "2>&1"), len(words))]
    kept: list[str] = []
    for word in words:
        if not _VARIABLE.search(word):
            kept.append(word)
        elif word[:1] != "-" and kept and kept[-1][:1] == "-":
            kept.pop()
        elif word[:1] != "-":
            kept.append("*")
    return kept
