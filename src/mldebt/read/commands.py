"""The commands in scripts, build files and documents, a continued line being one command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json import loads

from mldebt.model import Code, Command, Setting
from mldebt.read.python import parse_error

_HEADING = re.compile(
    r"^#{1,4}[ \t]+([^\n]+)|^([^\n]+)\n(?:={3,}|-{3,})[ \t]*$|<h[1-3][^>]*>([^<]{1,500})", re.MULTILINE
)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+\-]*)")
_SHELL_WORDS = frozenset("bash sh shell console zsh shell-session shellsession cmd powershell".split())
_PYTHON_WORDS = frozenset("python py python3 ipython pycon".split())
_LOOKS_RUN = re.compile(
    r"(?:[$>!%] ?)?(?:\w+=\S* +)*(?:python[\d.]*|torchrun|accelerate|deepspeed|mpirun|horovodrun|bash|sh|pip3?|uv"
    r"|poetry|conda|mamba|make|dvc|mlflow|jupyter|streamlit|uvicorn|gunicorn|docker|\./[\w./\-]+)(?:\s|$)"
)
_HERE_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1(?:\s|$)")
_VARIABLE = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?=\s*(\S.{0,200})")
_WHOLE = re.compile(r"^\s*(?:\.\. automodule:: *|::: *)([A-Za-z_][\w.]*)", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\s*\.\. (?:auto|py:)?(?:class|function|method|data|exception)\w*:: *(.{1,200})", re.M)
_HEADING = re.compile(r"^#{1,6} (.{1,200})", re.MULTILINE)
_CODED = re.compile(r"\b(?:[A-Za-z]+[_\d]\w*|[A-Z]+[a-z]+[A-Z]\w*)\b")  # what no plain word of a heading looks like
_SPAN = re.compile(r"`([^`\n]{1,200})`")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_MOST_MENTIONS = 20_000
_STEP = re.compile(r"\b(?:sh|bat|powershell)\s*\(?\s*(?:script:\s*)?('{3}|\"{3}|'|\")(.{0,5000}?)(?<!\\)\1", re.DOTALL)


def shell(text: str) -> Iterator[Command]:
    """The lines of a shell script that are no comments and no here-documents."""
    end = ""
    for number, line in _continued(text.split("\n")):
        if end:
            end = "" if line == end else end
        elif line and not line.startswith("#"):
            yield Command(line, number)
            document = _HERE_DOCUMENT.search(line)
            end = document[2] if document else ""


def _continued(lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their number, those that end in a backslash joined with the next; comments between them go."""
    held: list[str] = []
    start = first
    for number, line in enumerate(lines, first):
        stripped = line.strip()
        if not held:
            start = number
        elif stripped.startswith("#"):
            continue
        if stripped.endswith("\\"):
            held.append(stripped[:-1].strip())
        else:
            yield start, " ".join([*held, stripped]).strip()
            held = []
    if held:
        yield start, " ".join(held)


def makefile(text: str) -> Iterator[Command]:
    """The recipes of a Makefile, without `@` and `-`, its plain variables put in."""
    lines = text.split("\n")
    variables = {match[1]: match[2].strip() for line in lines if (match := _VARIABLE.match(line))}
    for number, line in _continued(line if line.startswith(("\t", "  ")) else "" for line in lines):
        recipe = line.lstrip("@-+ ")
        if recipe and not recipe.startswith("#"):
            yield Command(re.sub(r"\$[({](\w+)[)}]", lambda m: variables.get(m[1], m[0]), recipe), number)


def procfile(text: str) -> Iterator[Command]:
    """The command of each process type."""
    for command in shell(text):
        yield Command(command.text.partition(":")[2].strip() or command.text, command.line)


def jenkinsfile(text: str) -> Iterator[Command]:
    """What the `sh`, `bat` and `powershell` steps run."""
    first, counted = 1, 0
    for match in _STEP.finditer(text):
        first += text.count("\n", counted, match.start(2))
        counted = match.start(2)
        for command in shell(match[2]):
            yield Command(command.text, first + command.line - 1)


