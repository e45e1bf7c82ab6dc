"""The modules of a repository as numbered units, and which file an import statement means.

A unit is one Python module: a `.py` file, the code of a notebook, or a module written by a notebook's cell. Its
definitions are numbered through the whole repository: a *node* is `unit.base + index of the definition`.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from mldebt.model import FileFacts, ModuleFacts


class Unit(msgspec.Struct, frozen=True):
    """One module: `path` is its file, `module` its index in the file's facts, `base` the node of its body.

    `folder` is that of the file, empty for the repository's root.
    """

    index: int
    path: str
    module: int
    base: int
    facts: ModuleFacts
    folder: str

    @property
    def is_notebook(self) -> bool:
        """Whether the module is a notebook's own code."""
        return self.path.endswith(".ipynb") and not self.facts.name

    @property
    def is_code(self) -> bool:
        """Whether the module is a program's and not an example in a document."""
        return self.path.endswith((".py", ".ipynb")) or "." not in posixpath.basename(self.path)

    @property
    def is_package(self) -> bool:
        """Whether the module is a package's `__init__`."""
        return posixpath.basename(self.path) == "__init__.py"


def units(files: Mapping[str, FileFacts]) -> list[Unit]:
    """All modules in the order of their paths."""
    found: list[Unit] = []
    base = 0
    for path, facts in files.items():
        for module, module_facts in enumerate(facts.modules):
            found.append(Unit(len(found), path, module, base, module_facts, posixpath.dirname(path)))
            base += len(module_facts.definitions)
    return found


class Locator:
    """Finds the unit a dotted name means, seen from a unit; it errs towards finding one.

    Searched in order: the importer's own folder (how a script sees its siblings), each folder above it up to the
    root, `src` and `lib` folders, and last any folder that holds the name's first part if just one does. No module
    imports itself, if there is another one of its name.
    """

    def __init__(self, all_units: list[Unit]) -> None:
        self._at: dict[str, int] = {}
        self._folders: set[str] = {""}
        self._known: dict[tuple[str, str, str], tuple[str, list[str]] | None] = {}
        self._holders: dict[str, set[str]] = defaultdict(set)
        for unit in all_units:
            self._add(unit)

    def _add(self, unit: Unit) -> None:
        if unit.facts.name:
            self._place(posixpath.join(unit.folder, *unit.facts.name.split(".")), unit.index)
        elif unit.path.endswith(".py"):
            self._place(unit.folder if unit.is_package else unit.path[:-3], unit.index)

    def _place(self, stem: str, index: int) -> None:
        self._at.setdefault(stem, index)
        folder = posixpath.dirname(stem)
        self._holders[posixpath.basename(stem)].add(folder)
        while folder and folder not in self._folders:
            self._folders.add(folder)
            self._holders[posixpath.basename(folder)].add(posixpath.dirname(folder))
            folder = posixpath.dirname(folder)

    def find(self, importer: Unit, dotted: str) -> tuple[str, list[str]] | None:
        """The longest stem ("pkg/sub/mod") that the name reaches, and the parts left over; None if foreign.

        `dotted` may begin with dots, as in a relative import.
        """
        stem = importer.path.removesuffix(".py")
        own = stem if posixpath.basename(stem) == dotted.partition(".")[0] else ""
        return self.seen_from(importer.folder, dotted, own)

    def seen_from(self, folder: str, dotted: str, own: str = "") -> tuple[str, list[str]] | None:
        """As `find`, for whoever lies in a folder; `own` is the stem of a module that the name does not mean itself."""
        key = (folder, dotted, own)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, folder: str, dotted: str, own: str) -> tuple[str, list[str]] | None:
        stripped = dotted.lstrip(".")
        parts = stripped.split(".") if stripped else []
        level = len(dotted) - len(stripped)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self._descend(folder, parts)
        best: tuple[str, list[str]] | None = None
        itself: tuple[str, list[str]] | None = None
        for root in self._roots(folder, parts[0]):
            found = self._descend(root, parts)
            if own and posixpath.join(root, parts[0]) == own:
                itself = found
                continue
            if found is not None and not found[1]:
                return found
            if found is not None and len(found[1]) < len(parts if best is None else best[1]):
                best = found
        return best or itself

    def _roots(self, folder: str, first: str) -> Iterator[str]:
        holders = self._holders.get(first)
        if not holders:
            return
        while True:
            for candidate in (folder, posixpath.join(folder, "src"), posixpath.join(folder, "lib")):
                if candidate in holders:
                    yield candidate
            if not folder:
                break
            folder = posixpath.dirname(folder)
        if len(holders) == 1 and first not in _FOREIGN_NAMES:
            yield from holders

    def _descend(self, folder: str, parts: list[str]) -> tuple[str, list[str]] | None:
        stem = folder
        for index, part in enumerate(parts):
            inner = posixpath.join(stem, part)
            if inner not in self._at and inner not in self._folders:
                return (stem, parts[index:]) if stem in self._at or stem in self._folders else None
            stem = inner
        return stem, []

    def unit_at(self, stem: str) -> int | None:
        """The unit whose module or package this stem is; None for a folder without `__init__`."""
        return self._at.get(stem)

    def within(self, stem: str, part: str) -> str | None:
        """The stem of a submodule or folder inside a package; None if there is none."""
        inner = posixpath.join(stem, part)
        return inner if inner in self._at or inner in self._folders else None


# packages so common that a lone folder of the name deep in a repository does not mean them
_FOREIGN_NAMES = frozenset(
    """torch numpy pandas sklearn tensorflow keras transformers datasets scipy matplotlib jax flax cv2 PIL yaml tqdm
    wandb mlflow ray optuna hydra accelerate evaluate tokenizers requests logging json types typing random math time
    os sys re test tests setup config collections copy code""".split()
)
