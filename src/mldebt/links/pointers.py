"""What configuration names and counts on: files, folders, modules and services."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch

import msgspec

from mldebt.model import FileFacts, Setting

_RUN = r"(?:^|[\s;&|(\"'])"
_PROGRAM = re.compile(
    _RUN + r"(?:python[\d.]*|torchrun|accelerate launch|streamlit run)\s+(?:-[uOBWEsI]+\s+|--\w[\w\-]*=\S+\s+)*"
    r"([\w./\-]+\.py)(?=[\s;&|)\"']|$)"
)
_SCRIPT = re.compile(_RUN + r"(?:(?:bash|sh|source)\s+(?:-\w+\s+)*|(?=\./))([\w./\-]+\.(?:sh|bash))(?=[\s;&|)\"']|$)")
_REQUIRED = re.compile(
    r"\bpip3?\s+install\b[^;&|]*?\s(?:-r|--requirement)[ =]([\w./\-]+\.(?:txt|in|pip))(?=[\s;&|)\"']|$)"
)
_SERVED = re.compile(
    _RUN + r"(?:uvicorn|gunicorn|hypercorn)\s+(?:-\S+\s+(?:[\w.:]+\s+)?)*?([A-Za-z_][\w.]*):[A-Za-z_]\w*"
)
_BROUGHT = re.compile(
    r"\bgit\s+(?:clone|checkout|worktree|sparse)\b|\b(?:hub|gh repo) clone\b|\bsvn\b|\bwget\b.*\.(?:zip|tar)"
)
_WRITTEN = (".py", ".sh", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".conf", ".lock")
_DOCUMENT = (".md", ".markdown", ".rst", ".ipynb", ".txt", ".json", ".html")
_IN_IMAGE = re.compile(
    r"(?:docker|container)file|compose[^/]*\.ya?ml$|(?:^|/)(?:k8s|kubernetes|helm|charts|manifests?)/", re.I
)


class Pointer(msgspec.Struct, frozen=True, order=True):
    """A place of configuration and what it names: `kind` is how to look for it.

    "path" is found by its end from any folder, "image" by its name alone, "glob" by a pattern for its name, "module" as
    a dotted name, "served" as one that may be another distribution's, "object" as `module:name`, "host" as a service of
    the compose files.
    """

    path: str
    line: int
    named: str
    kind: str
    what: str


def pointers(files: Mapping[str, FileFacts]) -> Iterator[Pointer]:
    """Everything that configuration names, by path; what other checkouts may bring is left alone."""
    for path, facts in files.items():
        if facts.kind != "config" or path.lower().endswith(_DOCUMENT) or "{{" in path:
            continue
        name = path.lower().rpartition("/")[2]
        for pattern, read in _READERS:
            if fnmatch(name, pattern) or (pattern.startswith(".github") and fnmatch(path, pattern)):
                yield from read(path, facts)
        if not _brings(facts):
            yield from _commands(path, facts)


def _brings(facts: FileFacts) -> bool:
    """Whether a file's commands work in another checkout too."""
    return any(_BROUGHT.search(command.text) for command in facts.commands) or any(
        re.search(r"\.with\.repository$", setting.key) for setting in facts.settings
    )


def _commands(path: str, facts: FileFacts) -> Iterator[Pointer]:
    kind = "image" if _IN_IMAGE.search(path) else "path"
    for command in facts.commands:
        if re.search(r"\b(?:docker|podman|singularity)\s+(?:run|exec)\b|\bssh\b", command.text):
            continue  # its paths are those of another machine
        for pattern, what in ((_PROGRAM, "runs"), (_SCRIPT, "runs"), (_REQUIRED, "installs")):
            for match in pattern.finditer(command.text):
                if not match[1].startswith("/"):
                    yield Pointer(path, command.line, match[1], kind, what)
        served = _SERVED.search(command.text)
        if served:
            yield Pointer(path, command.line, served[1], "served", "serves")


def _prometheus(path: str, facts: FileFacts) -> Iterator[Pointer]:
    for setting in facts.settings:
        if re.fullmatch(r"rule_files\.\d+", setting.key):
            yield Pointer(path, setting.line, setting.value, "glob", "rule file")
        elif re.fullmatch(
            r"(?:scrape_configs\.\d+|alerting\.alertmanagers\.\d+)\.static_configs\.\d+\.targets\.\d+", setting.key
        ):
            yield Pointer(path, setting.line, setting.value, "host", "target")


