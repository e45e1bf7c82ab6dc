"""`mldebt init`: hooks, workflows and the badge, fitted to a repository; nothing that is there is changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from mldebt.app import Target
from mldebt.errors import GitError, Unreadable, UsageError
from mldebt.judge.baseline import FILE
from mldebt.read.discover import kind_of
from mldebt.read.git import default_branch, run
from mldebt.read.tree import Entry
from mldebt.read.worktree import WorkTree

HOOKS = ".pre-commit-config.yaml"
HOME = "https://github.com/mldebt/mldebt"
BADGE = "mldebt.svg"
BRANCH = "mldebt-badge"  # as in starters/mldebt-badge.yml
_WORKFLOWS = ".github/workflows/"
_GITLAB = ".gitlab-ci.yml"
_LEFTHOOK = ("lefthook.yml", ".lefthook.yml", "lefthook.yaml", ".lefthook.yaml")
_STARTERS = Path(__file__).parent / "starters"
_WHY = {
    "mldebt-badge.yml": "draws the badge on each push and keeps it on a branch of its own",
    "mldebt-comment.yml": "comments on pull requests from forks, whose own runs may not",
    "mldebt.yml": "compares each pull request with what it is merged into, and comments",
}
_LARGEST = 1_000_000  # bytes of a configuration that is read
_ITEM = re.compile(r"^( *)- +repo:", re.MULTILINE)
_OUR_HOOK = re.compile(r"\bid: *['\"]?mldebt")
_OUR_ACTION = re.compile(r"\buses: *['\"]?mldebt/mldebt@")
_OUR_PIN = re.compile(r"mldebt/mldebt@\S+")
_ON_GITHUB = re.compile(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")
_LEFTHOOK_JOBS = """\
pre-commit:
  jobs:
    - run: mldebt-changed {staged_files}
      glob: "*.{py,ipynb}"
    - run: mldebt-practices
"""
_GITLAB_JOB = """\
mldebt:
  image: python:3-slim
  script:
    - pip install mldebt=={version}
    - mldebt --format gitlab -o gl-code-quality-report.json
  artifacts:
    reports:
      codequality: gl-code-quality-report.json
"""


class Release(NamedTuple):
    """The version that runs, and the commit it was built from where the installation says so."""

    version: str
    commit: str | None = None


class File(NamedTuple):
    """A file to write, or if it is there already what to add to it; `why` is what it does."""

    path: str
    text: str
    is_there: bool
    why: str


class Start(NamedTuple):
    """What to do: files, and what to do next in that order."""

    files: list[File]
    advice: list[str]


class _Place(NamedTuple):
    """A repository: its tree, the paths in it, where it is pushed to ("" if nowhere) and its branch."""

    tree: WorkTree
    root: Path
    names: frozenset[str]
    remote: str
    branch: str

    @property
    def on_gitlab(self) -> bool:
        return not self.on_github and (_GITLAB in self.names or "gitlab" in self.remote)

    @property
    def on_github(self) -> bool:
        return "github" in self.remote or any(name.startswith(".github/") for name in self.names)


def start(where: Target, release: Release) -> Start:
    """What fits a repository. Raises UsageError outside git, where no hook can run."""
    if not where.in_git:
        raise UsageError(f"{where.root} is in no git repository, and hooks need one: run `git init` first")
    tree = WorkTree(where.root)
    names = frozenset(entry.path for entry in tree.entries()[0])
    place = _Place(tree, where.root, names, _remote(where.root), _branch(where.root))
    hooks, workflows = _hooks(place, release), _workflows(place, release)
    files = [*([hooks] if hooks is not None else []), *workflows]
    return Start(files, _advice(place, hooks, workflows))


def write(root: Path, file: File) -> None:
    """Write a new file. Raises UsageError if it is there meanwhile, lies behind a link, or cannot be written."""
    target = root / file.path
    if not target.parent.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{file.path} would lie outside the repository, behind a link: it is not written")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(file.text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {file.path}: {error.strerror}") from error


def _remote(root: Path) -> str:
    try:
        return run(root, "remote", "get-url", "origin").decode(errors="replace").strip()
    except GitError:
        return ""


def _branch(root: Path) -> str:
    """The name of the branch that others start from; without commits the one that is checked out."""
    found = default_branch(root)
    try:
        named = run(root, "rev-parse", "--abbrev-ref", found) if found else run(root, "symbolic-ref", "--short", "HEAD")
    except GitError:
        return "main"
    return named.decode(errors="replace").strip().removeprefix("origin/")


def _text(place: _Place, name: str) -> str:
    """What a file holds; nothing of one that is a link, or cannot be read."""
    try:
        size = min((place.root / name).lstat().st_size, _LARGEST)
        return place.tree.read(Entry(name, size)).decode(errors="replace")
    except (Unreadable, OSError):
        return ""


def _is_there(place: _Place, name: str) -> bool:
    target = place.root / name
    return target.exists() or target.is_symlink()


def _hooks(place: _Place, release: Release) -> File | None:
    """The hooks' file or the block to add to it; None if it has hooks of ours."""
    why = "reports on each commit what it adds"
    other = next((name for name in _LEFTHOOK if name in place.names), None)
    if other is not None and not _is_there(place, HOOKS):
        return None if "mldebt" in _text(place, other) else File(other, _LEFTHOOK_JOBS, True, why)
    if not _is_there(place, HOOKS):
        return File(HOOKS, f"repos:\n{_block(place.names, release, 2)}", False, why)
    written = _text(place, HOOKS)
    if _OUR_HOOK.search(written):
        return None
    item = _ITEM.search(written)
    return File(HOOKS, _block(place.names, release, len(item[1]) if item is not None else 2), True, why)


