"""Configuration files as settings (dotted key, value, line) and commands (text, line)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from mldebt.errors import Unreadable
from mldebt.model import Code, Command, Setting
from mldebt.read.commands import (
    dockerfile,
    headings,
    image_settings,
    jenkinsfile,
    makefile,
    markdown,
    mentions,
    procfile,
    python_examples,
    shell,
)
from mldebt.read.json import json_settings
from mldebt.read.toml import toml_settings
from mldebt.read.yaml import yaml_settings

_MOST_SETTINGS = 20_000  # a file with more of them is data
_TEMPLATE = re.compile(r"(?<!\$)\{\{|\{%|<%")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>")
_ONLY_LOGIC = re.compile(r"\s*(?:\{\{.*?\}\}|\{%.*?%\}|<%.*?%>)\s*")
_COMMANDS = frozenset(
    "run cmd command commands script scripts before_script after_script bash sh entry install".split()
)
_ONE_COMMAND = frozenset({"command", "entrypoint"})  # whose lists are the words of one
_TASK = re.compile(r"(?:^scripts|^tool\.(?!poetry\.).*\b(?:scripts|tasks))\.[^.]+(?:\.\d+|\.cmd|\.shell)?")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Config(msgspec.Struct, frozen=True):
    """What a configuration file says; `codes` are the Python examples of a document, each a small program.

    `mentions` are the names a document shows as code.
    """

    settings: tuple[Setting, ...] = ()
    commands: tuple[Command, ...] = ()
    codes: tuple[Code, ...] = ()
    mentions: tuple[str, ...] = ()


def read_config(path: str, data: bytes) -> Config:
    """The settings and commands of a file, its format told by its name; without a name that does, a shell script.

    Raises Unreadable for text that is not of that format. A template that is no YAML before it is filled in gives
    nothing.
    """
    text = _text(data)
    reader = _READERS.get(format_of(path))
    return reader(text) if reader else Config(commands=tuple(shell(text)))


def is_config(path: str) -> bool:
    """Whether a file of this name is one of those read here."""
    return bool(format_of(path))


def format_of(path: str) -> str:
    """How a file is read: equal bytes under names of one format have equal settings. Empty if it is not known."""
    folder, _, name = path.lower().rpartition("/")
    suffix = name.rpartition(".")[2] if "." in name else ""
    if name == "config" and folder.rpartition("/")[2] == ".dvc":
        return "ini"
    if name in _BY_NAME:
        return _BY_NAME[name]
    if suffix in ("txt", "in"):
        listed = name.startswith(("requirements", "constraints")) or folder.rpartition("/")[2] == "requirements"
        return "requirements" if listed else ""
    if suffix == "dockerfile" or re.match(r"(?:docker|container)file(?![a-z])", name):
        return "dockerfile"
    return _BY_SUFFIX.get(suffix, "")


def _text(data: bytes) -> str:
    """Text for tools that are not strict: a byte order mark is obeyed, what is no UTF-8 is shown as such."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, errors="replace")
    if "\0" in text:
        raise Unreadable("holds NUL bytes: is it text", "unparsable")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _yaml(text: str) -> Config:
    try:
        return _with_commands(yaml_settings(text))
    except Unreadable:
        if not _TEMPLATE.search(text):
            raise
    return _template(text)


def _template(text: str) -> Config:
    """What a template of YAML says whatever is filled in; nothing if that cannot be told."""
    plain = ("" if _ONLY_LOGIC.fullmatch(line) else _PLACEHOLDER.sub("placeholder", line) for line in text.split("\n"))
    try:
        return _with_commands(yaml_settings("\n".join(plain)))
    except Unreadable:
        return Config()


def _with_commands(settings: Iterable[Setting]) -> Config:
    kept = tuple(islice(settings, _MOST_SETTINGS + 1))
    return Config() if len(kept) > _MOST_SETTINGS else Config(kept, tuple(_commands(kept)))


