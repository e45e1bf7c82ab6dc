"""The distributions that manifests declare, by their normal names (PEP 503)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mldebt.model import FileFacts

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXACT = re.compile(r"^\s*[\w.\-\[\],]+\s*(===?\s*[^\s*,;]+|@\s*\S+)\s*(;.*)?$")
_MINOR = re.compile(r"~=\s*\d+\.\d+\.\d|={1,2}\s*\d+\.\d+\.\*")  # fixes the minor version, and not the last part
_TAKE_A_FILE = frozenset("-r -c -e -f -t -i --requirement --constraint --index-url --extra-index-url --target".split())
_INSTALLS = re.compile(r"\b(?:pip3?|uv|poetry|conda|mamba)\s+(?:pip\s+)?(?:install|add)\s+(.+?)(?:&&|;|\||$)")
# keys under which a manifest lists what it needs: PEP 621, PEP 735, Poetry, Pipenv, setuptools, conda, pixi
_LISTS = re.compile(
    r"(?:project\.(?:dependencies|optional-dependencies\.[^.]+)|dependency-groups\.[^.]+|options\.install_requires"
    r"|options\.extras_require\.[^.]+|dependencies(?:\.\d+\.pip)?|build-system\.requires)(?:\.\d+)?"
)
_TABLES = re.compile(
    r"(?:tool\.poetry\.(?:dev-)?dependencies|tool\.poetry\.group\.[^.]+\.dependencies|packages|dev-packages"
    r"|tool\.pixi\.(?:pypi-)?dependencies|(?:pypi-)?dependencies)\.([^.]+)(?:\..+)?"
)


class Declared(NamedTuple):
    """A distribution that a manifest asks for; `fixed` is 1 for an exact version, 0.5 for a minor one.

    `asked` is what is written of its version, in the words of the manifest.
    """

    name: str
    path: str
    line: int
    fixed: float
    asked: str = ""


def normal(name: str) -> str:
    """The one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(files: Mapping[str, FileFacts]) -> list[Declared]:
    """All distributions that manifests, images and workflows ask for, by path and line."""
    found: list[Declared] = []
    for path, facts in files.items():
        found.extend(_of_settings(path, facts))
        if not path.lower().endswith((".md", ".rst", ".markdown", ".ipynb")):
            found.extend(installed(path, facts))
        if path.rpartition("/")[2] == "setup.py":
            found.extend(_of_setup(path, facts))
    return found


def _of_settings(path: str, facts: FileFacts) -> Iterator[Declared]:
    is_manifest = _is_manifest(path.rpartition("/")[2].lower())
    for setting in facts.settings:
        if setting.key == "requirement" or (is_manifest and _LISTS.fullmatch(setting.key)):
            yield from _one(setting.value, path, setting.line)
        elif is_manifest and (match := _TABLES.fullmatch(setting.key)):
            exact = bool(re.match(r"=*\d[\d.]*$", setting.value))
            yield Declared(normal(match[1]), path, setting.line, float(exact), setting.value)


def _is_manifest(name: str) -> bool:
    return name in ("pyproject.toml", "setup.cfg", "pipfile", "pixi.toml") or bool(
        re.fullmatch(r".*(?:env|conda|depend|requirements).*\.ya?ml", name)
    )


def _one(text: str, path: str, line: int) -> Iterator[Declared]:
    text = text.partition("::")[2] or text  # a channel of conda before the name
    match = _NAME.match(text.strip())
    if match and not text.startswith("-"):
        conda = bool(re.fullmatch(r"[\w.\-:]+={1,2}[\w.*=]+", text.strip()))
        exact = bool(_EXACT.match(text)) or conda
        near = bool(_MINOR.search(text))
        asked = text.strip()[match.end() :]
        yield Declared(normal(match[0]), path, line, 0.5 if near else float(exact and "*" not in text), asked)


def installed(path: str, facts: FileFacts) -> Iterator[Declared]:
    """What the commands of a file install."""
    for command in facts.commands:
        for match in _INSTALLS.finditer(command.text):
            words = match[1].split()
            for before, word in zip(["", *words], words, strict=False):
                if word[0] not in "-./$" and before not in _TAKE_A_FILE:
                    yield from _one(word.strip("'\""), path, command.line)


def _of_setup(path: str, facts: FileFacts) -> Iterator[Declared]:
    """What a set-up script passes as requirements; the words it holds, where it computes them."""
    for module in facts.modules:
        for call in module.calls:
            for argument in call.arguments:
                keyword, _, text = argument.partition("=")
                if text and keyword.endswith(("_requires", "_require")):
                    yield from _one(text, path, call.at.line)
        for word in module.definitions[0].strings:
            yield Declared(normal(word), path, 1, 0.0)
