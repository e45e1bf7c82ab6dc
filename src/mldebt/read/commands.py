"""The commands in scripts, build files and documents, a continued line being one command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mldebt.model import Code, Command
from mldebt.read.python import parse_error

_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*([\w+\-]*)")
_SHELL_WORDS = frozenset({"", "bash", "sh", "shell", "console", "zsh", "shell-session", "text", "cmd", "powershell"})
_PYTHON_WORDS = frozenset({"python", "py", "python3", "ipython", "pycon"})
_LOOKS_RUN = re.compile(
    r"(?:\$ |> |! ?)?(?:\w+=\S+ )*"
    r"(?:python3?|torchrun|accelerate|deepspeed|bash|sh|pip3?|uv|poetry|conda|make|dvc|CUDA)"
)


def shell(text: str) -> Iterator[Command]:
    """The lines of a shell script that are no comments."""
    for number, line in _continued(text.split("\n")):
        if line and not line.startswith("#"):
            yield Command(line, number)


def _continued(lines: list[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their number, those that end in a backslash joined with the next."""
    held: list[str] = []
    start = first
    for number, line in enumerate(lines, first):
        if not held:
            start = number
        stripped = line.strip()
        if stripped.endswith("\\"):
            held.append(stripped[:-1].strip())
        else:
            yield start, " ".join([*held, stripped]).strip()
            held = []
    if held:
        yield start, " ".join(held)


def makefile(text: str) -> Iterator[Command]:
    """The recipes of a Makefile, without `@` and `-`."""
    lines = [line if line.startswith(("\t", "  ")) else "" for line in text.split("\n")]
    for number, line in _continued(lines):
        if line:
            yield Command(line.lstrip("@-+ "), number)


def dockerfile(text: str) -> Iterator[Command]:
    """What RUN, CMD and ENTRYPOINT run, in shell form and in JSON form."""
    for number, line in _continued(text.split("\n")):
        match = re.match(r"(?:RUN|CMD|ENTRYPOINT)\s+(.*)", line, re.IGNORECASE)
        if match:
            yield Command(_shell_form(match[1]), number)


def _shell_form(text: str) -> str:
    if not text.startswith("["):
        return text
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return " ".join(str(word) for word in words) if isinstance(words, list) else text


def markdown(text: str) -> Iterator[Command]:
    """The commands a document shows in fenced or indented blocks, prompts taken off."""
    for language, first, lines in _blocks(text):
        if language in _SHELL_WORDS:
            for number, line in _continued(lines, first):
                command = re.sub(r"^(?:\$|>|!|%)\s*", "", line)
                if command and not command.startswith("#"):
                    yield Command(command, number)


def python_examples(text: str) -> Iterator[Code]:
    """The Python programs a document shows, those that parse; lines are numbered as in the document."""
    for language, first, lines in _blocks(text):
        if language in _PYTHON_WORDS and lines:
            source = "\n".join(re.sub(r"^\s*(?:>>>|\.\.\.) ?", "", line) for line in lines)
            if parse_error(source) is None:
                yield Code("\n" * (first - 1) + source + "\n", name=f"example.at{first}")


def _blocks(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """The code blocks of a document: language, number of the first line, lines."""
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
        elif line.startswith(("    ", "\t")) and _LOOKS_RUN.match(line.strip()):
            yield "", number, [line]