def _commands(settings: tuple[Setting, ...]) -> Iterator[Command]:
    """What the values of certain keys run; each line of a block is a command."""
    joined: dict[str, tuple[int, list[str]]] = {}
    for setting in settings:
        holder, _, last = setting.key.rpartition(".")
        name = holder.rpartition(".")[2] if last.isdigit() else last
        if name in _ONE_COMMAND and last.isdigit():
            joined.setdefault(holder, (setting.line, []))[1].append(setting.value)
        elif name in _COMMANDS or name in _ONE_COMMAND or _TASK.fullmatch(setting.key):
            for command in shell(setting.value):
                yield Command(command.text, setting.line + command.line - 1)
    for line, words in joined.values():
        yield Command(" ".join(words), line)


def _ini(text: str) -> Iterator[Setting]:
    section = key = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        head = re.fullmatch(r"\[([^\]]+)\]", stripped)
        pair = re.fullmatch(r"([^=:]+?)\s*[=:]\s*(.*)", stripped) if line[0] not in " \t" else None
        if head:
            section, key = head[1], ""
        elif pair:
            key = f"{section}.{pair[1]}" if section else pair[1]
            if pair[2]:
                yield Setting(key, pair[2], number)
        elif key:
            yield Setting(key, stripped, number)


_COMPILED = re.compile(r"autogenerated by [\w\- ]+")  # what pip-compile and uv write at the top


def _requirements(text: str) -> Iterator[Setting]:
    for number, line in enumerate(text.split("\n"), 1):
        requirement = re.sub(r"(?:^|\s)#.*", "", line).strip().removesuffix("\\").strip()
        if requirement.startswith("--hash"):
            yield Setting("hash", requirement, number)
        elif requirement:
            yield Setting("requirement", requirement, number)
        elif made := _COMPILED.search(line):
            yield Setting("made-by", made[0], number)


def _settings(reader: Callable[[str], Iterator[Setting]]) -> Callable[[str], Config]:
    return lambda text: _with_commands(reader(text))


def _only_commands(reader: Callable[[str], Iterator[Command]]) -> Callable[[str], Config]:
    return lambda text: Config(commands=tuple(reader(text)))


def _lines(text: str) -> Iterator[Setting]:
    """Files of patterns and of other languages: a line is a setting; comments are none."""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped and not stripped.startswith(("#", "//")):
            yield Setting("line", stripped, number)


def _dockerfile(text: str) -> Config:
    return Config(tuple(image_settings(text)), tuple(dockerfile(text)))


def _document(text: str) -> Config:
    return Config(tuple(headings(text)), tuple(markdown(text)), tuple(python_examples(text)), tuple(mentions(text)))


_READERS: dict[str, Callable[[str], Config]] = {
    "dockerfile": _dockerfile,
    "document": _document,
    "ini": _settings(_ini),
    "jenkinsfile": _only_commands(jenkinsfile),
    "json": _settings(json_settings),
    "lines": _settings(_lines),
    "makefile": _only_commands(makefile),
    "procfile": _only_commands(procfile),
    "requirements": _settings(_requirements),
    "shell": _only_commands(shell),
    "toml": _settings(toml_settings),
    "yaml": _yaml,
}
_BY_SUFFIX = {
    **dict.fromkeys(("yaml", "yml", "dvc"), "yaml"),
    **dict.fromkeys(("ini", "cfg", "conf"), "ini"),
    **dict.fromkeys(("sh", "bash", "zsh", "slurm", "sbatch"), "shell"),
    **dict.fromkeys(("md", "markdown", "rst"), "document"),
    **dict.fromkeys(("tf", "tofu", "bicep", "env", "dvcignore"), "lines"),
    **{"json": "json", "toml": "toml", "mk": "makefile", "jenkinsfile": "jenkinsfile"},
}
_BY_NAME = {
    **dict.fromkeys(("makefile", "gnumakefile", "justfile"), "makefile"),
    **dict.fromkeys((".flake8", ".pylintrc", ".coveragerc", ".gitmodules"), "ini"),
    **dict.fromkeys((".gitignore", ".gitattributes", ".env", ".dockerignore", "snakefile"), "lines"),
    **{"procfile": "procfile", "jenkinsfile": "jenkinsfile", "mlproject": "yaml", "pipfile": "toml"},
}
