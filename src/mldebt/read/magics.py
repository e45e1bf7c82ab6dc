"""What IPython adds to Python, taken out of a cell so that a line stays a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_CELL_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*(.*)")
_RUNS_PYTHON = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "mprun", "python", "python3", "py", "skip", "heat"}
)
_SHELLS = frozenset({"bash", "sh", "shell", "system", "sx", "script", "cmd"})
_LINE_TIMERS = re.compile(
    r"(\s*%{1,2}(?:time|timeit|prun|memit|lprun|mprun|snakeviz)\b"
    r"(?:[ \t]+-f[ \t]+[\w.]+|[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]*)(\S.*)?$"
)
_LINE_MAGIC = re.compile(r"(\s*)%([A-Za-z_]\w*)[ \t]*(.*)$")
_SHELL = re.compile(r"(\s*)!{1,2}[ \t]*(.*)$")
_ASSIGNED = re.compile(r"(\s*[A-Za-z_][\w, \t]*=[ \t]*)([%!])(.*)$")
_HELP = re.compile(r"\s*(?:\?{1,2}[\w.*]+|[\w.*\[\]'\"]+\?{1,2})\s*$")


class Translated(msgspec.Struct):
    """A cell as Python: `lines` as many as it had, `commands` (line, text), and the module it writes, if any."""

    lines: list[str]
    commands: list[tuple[int, str]] = []
    writes: str = ""
    body: list[str] = []


def translate(text: str) -> Translated:
    """A code cell's source without magics, shell lines and help."""
    lines = _dedented(text.split("\n"))
    head = next((i for i, line in enumerate(lines) if line.strip()), None)
    match = _CELL_MAGIC.match(lines[head]) if head is not None else None
    if match is None or head is None:
        return _lines(lines)
    name, rest = match[1], match[2].strip()
    blank = [""] * len(lines)
    if name in _RUNS_PYTHON:
        bound = rest.split()[-1] if name == "capture" and rest and not rest.split()[-1].startswith("-") else ""
        inner = _lines([*[""] * (head + 1), *lines[head + 1 :]])
        inner.lines[head] = f"{bound} = None" if bound.isidentifier() else ""
        return inner
    if name in _SHELLS:
        return Translated(
            blank, [(i, line.strip()) for i, line in enumerate(lines, 1) if i > head + 1 and line.strip()]
        )
    if name in ("writefile", "file"):
        return _writes(lines, head, rest, blank)
    return Translated(blank)


def _dedented(lines: list[str]) -> list[str]:
    """As IPython does: if the first line is indented, its indentation goes from all lines that have it."""
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(margin) for line in lines] if margin else lines


def _writes(lines: list[str], head: int, rest: str, blank: list[str]) -> Translated:
    """`%%writefile pkg/x.py`: the body is a module of its own."""
    target = rest.split()[-1].strip("'\"") if rest.split() else ""
    if not re.fullmatch(r"[\w./\-]+\.py", target):
        return Translated(blank)
    name = ".".join(part for part in target[:-3].split("/") if part not in ("", ".", ".."))
    return Translated(blank, writes=name, body=[*[""] * (head + 1), *lines[head + 1 :]])


def _lines(lines: list[str]) -> Translated:
    found = Translated(list(lines), [])
    if not any(mark in line for line in lines for mark in "%!?"):
        return found
    inside = _inside(lines)
    index = 0
    while index < len(lines):
        last = index
        if not inside[index]:
            while lines[last].rstrip().endswith("\\") and last + 1 < len(lines) and _is_magic(lines[index]):
                last += 1
            _line(found, lines, index, last)
        index = last + 1
    return found


def _is_magic(line: str) -> bool:
    return bool(_SHELL.match(line) or _LINE_MAGIC.match(line))


def _line(found: Translated, lines: list[str], index: int, last: int) -> None:
    """Translate one line, or the lines `index` to `last` of one that is continued with backslashes."""
    line = lines[index]
    joined = " ".join(part.rstrip().rstrip("\\").strip() for part in lines[index : last + 1])
    timer = _LINE_TIMERS.match(line)
    if timer:
        indent = line[: len(line) - len(line.lstrip())]
        found.lines[index] = f"{indent}{timer[2] or 'pass'}"
        return
    assigned = _ASSIGNED.match(line)
    if assigned:
        found.lines[index] = f"{assigned[1]}None"
        if assigned[2] == "!":
            found.commands.append((index + 1, assigned[3].strip()))
        return
    shell, magic = _SHELL.match(line), _LINE_MAGIC.match(line)
    if shell:
        found.commands.append((index + 1, joined.lstrip("!").strip()))
    elif magic:
        command = _command(magic[2], joined.lstrip().lstrip("%")[len(magic[2]) :].strip())
        found.commands.extend([(index + 1, command)] if command else [])
    elif not _HELP.match(line):
        return
    indent = line[: len(line) - len(line.lstrip())]
    found.lines[index : last + 1] = [f"{indent}pass" if indent else "", *[""] * (last - index)]


def _command(name: str, rest: str) -> str:
    if name == "run":
        return f"python {rest}"
    if name in ("pip", "conda", "mamba", "uv"):
        return f"{name} {rest}"
    return rest if name in ("system", "sx", "sc") else ""


def _inside(lines: list[str]) -> list[bool]:
    """Whether each line begins inside a string, a bracket or a continued line, where nothing can be a magic."""
    found: list[bool] = []
    quote, depth, continued = "", 0, False
    for line in lines:
        found.append(bool(quote) or depth > 0 or continued)
        if not found[-1] and (_is_magic(line) or _HELP.match(line) or _ASSIGNED.match(line)):
            continued = False
            continue
        for token in _tokens(line, quote):
            if quote:
                quote = "" if token == quote else quote
            elif token in ('"""', "'''"):
                quote = token
            elif token in "([{":
                depth += 1
            elif token in ")]}":
                depth = max(0, depth - 1)
        continued = not quote and line.rstrip().endswith("\\")
    return found


_TOKEN = re.compile(r"""\"\"\"|'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#.*|[()\[\]{}]""")
_ENDS = {'"""': re.compile(r'\\.|(""")'), "'''": re.compile(r"\\.|(''')")}


def _tokens(line: str, quote: str) -> Iterator[str]:
    """Brackets and triple quotes of a line that begins inside `quote` or outside all strings."""
    at = 0
    while at < len(line):
        if quote:
            end = next((m for m in _ENDS[quote].finditer(line, at) if m[1]), None)
            if end is None:
                return
            yield quote
            quote, at = "", end.end()
            continue
        match = _TOKEN.search(line, at)
        if match is None:
            return
        at = match.end()
        token = match[0]
        if token in _ENDS:
            quote = token
            yield token
        elif token in "()[]{}":
            yield token
