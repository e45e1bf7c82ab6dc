"""What IPython adds to Python, taken out of a cell so that a line stays a line."""

from __future__ import annotations

import keyword
import re

import msgspec

from mldebt.read.commands import shell
from mldebt.read.python import parse_error
from mldebt.read.quoting import begins_inside

_CELL_MAGIC = re.compile(r"%%[ \t]*(\w+)[ \t]*(.*)")
_MAGIC = re.compile(r"\s*%{1,2}[ \t]*([A-Za-z_]\w*)[ \t]*(.*)")
_SHELL = re.compile(r"\s*!{1,2}[ \t]*(.*)")
_BARE = re.compile(  # IPython takes these without a sign too; none of them is Python
    r"[ \t]*((?:pip3?|conda|mamba|ls|cd|mkdir|cat|cp|mv|rm)[ \t]+(?!(?:in|is|and|or|not|if)\b)[\w./~\-].*)"
)
_ASSIGNED = re.compile(r"(\s*[A-Za-z_][\w.,\[\]'\"* \t]*=[ \t]*)(?:!(.*)|%(\w+)[ \t]*(.*))")
_HELP = re.compile(r"\s*(?:\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*\[\]'\"]+\?{1,2})\s*(?:;\s*)?")
_SUSPECT = re.compile(rf"^[ \t]*[%!?]|\?[ \t]*(?:;[ \t]*)?$|=[ \t]*[%!]|^{_BARE.pattern}", re.MULTILINE)
_OPTIONS = re.compile(r"(?:-[nrptl][ \t]*\d+[ \t]+|-[fsTDm][ \t]+\S+[ \t]+|-\w+[ \t]+)*")
_OUTPUT = re.compile(r"(?:^|\s)(?:-o|--out(?:put)?)[ =]([A-Za-z_]\w*)|^([A-Za-z_]\w*)\s*<<")
_NAMES_VARIABLES = re.compile(r"[${]|(?:^|\s)-[fimr]\s")
_MODULE = re.compile(r"['\"]?(?:\./)?((?:[A-Za-z_]\w*/)*[A-Za-z_]\w*)\.(?:py|ipynb)['\"]?(?:\s|$)")

_TIMERS = frozenset("time timeit prun memit lprun mprun snakeviz".split())
_RUN_PYTHON = _TIMERS | {"capture"}
_QUERIES = frozenset({"sql", "bigquery"})
_SHELLS = frozenset("bash sh shell system sx zsh cmd".split())
_OTHER_LANGUAGES = frozenset(
    "html svg javascript js latex markdown sql bigquery r julia cython perl ruby script python python2 python3 pypy "
    "cu cpp java dot mermaid".split()
)


class Translated(msgspec.Struct):
    """A cell as Python: `lines` as many as it had, `commands` (line, text), and the file it writes, if any.

    `body` are the lines of the written file, empty where the cell holds its magic; `appends` if the file goes on.
    """

    lines: list[str]
    commands: list[tuple[int, str]] = []
    writes: str = ""
    body: list[str] = []
    appends: bool = False


def translate(text: str) -> Translated:
    """A code cell's source without magics, shell lines and help."""
    lines = _dedented(text.split("\n"))
    head = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    match = _CELL_MAGIC.match(lines[head])
    if match is None:
        return _lines(lines)
    name, rest = match[1], match[2].strip()
    body = [*[""] * (head + 1), *lines[head + 1 :]]
    if name in _SHELLS or (name == "script" and rest.split()[:1] in (["bash"], ["sh"])):
        return Translated([""] * len(lines), _commands(body))
    if name in ("writefile", "file"):
        return _writes(rest, body)
    return _under(name, rest, body, head)


def _dedented(lines: list[str]) -> list[str]:
    """As IPython does: if the first line is indented, its indentation goes from all lines that have it."""
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(margin) for line in lines] if margin else lines


def _under(name: str, rest: str, body: list[str], head: int) -> Translated:
    """The body of a cell magic that is no file and no shell; it is Python unless it is known to be something else."""
    found = Translated([""] * len(body)) if name.lower() in _OTHER_LANGUAGES else _lines(body)
    if name not in _RUN_PYTHON and parse_error("\n".join(found.lines)) is not None:
        found = Translated([""] * len(body))
    if name in _TIMERS:
        found.lines[head] = _timed_code(rest) if parse_error(_timed_code(rest)) is None else ""
        return found
    bound = _bound(name, rest)
    if bound:
        found.lines[head] = f"{bound} = None"
    mentioned = [(head + 1, f"%%{name} {rest}")] if bound or _NAMES_VARIABLES.search(rest) else []
    queries = [(i, line) for i, line in enumerate(body, 1) if name in _QUERIES and line.strip()]
    return Translated(found.lines, [*mentioned, *found.commands, *queries])