def _compose(path: str, facts: FileFacts) -> Iterator[Pointer]:
    contexts: dict[str, str] = {}
    images: list[tuple[str, Setting]] = []
    for setting in facts.settings:
        match = re.fullmatch(
            r"services\.([^.]+)\.(build|build\.context|build\.dockerfile|env_file(?:\.\d+)?)", setting.key
        )
        if match is None or "$" in setting.value or re.search(r"://|@|\.git\b", setting.value):
            continue
        if match[2] in ("build", "build.context"):
            contexts[match[1]] = setting.value
            yield from _folder(path, setting, setting.value)
        elif match[2] == "build.dockerfile":
            images.append((match[1], setting))
        elif not posixpath.basename(setting.value).startswith(".env"):
            yield Pointer(path, setting.line, posixpath.normpath(setting.value), "path", "env_file")
    for service, setting in images:
        whole = posixpath.normpath(posixpath.join(contexts.get(service, "."), setting.value))
        yield Pointer(path, setting.line, whole, "path", "builds from")


def _folder(path: str, setting: Setting, folder: str) -> Iterator[Pointer]:
    normal = posixpath.normpath(folder)
    if normal != "." and not normal.startswith(".."):
        yield Pointer(path, setting.line, normal, "path", "builds in")


def _image(path: str, facts: FileFacts) -> Iterator[Pointer]:
    if _brings(facts):
        return
    for setting in facts.settings:
        words = [word for word in re.split(r"[\s,\[\]\"]+", setting.value) if word and not word.startswith("--")]
        if setting.key == "copy" and "--from" not in setting.value and "<<" not in setting.value:
            for word in words[:-1]:
                if word.endswith(_WRITTEN) and "://" not in word:
                    yield Pointer(path, setting.line, word.lstrip("/"), "path", "copies")


def _workflow(path: str, facts: FileFacts) -> Iterator[Pointer]:
    makes = any(re.search(r"\bmkdir\b|\bunzip\b|\btar\b", command.text) for command in facts.commands)
    for setting in facts.settings:
        last = setting.key.rpartition(".")[2]
        if last == "uses" and setting.value.startswith("./"):
            yield Pointer(path, setting.line, setting.value, "path", "uses")
        elif last == "working-directory" and not makes and not _brings(facts):
            yield Pointer(path, setting.line, setting.value, "path", "works in")


def _pipeline(path: str, facts: FileFacts) -> Iterator[Pointer]:
    moved = any(setting.key.endswith(".wdir") for setting in facts.settings)
    made = {s.value for s in facts.settings if re.search(r"\.(?:outs|metrics|plots)\.\d+$", s.key)}
    for setting in () if moved else facts.settings:
        is_code = setting.value.endswith((".py", ".sh", ".ipynb")) and setting.value not in made
        if is_code and re.fullmatch(r"stages\.[^.]+\.(?:do\.)?deps\.\d+", setting.key):
            yield Pointer(path, setting.line, setting.value, "path", "depends on")


def _scripts(path: str, facts: FileFacts) -> Iterator[Pointer]:
    for setting in facts.settings:
        value = setting.value
        if re.fullmatch(r"options\.entry_points(?:\.console_scripts|)", setting.key) and "=" in value:
            value = value.partition("=")[2]
        elif not re.fullmatch(
            r"(?:project\.(?:gui-)?scripts|tool\.poetry\.scripts)\.[^.]+(?:\.reference)?", setting.key
        ):
            continue
        found = re.fullmatch(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)(?:\.\w+|\(\))*(?:\s*\[.*)?", value.strip())
        if found:
            yield Pointer(path, setting.line, f"{found[1]}:{found[2]}", "object", "console script")


def _bento(path: str, facts: FileFacts) -> Iterator[Pointer]:
    for setting in facts.settings:
        if setting.key == "service" and ":" in setting.value:
            module = setting.value.partition(":")[0].removesuffix(".py").replace("/", ".").lstrip(".")
            yield Pointer(path, setting.line, module, "module", "service")


Reader = Callable[[str, FileFacts], Iterator[Pointer]]
_READERS: tuple[tuple[str, Reader], ...] = (
    ("prometheus*.y*ml", _prometheus),
    ("*compose*.y*ml", _compose),
    ("*dockerfile*", _image),
    (".github/workflows/*.y*ml", _workflow),
    ("dvc.yaml", _pipeline),
    ("pyproject.toml", _scripts),
    ("setup.cfg", _scripts),
    ("bentofile.y*ml", _bento),
)
