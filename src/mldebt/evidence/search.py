"""What of a tool a repository shows: its package declared, its modules imported, its functions called, its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from mldebt.evidence.context import demoted
from mldebt.evidence.items import Item
from mldebt.evidence.packages import normal
from mldebt.evidence.scene import Row, Scene, Use
from mldebt.practices import ORDER, STRENGTHS, Line, Setting, Strength, Tool

_CALLED = re.compile(r"([^(]+)(?:\(([\w.]+)(?:=(.+))?\))?")
_PROSE = (".md", ".markdown", ".rst")
_MOST = 20  # pieces of evidence of one kind of one tool: more of them prove no more


class Search:
    """The search for the signs of one practice's tools; `home` tells which practice an import alone speaks for."""

    def __init__(self, scene: Scene, practice: str, home: dict[str, str]) -> None:
        self._scene = scene
        self._practice = practice
        self._home = home

    def items(self, tool: Tool) -> Iterator[Item]:
        """The evidence for a tool, demoted by its place and by what it lacks."""
        if self._is_own(tool):
            return
        for kind, find in _KINDS.items():
            usual = tool.strength.get(kind, STRENGTHS[kind])
            if kind == "lines":
                usual = tool.strength.get("lines", tool.strength.get("settings", usual))
            for count, item in enumerate(find(self, tool, usual)):
                if count == _MOST:
                    break
                yield self._weighed(tool, item)

    def _is_own(self, tool: Tool) -> bool:
        own = self._scene.own_names
        return bool(own) and any(normal(name.partition(".")[0]) in own for name in (*tool.imports, *tool.packages))

    def _weighed(self, tool: Tool, item: Item) -> Item:
        strength = demoted(item.strength, item.path, self._practice, self._scene.all_shown)
        if tool.needs and not self._has_needs(tool, item.path):
            strength = "weak"
        return msgspec.structs.replace(item, strength=strength, lesser=item.imported or strength != item.strength)

    def _has_needs(self, tool: Tool, path: str) -> bool:
        for kind, patterns in tool.needs.items():
            if kind == "files" and not any(self._scene.paths.matching(glob) for glob in patterns):
                return False
            if kind == "path" and not any(re.search(pattern, path, re.IGNORECASE) for pattern in patterns):
                return False
            if kind == "words" and not self._says(path, patterns):
                return False
        return True

    def _says(self, path: str, patterns: tuple[str, ...]) -> bool:
        found = re.compile("|".join(patterns), re.IGNORECASE)
        rows = (row.text for row in self._scene.rows(path))
        return any(found.search(word) for word in (*self._scene.words(path), *rows))

    # -- kinds of evidence ---------------------------------------------------------------------------------------

    def _packages(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for package in tool.packages:
            one = self._scene.declared.get(normal(package))
            if one is not None:
                yield Item(usual, one.path, one.line, tool.tool, f"declares `{one.name}`")

    def _imports(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for module in tool.imports:
            home = self._home.get(module, self._home.get(module.partition(".")[0]))
            strength: Strength = usual if home in (None, self._practice) else "weak"
            for full, use in self._scene.imports.get(module.partition(".")[0], ()):
                if full == module or full.startswith(f"{module}."):
                    yield Item(strength, use.path, use.line, tool.tool, f"imports `{module}`", imported=True)

    def _calls(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for spelled in tool.calls:
            match = _CALLED.fullmatch(spelled)
            assert match is not None, f"the catalogue names {spelled}"
            for use in self._uses(tool, match[1]):
                if _has_argument(use, match[2], match[3]):
                    yield self._call(tool, usual, match[1], use)

    def _uses(self, tool: Tool, name: str) -> Iterator[Use]:
        if not name.startswith("*."):
            yield from self._scene.calls.get(name, ())
            return
        if name.count("_") > 1 and any(module.partition(".")[0] in self._scene.imports for module in tool.imports):
            yield from self._scene.methods.get(
                name[2:], ()
            )  # so long a name is the tool's own, whoever holds the object
            return
        importing: set[str] = set()
        for module in tool.imports:
            first = module.partition(".")[0]
            importing.update(
                use.path
                for full, use in self._scene.imports.get(first, ())
                if full == module or full.startswith(f"{module}.")
            )
        for use in self._scene.methods.get(name[2:], ()):
            if use.path in importing:
                yield from self._scene.called_as.get((use.path, name[2:]), [use])

    def _call(self, tool: Tool, usual: Strength, name: str, use: Use) -> Item:
        note = f"calls `{name.removeprefix('*')}`"
        guard = next((g for g in use.call.guards if self._scene.is_off(g, use.path)), None) if use.call else None
        doubt = f"only if `{guard}` holds, which is off by default" if guard is not None else ""
        if not doubt and self._scene.is_dead(use):
            doubt = "nothing reaches that code"
        return Item(_weaker(usual) if doubt else usual, use.path, use.line, tool.tool, note, doubt)

    def _files(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for glob in tool.files:
            for path in self._scene.paths.matching(glob):
                yield Item(usual, path, 0, tool.tool, "is there")

    def _settings(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for wanted in tool.settings:
            places = self._holding(wanted)
            found = [item for path, rows in places for item in self._setting(tool, wanted, path, rows, usual)]
            if len(found) >= wanted.min_count:
                yield from found

    def _configured(self, wanted: Setting | Line) -> Iterator[str]:
        for glob in (wanted.file,) if isinstance(wanted.file, str) else wanted.file:
            yield from (path for path in self._scene.paths.matching(glob) if not path.lower().endswith(_PROSE))

    def _holding(self, wanted: Setting) -> list[tuple[str, list[Row]]]:
        """The files a setting may stand in, each with the rows whose key begins as the wanted one does."""
        first = wanted.key.partition(".")[0]
        if "*" in first:
            return [(path, self._scene.rows(path)) for path in self._configured(wanted)]
        under = self._scene.under.get(first, {})
        return [(path, under[path]) for path in self._configured(wanted) if path in under] if under else []

    def _setting(self, tool: Tool, wanted: Setting, path: str, rows: list[Row], usual: Strength) -> Iterator[Item]:
        key, value = key_pattern(wanted.key), re.compile(wanted.value, re.MULTILINE)
        for row in rows:
            if not row.key or not key.match(row.key) or (wanted.value and not value.search(row.value)):
                continue
            note = f"sets `{row.key}`" + (f" to {row.value[:60]}" if wanted.value else "")
            item = Item(wanted.strength or usual, path, row.line, tool.tool, note)
            if path in self._scene.unselected:
                item = Item(_weaker(item.strength), path, row.line, tool.tool, note, "no default selects it")
            yield item if not wanted.must_exist or self._exists(path, row) else _dangling(item, row)
            if wanted.min_count == 1:
                return

    def _exists(self, path: str, row: Row) -> bool:
        named = row.value.strip().lstrip("./").rpartition("/")[2]
        return bool(named) and bool(self._scene.paths.matching(f"**/{named}"))

    def _lines(self, tool: Tool, usual: Strength) -> Iterator[Item]:
        for wanted in tool.lines:
            said = [path for path in self._configured(wanted) if self._scene.text(path)]
            for path in said:
                if re.search(wanted.text, self._scene.text(path), re.MULTILINE):
                    yield from self._line(tool, wanted, path, usual)

    def _line(self, tool: Tool, wanted: Line, path: str, usual: Strength) -> Iterator[Item]:
        pattern = re.compile(wanted.text)
        row = next((row for row in self._scene.rows(path) if pattern.search(row.text)), None)
        if row is not None:
            yield Item(usual, path, row.line, tool.tool, f"says `{row.text.strip()[:60]}`")


_KINDS = {
    "packages": Search._packages,
    "imports": Search._imports,
    "calls": Search._calls,
    "files": Search._files,
    "settings": Search._settings,
    "lines": Search._lines,
}


@lru_cache(maxsize=1024)
def key_pattern(key: str) -> re.Pattern[str]:
    """A dotted key as a pattern: `*` is one part, `**` any number; it stands for all below it."""
    known = {"**": r"(?:[^.]+\.)*", "*": r"[^.]+\."}
    text = "".join(known.get(part, re.escape(part) + r"\.") for part in key.split("."))
    return re.compile(text.removesuffix(r"\.") + r"(?:\.|$)")


def _has_argument(use: Use, name: str | None, value: str | None) -> bool:
    if name is None:
        return True
    if use.call is None:
        return False
    wanted = f"{name}={value}" if value else name
    if name == "0":
        return any(a.startswith(wanted) for a in use.call.arguments)
    given = (a for a in use.call.arguments if a.partition("=")[2] not in ("None", "False") or a == wanted)
    return any(a == wanted or (not value and a.partition("=")[0] == name) for a in given)


def _weaker(strength: Strength) -> Strength:
    return ORDER[max(1, ORDER.index(strength) - 1)]


def _dangling(item: Item, row: Row) -> Item:
    return Item("weak", item.path, item.line, item.tool, item.note, f"{row.value.strip()} is not in the tree")