def _block(names: frozenset[str], release: Release, indent: int) -> str:
    """The list item of the hooks' file."""
    count = sum(kind_of(name) == "notebook" for name in names)
    notebooks = f" # reads the {count} notebook{'' if count == 1 else 's'} too" if count else ""
    lines = [
        f"- repo: {HOME}",
        f"  rev: v{release.version}",
        "  hooks:",
        f"    - id: mldebt-changed{notebooks}",
        "    - id: mldebt-practices",
        *(["    - id: mldebt-baseline"] if FILE in names else []),
    ]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _workflows(place: _Place, release: Release) -> list[File]:
    """The workflows that are not there; on GitLab the job to add."""
    if place.on_gitlab:
        written = _text(place, _GITLAB)
        job = _GITLAB_JOB.format(version=release.version)
        why = "shows debt in merge requests"
        return [] if "mldebt" in written else [File(_GITLAB, job, _is_there(place, _GITLAB), why)]
    if not place.on_github:
        return []
    used = (_text(place, name) for name in sorted(place.names) if name.startswith(_WORKFLOWS))
    if any(_OUR_ACTION.search(text) for text in used):
        return []
    found = [_workflow(place, release, starter) for starter in sorted(_STARTERS.glob("*.yml"))]
    return [file for file in found if not _is_there(place, file.path)]


def _workflow(place: _Place, release: Release, starter: Path) -> File:
    """A workflow of ours for this repository's branch, with the commit of the Action where it is known."""
    text = starter.read_text(encoding="utf-8")
    pin = f"{release.commit} # v{release.version}" if release.commit else f"v{release.version}"
    branch = place.branch if re.fullmatch(r"[\w./-]+", place.branch) else f"'{place.branch}'"
    fitted = text.replace("branches: [main]", f"branches: [{branch}]")
    return File(_WORKFLOWS + starter.name, _OUR_PIN.sub(f"mldebt/mldebt@{pin}", fitted), False, _WHY[starter.name])


def _advice(place: _Place, hooks: File | None, workflows: list[File]) -> list[str]:
    """What to do next, each with the reason."""
    runner = "lefthook" if hooks is not None and hooks.path in _LEFTHOOK else "pre-commit"
    advice = [f"`{runner} install` runs the hooks on each commit" if hooks else "there are hooks of mldebt already"]
    if FILE not in place.names:
        advice.append("`mldebt baseline` accepts the debt there is, so that `--fail-on new` counts what comes after it")
    if any("mldebt/mldebt@v" in file.text for file in workflows):
        advice.append("pin mldebt in the workflows by the tag's commit, as Dependabot keeps it: tags can be moved")
    if not place.on_github and not place.on_gitlab:
        advice.append("once it is on GitHub or GitLab, `mldebt init` has a workflow for it: run it again")
    return [*advice, *_badge(place)]


def _badge(place: _Place) -> list[str]:
    """How to show the grade, in the markup of the README."""
    readme = next((name for name in sorted(place.names) if name.lower() in ("readme.md", "readme.rst")), "README.md")
    if not place.on_github:
        return [f"`mldebt badge -o {BADGE}` draws the grade; in {readme} this shows it:\n{_image(readme, BADGE)}"]
    lines = [f"once the badge's workflow ran, this in {readme} shows the grade:\n{_image(readme, _RAW)}"]
    found = _ON_GITHUB.search(place.remote)
    if found is not None:
        raw = f"https://raw.githubusercontent.com/{found[1]}/{BRANCH}/badge.json"
        drawn = f"https://img.shields.io/endpoint?url={quote(raw, safe='')}"
        lines.append(f"or, if the repository is public, as shields.io draws it:\n{_image(readme, drawn)}")
    return lines


_RAW = f"../../raw/{BRANCH}/badge.svg"  # GitHub takes it from the README's page, also in a private repository


def _image(readme: str, address: str) -> str:
    if readme.lower().endswith(".rst"):
        return f".. image:: {address}\n   :alt: ML debt\n   :target: {HOME}"
    return f"[![ML debt]({address})]({HOME})"
