"""Configuration files as settings (dotted key, value, line) and commands (text, line)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Code, Command, Setting
from mldebt.read.commands import dockerfile, makefile, markdown, python_examples, shell
from mldebt.read.python import decode
from mldebt.read.yaml import yaml_settings
from mldebt.toml import loads

_YAML = (".yaml", ".yml", ".dvc", ".lock")
_INI = (".ini", ".cfg", ".conf", ".flake8")
_SHELL = (".sh", ".bash", ".zsh", ".slurm", ".sbatch")
_COMMAND_KEYS = frozenset({"run", "cmd", "command", "script", "entry", "entrypoint", "before_script", "args", "deploy"})


class Config(msgspec.Struct, frozen=True):
    """What a configuration file says; `codes` are the Python examples of a document, each a small program."""

    settings: tuple[Setting, ...] = ()
    commands: tuple[Command, ...] = ()
    codes: tuple[Code, ...] = ()


def read_config(path: str, data: bytes) -> Config:
    """The settings and commands of a file, its format told by its name.

    Raises Unreadable for text that is not of that format. A template (`{{ … }}` in YAML) gives nothing.
    """
    text = decode(data)
    name = posixpath.basename(path)
    for matches, reader in _READERS:
        if matches(name):
            return reader(text)
    return Config()


def format_of(path: str) -> str:
    """The part of a path that decides how it is read: equal bytes under names of one format have equal settings."""
    name = posixpath.basename(path)
    return str(next((i for i, (matches, _) in enumerate(_READERS) if matches(name)), len(_READERS)))


def _yaml(text: str) -> Config:
    if re.search(r"(?<!\$)\{\{|\{%", text):
        return Config()
    return _with_commands(tuple(yaml_settings(text)))


def _toml(text: str) -> Config:
    return _with_commands(tuple(_located(loads(text), text)))


def _json(text: str) -> Config:
    try:
        values = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(f"is no JSON: {error}", "unparsable") from error
    return _with_commands(tuple(_located(values, text)))


def _located(values: object, text: str) -> Iterator[Setting]:
    """Flattened values, each at the first line after the one before that holds its key or its value."""
    lines = text.split("\n")
    at = 0
    for key, value in _flat(values, ""):
        name = next((part for part in reversed(key.split(".")) if not part.isdigit()), "")
        wanted = next((i for i in range(at, len(lines)) if name in lines[i] or (value and value in lines[i])), at)
        at = wanted
        yield Setting(key, value, at + 1)


def _flat(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(inner, f"{key}.{index}")
    else:
        yield key, "" if value is None else str(value)


def _with_commands(settings: tuple[Setting, ...]) -> Config:
    found: list[Command] = []
    for setting in settings:
        parts = setting.key.split(".")
        if parts[-1] in _COMMAND_KEYS or (parts[-1].isdigit() and len(parts) > 1 and parts[-2] in _COMMAND_KEYS):
            lines = setting.value.split("\n")
            found.extend(Command(line.strip(), setting.line + i) for i, line in enumerate(lines) if line.strip())
    return Config(settings, tuple(found))


def _ini(text: str) -> Config:
    settings: list[Setting] = []
    section = key = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        head = re.fullmatch(r"\[([^\]]+)\]", stripped)
        pair = re.match(r"([\w.\-/]+)\s*[=:]\s*(.*)", stripped) if line[0] not in " \t" else None
        if head:
            section, key = head[1], ""
        elif pair:
            key = f"{section}.{pair[1]}" if section else pair[1]
            settings.append(Setting(key, pair[2], number))
        elif key:
            settings.append(Setting(key, stripped, number))
    return _with_commands(tuple(settings))


def _requirements(text: str) -> Config:
    lines = ((i, re.sub(r"(?:^|\s)#.*", "", line).strip()) for i, line in enumerate(text.split("\n"), 1))
    return Config(tuple(Setting("requirement", line, i) for i, line in lines if line))


def _only_commands(reader: Callable[[str], Iterator[Command]]) -> Callable[[str], Config]:
    return lambda text: Config(commands=tuple(reader(text)))


def _document(text: str) -> Config:
    return Config(commands=tuple(markdown(text)), codes=tuple(python_examples(text)))


def _ends(*suffixes: str) -> Callable[[str], bool]:
    return lambda name: name.lower().endswith(suffixes)


_READERS: tuple[tuple[Callable[[str], bool], Callable[[str], Config]], ...] = (
    (lambda name: bool(re.match(r"(requirements|constraints)[\w.\-]*\.(txt|in)$", name)), _requirements),
    (
        lambda name: bool(re.match(r"(docker|container)file", name, re.IGNORECASE)) or name.endswith(".dockerfile"),
        _only_commands(dockerfile),
    ),
    (
        lambda name: name.lower() in ("makefile", "gnumakefile", "justfile") or name.endswith(".mk"),
        _only_commands(makefile),
    ),
    (lambda name: name in ("Procfile", "Jenkinsfile"), _only_commands(shell)),
    (_ends(*_SHELL), _only_commands(shell)),
    (_ends(".md", ".rst", ".markdown"), _document),
    (_ends(".toml"), _toml),
    (_ends(".json"), _json),
    (lambda name: name == "MLproject" or name.lower().endswith(_YAML), _yaml),
    (_ends(*_INI), _ini),
)


def is_config(name: str) -> bool:
    """Whether a file of this name (no folders) is one of those read here."""
    return any(matches(name) for matches, _ in _READERS)