def dockerfile(text: str) -> Iterator[Command]:
    """What RUN, CMD and ENTRYPOINT run, in shell form and in JSON form."""
    for number, line in _continued(text.split("\n")):
        match = re.match(
            r"(?:ONBUILD\s+|HEALTHCHECK\s.*?)?(?:RUN|CMD|ENTRYPOINT)\s+(?:--\S+\s+)*(.*)", line, re.IGNORECASE
        )
        if match and match[1]:
            yield Command(_shell_form(match[1]), number)


def image_settings(text: str) -> Iterator[Setting]:
    """What FROM, ENV, ARG, USER, COPY and ADD say, by the instruction in small letters; ADD is "copy" too."""
    for number, line in _continued(text.split("\n")):
        match = re.match(r"(?:ONBUILD\s+)?(FROM|ENV|ARG|USER|HEALTHCHECK|COPY|ADD)\s+(.*)", line, re.IGNORECASE)
        if match:
            name = match[1].lower()
            yield Setting("copy" if name == "add" else name, match[2], number)


def _shell_form(text: str) -> str:
    if not text.startswith("["):
        return text
    try:
        words = loads(text)
    except (ValueError, RecursionError):
        return text
    return " ".join(str(word) for word in words) if isinstance(words, list) else text


def markdown(text: str) -> Iterator[Command]:
    """The commands a document shows: in blocks of a shell, and in other blocks and in the text what looks like one."""
    for language, first, lines in _blocks(text):
        prompted = any(line.lstrip().startswith("$ ") for line in lines)
        for number, line in _continued(lines, first):
            shown = line.startswith("$ ") if prompted else language in _SHELL_WORDS or _LOOKS_RUN.match(line)
            command = re.sub(r"^[$>!%]\s*", "", line)
            if shown and command and not command.startswith("#"):
                yield Command(command, number)


def headings(text: str) -> Iterator[Setting]:
    """The headings of a document, in Markdown, reStructuredText or HTML; without tags."""
    line, counted = 1, 0
    for match in _HEADING.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found = next((group for group in match.groups() if group), "")
        yield Setting("heading", re.sub(r"<[^>]*>|\s+", " ", found).strip()[:200], line)


def python_examples(text: str) -> Iterator[Code]:
    """The Python programs a document shows, those that parse; lines are numbered as in the document."""
    for language, first, lines in _blocks(text):
        if language in _PYTHON_WORDS and lines:
            source = "\n".join(re.sub(r"^\s*(?:>>>|\.\.\.) ?", "", line) for line in lines)
            if parse_error(source) is None:
                yield Code("\n" * (first - 1) + source + "\n", name=f"example.at{first}")


def mentions(text: str) -> list[str]:
    """The names a document shows as code, sorted; "a.b.*" for a module it documents whole, "**" for everything."""
    found = {f"{name}.*" for name in _WHOLE.findall(text)}
    found.update(["**"] if ":recursive:" in text else [])
    shown = _SPAN.findall(text)
    shown.extend(line for language, _, lines in _blocks(text) if language not in _SHELL_WORDS for line in lines)
    shown.extend(_DIRECTIVE.findall(text))
    shown.extend(word for line in _HEADING.findall(text) for word in _CODED.findall(line))
    for code in shown:
        found.update(_DOTTED.findall(code))
    return sorted(found)[:_MOST_MENTIONS]


def _blocks(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """The code of a document: language, number of the first line, lines. Code in a line is a block of one line."""
    fence, language, first = "", "", 0
    block: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.match(line)
        if fence:
            if match and match[1].startswith(fence) and not match[2]:
                yield language, first, block
                fence = ""
            else:
                block.append(line)
        elif match:
            fence, language, first, block = match[1], match[2].lower(), number + 1, []
        elif line.startswith(("    ", "\t")):
            yield "", number, [line]
        else:
            yield from (("", number, [code]) for code in re.findall(r"`([^`\n]{3,200})`", line) if " " in code)
    if fence:
        yield language, first, block
