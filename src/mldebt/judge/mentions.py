"""Where words stand in a tree: in code, in comments, in strings, in texts. Looked at only for who asks why."""

from __future__ import annotations

import re
import token
import tokenize
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from mldebt.errors import Unreadable
from mldebt.explanation import Mention
from mldebt.judge.pool import Crew, Lost
from mldebt.model import Code, Place
from mldebt.read.discover import Kind, SourceFile
from mldebt.read.notebook import read_notebook
from mldebt.read.python import decode, tokens
from mldebt.read.tree import Tree

_MOST_OF_A_WORD = 2_000  # mentions of one word in one file; what is told of them is a few
_FORMATTED = re.compile(r"[rRbB]*[fF]")
_LITERALS = frozenset(
    getattr(token, name) for name in ("STRING", "FSTRING_MIDDLE", "TSTRING_MIDDLE") if hasattr(token, name)
)


class Job(NamedTuple):
    """A file and the words to look for in it."""

    path: str
    kind: Kind
    data: bytes
    words: tuple[str, ...]


def mentions(tree: Tree, files: list[SourceFile], words: frozenset[str], workers: int) -> list[Mention]:
    """All places of these words in these files, by file and line. What cannot be read holds none."""
    jobs = [job for file in files if (job := _job(tree, file, words)) is not None]
    found: list[Mention] = []
    for _, value in Crew(_look, workers).do(jobs, lambda job: len(job.data)):
        if not isinstance(value, Lost):
            found.extend(msgspec.msgpack.decode(value, type=list[Mention]))
    return sorted(found, key=lambda m: (m.path, m.module, m.at, m.word))


def _job(tree: Tree, file: SourceFile, words: frozenset[str]) -> Job | None:
    try:
        data = tree.read(file.entry)
    except Unreadable:
        return None
    here = tuple(sorted(word for word in words if word.encode() in data))
    return Job(file.path, file.kind, data, here) if here else None


def _look(job: Job) -> bytes:
    """A file's mentions, packed. What is not read as code is looked at as text."""
    try:
        found = list(_in_file(job))
    except Unreadable:
        found = list(_in_text(job, job.data.decode(errors="replace")))
    return msgspec.msgpack.encode(found)


def _in_file(job: Job) -> Iterator[Mention]:
    if job.kind == "python":
        yield from _in_code(job, 0, Code(decode(job.data)))
    elif job.kind == "notebook":
        for module, code in enumerate(read_notebook(job.data).codes):
            yield from _in_code(job, module, code)
    else:
        yield from _in_text(job, job.data.decode(errors="replace"))


def _in_text(job: Job, text: str) -> Iterator[Mention]:
    for word in job.words:
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        lines = (n for n, line in enumerate(text.split("\n"), 1) if word in line and pattern.search(line))
        for number in islice(lines, _MOST_OF_A_WORD):
            yield Mention(job.path, 0, Place(number, number), word, "text")


def _in_code(job: Job, module: int, code: Code) -> Iterator[Mention]:
    wanted = frozenset(job.words)
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b(\s*\()?" for word in job.words))
    before = ""
    every = tokens(code.text)
    for index, found in enumerate(every):
        if found.type == token.NAME and found.string in wanted:
            called = index + 1 < len(every) and every[index + 1].string == "("
            kind = "attribute" if before == "." else "name"
            yield Mention(job.path, module, _place(code, found.start), found.string, kind, called)
        elif found.type == token.COMMENT or found.type in _LITERALS:
            yield from _inside(job, module, code, found, pattern)
        before = found.string


def _inside(
    job: Job, module: int, code: Code, found: tokenize.TokenInfo, pattern: re.Pattern[str]
) -> Iterator[Mention]:
    """The words in a comment or a string, each by its line."""
    is_comment = found.type == token.COMMENT
    formatted = not is_comment and _FORMATTED.match(found.string) is not None
    for number, line in enumerate(found.string.split("\n")):
        for match in pattern.finditer(line):
            called = match[0].endswith("(")
            kind = "comment" if is_comment else "name" if formatted else "string"
            at = _place(code, (found.start[0] + number, match.start()))
            yield Mention(job.path, module, at, match[0].rstrip("( \t"), kind, called)


def _place(code: Code, start: tuple[int, int]) -> Place:
    line, column = start
    for cell in code.cells:
        if cell.first <= line < cell.first + cell.lines:
            inside = line - cell.first + 1
            return Place(inside, inside, column + 1, cell.number)
    return Place(line, line, column + 1)
