"""Whether a file or folder that is named somewhere is in the tree, may be made at run time, or is neither."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import cached_property

from mldebt.model import FileFacts, Listing

_UP = re.compile(r"^(?:\.{0,2}/)+")
_PLAIN = re.compile(r"[\w./+\-]*\w[\w./+\-]*")
# what makes a file of the name that a command has after it, or before
_MAKES = re.compile(
    r">|\b(?:cp|mv|tee|touch|wget|curl|gdown|unzip|tar|rsync|scp|export|freeze|compile|download|pull|clone|generate|ln)\b"
    r"|\s-(?:o|O)\b|--out"
)
_CODE = (".py", ".ipynb", ".sh")


class Places:
    """The tree as what is named in it sees it: paths are found by their end, whatever folder a command runs in."""

    def __init__(self, files: Mapping[str, FileFacts], listing: Listing) -> None:
        self._files = files
        self._listing = listing
        self._named: dict[str, list[str]] = defaultdict(list)
        for path in {*listing.sizes, *self._folders()}:
            self._named[path.rpartition("/")[2]].append(f"/{path}")

    def _folders(self) -> set[str]:
        found: set[str] = set()
        for path in self._listing.sizes:
            while path := path.rpartition("/")[0]:
                if path in found:
                    break
                found.add(path)
        return found

    def holds(self, named: str) -> bool:
        """Whether a file or folder ends in this path."""
        end = _UP.sub("", named.rstrip("/"))
        return any(path.endswith(f"/{end}") for path in self._named.get(end.rpartition("/")[2], ()))

    def matching(self, glob: str) -> bool:
        """Whether a file is called as a glob's last part says."""
        pattern = re.compile(translate(glob.rpartition("/")[2]))
        return any(pattern.match(name) for name in self._named)

    def module(self, dotted: str) -> bool:
        """Whether a module or package of this name is there, in any language."""
        end = dotted.replace(".", "/")
        if self.holds(end):
            return True
        stem = end.rpartition("/")[2]
        return any(
            path.endswith((f"/{end}.py", f"/{end}.pyx", f"/{end}.ipynb")) or f"/{end}." in path
            for name, paths in self._named.items()
            if name.startswith(f"{stem}.")
            for path in paths
        )

    def is_lost(self, named: str, anywhere: bool = False) -> bool:
        """Whether a path is written out and nothing in the tree is it, nor makes it, fetches it or hides it from git.

        With `anywhere` a file of its name in any folder will do, as for paths inside an image.
        """
        end = _UP.sub("", named.strip("'\"").rstrip("/"))
        if not _PLAIN.fullmatch(end) or ".." in end.split("/"):
            return False
        name = end.rpartition("/")[2]
        if self.holds(name if anywhere else end) or self._is_made(end):
            return False
        return not self._is_elsewhere(end)

    def _is_elsewhere(self, end: str) -> bool:
        """Whether a part of it is a closed folder, a link or a submodule, or is tracked by DVC."""
        parts = end.split("/")
        if any(f"{part}.dvc" in self._named for part in parts):
            return True
        return not self._beyond.isdisjoint(parts) or any(self._ignores(part, end) for part in parts)

    @cached_property
    def _beyond(self) -> frozenset[str]:
        names = {path.rpartition("/")[2] for path in self._listing.closed}
        modules = self._files.get(".gitmodules")
        for setting in modules.settings if modules is not None else ():
            if setting.key.endswith(".path"):
                names.add(setting.value.rpartition("/")[2])
        return frozenset(names)

    def _ignores(self, part: str, end: str) -> bool:
        return any(pattern.match(part) or pattern.match(end) for pattern in self._ignored if not end.endswith(_CODE))

    @cached_property
    def _ignored(self) -> list[re.Pattern[str]]:
        found: list[re.Pattern[str]] = []
        for path, facts in self._files.items():
            if path.rpartition("/")[2] in (".gitignore", ".dvcignore"):
                patterns = (setting.value.strip().strip("/").removeprefix("**/") for setting in facts.settings)
                found.extend(re.compile(translate(p)) for p in patterns if p and not p.startswith("!"))
        return found

    def _is_made(self, end: str) -> bool:
        """Whether some command or program of the repository names it in a way that may bring it about."""
        name = end.rpartition("/")[2]
        return name in self._made or name in self._spoken

    @cached_property
    def _made(self) -> frozenset[str]:
        return frozenset(name for text in self._commands() if _MAKES.search(text) for name in _names(text))

    def _commands(self) -> Iterator[str]:
        for path, facts in self._files.items():
            for command in facts.commands:
                if not re.search(r"\bCOPY\b|\bADD\b", command.text) or not path.lower().endswith("dockerfile"):
                    yield command.text

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """The file names in the literals of programs, which may write them."""
        found: set[str] = set()
        for facts in self._files.values():
            for module in facts.modules:
                for definition in module.definitions:
                    found.update(text.rpartition("/")[2] for text in definition.strings if "." in text)
        return frozenset(found)


def _names(text: str) -> Iterator[str]:
    for match in _PLAIN.finditer(text):
        yield match[0].rstrip("/").rpartition("/")[2]