def _bound(name: str, rest: str) -> str:
    """The variable a cell magic leaves its output in; empty if none."""
    words = [word for word in rest.split() if word.isidentifier() and not keyword.iskeyword(word)]
    if name in ("capture", "bigquery"):
        return words[0] if words else ""
    output = _OUTPUT.search(rest)
    return (output[1] or output[2]) if output else ""


def _writes(rest: str, body: list[str]) -> Translated:
    """`%%writefile pkg/x.py`: the body is a module of its own; a folder that a variable names is not known."""
    words = [word.strip("'\"") for word in rest.split()]
    target = next((word for word in words if not word.startswith("-")), "")
    known = re.split(r"(?:^|/)(?:[^/]*[{$~][^/]*|\.{1,2})/", target)[-1]
    name = known.rpartition("/")[2] if known.startswith("/") else known
    found = Translated([""] * len(body))
    if name.endswith((".sh", ".bash")):
        found.commands = _commands(body)
    elif re.fullmatch(r"(?:\w+/)*\w+\.py", name):
        found.writes = name[:-3].replace("/", ".")
        found.body = body
        found.appends = not {"-a", "--append"}.isdisjoint(words)
    return found


def _commands(body: list[str]) -> list[tuple[int, str]]:
    return [(command.line, command.text) for command in shell("\n".join(body))]


def _lines(lines: list[str]) -> Translated:
    """Lines without line magics. What parses as it is has none: then `%` is an operator and `!` part of a string."""
    text = "\n".join(lines)
    if not _SUSPECT.search(text) or parse_error(text) is None:
        return Translated(list(lines))
    found = _without_magics(lines, True)
    if any(_times(line) for line in lines) and parse_error("\n".join(found.lines)) is not None:
        return _without_magics(lines, False)
    return found


def _times(line: str) -> bool:
    match = _MAGIC.match(line)
    return match is not None and match[1] in _TIMERS


def _without_magics(lines: list[str], timed: bool) -> Translated:
    """`timed` keeps the code that `%time` and its like run."""
    found = Translated(list(lines), [])
    inside = begins_inside(lines, is_special)
    index = 0
    while index < len(lines):
        last = index
        if not inside[index] and is_special(lines[index]):
            while lines[last].rstrip().endswith("\\") and last + 1 < len(lines):
                last += 1
            joined = " ".join(part.rstrip().removesuffix("\\").strip() for part in lines[index : last + 1])
            indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
            python, command = _replaced(joined, timed)
            blank = [indent + "pass" if indent else ""]
            found.lines[index : last + 1] = [*([indent + python] if python else blank), *[""] * (last - index)]
            if command:
                found.commands.append((index + 1, command))
        index = last + 1
    return found


def is_special(line: str) -> bool:
    """Whether a line that begins a statement is one only IPython takes."""
    return any(pattern.fullmatch(line) for pattern in (_SHELL, _MAGIC, _ASSIGNED, _HELP, _BARE))


def _replaced(line: str, timed: bool) -> tuple[str, str]:
    """The Python that stands for a special line and the command it runs, either of them empty."""
    shell_line, assigned, bare = _SHELL.fullmatch(line), _ASSIGNED.fullmatch(line), _BARE.fullmatch(line)
    if shell_line:
        return "", shell_line[1].strip()
    if assigned:
        value = _timed_code(assigned[4]) if timed and assigned[3] in _TIMERS else ""
        return f"{assigned[1]}{value or 'None'}", (assigned[2] or "").strip()
    if bare:
        return "", bare[1]
    magic = _MAGIC.fullmatch(line)
    return _magic(magic[1], magic[2].strip(), timed) if magic and not _HELP.fullmatch(line) else ("", "")


def _magic(name: str, rest: str, timed: bool) -> tuple[str, str]:
    if name in _TIMERS:
        return (_timed_code(rest) if timed else ""), (f"%{name} {rest}" if _NAMES_VARIABLES.search(rest) else "")
    if name == "run":
        module = _MODULE.match(rest)
        return (f"from {module[1].replace('/', '.')} import *" if module else ""), f"python {rest}"
    if name == "pylab":
        return "from pylab import *", ""
    if name == "store" and rest.startswith("-r "):
        names = [word for word in rest.split()[1:] if word.isidentifier()]
        return " = ".join([*names, "None"]), ""
    if name in ("pip", "conda", "mamba", "uv"):
        return "", f"{name} {rest}"
    if name in _SHELLS:
        return "", rest
    return "", f"%{name} {rest}" if name == "store" or _NAMES_VARIABLES.search(rest) else ""


def _timed_code(rest: str) -> str:
    return _OPTIONS.sub("", rest, count=1)
