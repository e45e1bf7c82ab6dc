"""What the keys of configuration files and the defaults of options say, as far as names of stored things go."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from mldebt.model import FileFacts, Setting

_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".env")
_TOOLS = re.compile(
    r"(^|/)(\.[^/]*/.*|package(-lock)?\.json|pyproject\.toml|mkdocs\.ya?ml|docker-compose[^/]*|compose\.ya?ml|conda[^/]*"
    r"|environment[^/]*|setup\.cfg|tox\.ini|dvc\.lock|dvc\.yaml)$",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\$\{(?:oc\.\w+:)?([\w.\-]+)\}|\{\{\s*([\w.\-]+)\s*\}\}|\$\{[^{}]*\}")
_CODED = frozenset({"KIND", "_target_", "class_path", "type", "kind", "class", "target", "_type"})
_MOST = 4
_DEEPEST = 4


class Configured:
    """The settings of a repository that is loaded by its code."""

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self.is_loaded = any(module.loads for facts in files.values() for module in facts.modules)
        self._files = {p: f for p, f in files.items() if p.endswith(_SUFFIXES) and not _TOOLS.search(p)}

    @cached_property
    def _by_key(self) -> dict[str, list[tuple[str, Setting]]]:
        """The settings by key, and those of a file in a folder of groups (Hydra) by `folder.key` too."""
        found: dict[str, list[tuple[str, Setting]]] = defaultdict(list)
        for path, facts in self._files.items():
            group = posixpath.basename(posixpath.dirname(path))
            for setting in facts.settings:
                found[setting.key].append((path, setting))
                if group:
                    found[f"{group}.{setting.key}"].append((path, setting))
        return found

    def values(self, key: str, preferred: frozenset[str] = frozenset()) -> list[str]:
        """What a key is set to, sorted; nothing if too many files say something different of it."""
        pairs = self._by_key.get(key, [])
        pairs = [pair for pair in pairs if pair[0] in preferred] or pairs
        found = sorted({self.filled(path, setting.value) for path, setting in pairs})
        return found if len(found) <= _MOST else []

    def filled(self, path: str, value: str, depth: int = 0) -> str:
        """A value with what it interpolates from its own file, or else from anywhere; `*` for what is not known."""

        def of(match: re.Match[str]) -> str:
            key = match[1] or match[2] or ""
            own = [s.value for s in self._files[path].settings if s.key == key] if path in self._files else []
            found = own or [setting.value for _, setting in self._by_key.get(key, [])]
            return self.filled(path, found[0], depth + 1) if len(set(found)) == 1 and depth < _DEEPEST else "*"

        return _INSIDE.sub(of, value)

    @cached_property
    def _made(self) -> dict[tuple[str, str], list[tuple[str, Setting]]]:
        """The settings of sections that name a class, by (class, key)."""
        found: dict[tuple[str, str], list[tuple[str, Setting]]] = defaultdict(list)
        for path, facts in self._files.items():
            holders = {s.key.rpartition(".")[0]: s.value for s in facts.settings if s.key.rpartition(".")[2] in _CODED}
            for setting in facts.settings if holders else ():
                holder, _, name = setting.key.rpartition(".")
                if holder in holders:
                    found[holders[holder].rpartition(".")[2], name].append((path, setting))
        return found

    def naming(self) -> list[str]:
        """The files that name a class they give fields, sorted."""
        return sorted({path for pairs in self._made.values() for path, _ in pairs})

    def made(self, name: str, field: str) -> list[tuple[str, str, int]]:
        """What sections that name this class give one of its fields, as (value, path, line)."""
        pairs = self._made.get((name, field), [])
        return [(self.filled(path, setting.value), path, setting.line) for path, setting in pairs]
