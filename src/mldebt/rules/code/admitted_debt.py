"""A comment in which the author says that the code is not as it should be.

## Why it is debt
It is debt whose owner knew of it. In machine-learning code such comments speak of data that is not checked, of settings
that were tried once, of training that is worked around, and they outlive who could explain them. Off by default, since
editors list them, and a page of them hides what nobody knows yet.

## Flagged
```python
def load(path):
    # TODO: drop the rows of the broken sensor  # debt
    return open(path).read()


print(load("rows.csv"))
```

## Fine
```python
def load(path):
    # the todo list of the user, one line an item
    return open(path).read()


print(load("todo.txt"), "# FIXME is a word in a string")
```

## Limits
Only the usual marks in capitals (TODO, FIXME, HACK, XXX) and what is called a hack, a workaround or temporary at the
beginning of a comment. The stage is told by the names around the comment.

## Source
OBrien et al., 23 shades of self-admitted technical debt, ESEC/FSE 2022; Bhatia et al., An empirical study of
self-admitted technical debt in machine learning software, 2023.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain

from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(15, source="our estimate: do it, or say why it stays"),
    since="0.1.0",
    on=False,
)
_HINT = re.compile(r"#[^\n#]*?(?:TODO|FIXME|HACK|XXX|hack|workaround|temporar)")
_MARK = re.compile(
    r"#[#!:\s]*(?:.{0,40}?\b(?:TODO|FIXME|HACK|XXX)\b|(?i:(?:dirty |ugly )?hack|workaround|temporar(?:y|ily))\b)"
)
_WORD = re.compile(r"[A-Z]?[a-z]+")
_STAGES = {
    "data": "data dataset datasets loader read load csv parquet preprocess transform augment tokenizer rows column",
    "training": "train trainer training fit backward optimizer optim step epoch epochs loss scheduler finetune learn",
    "evaluation": "eval evaluate evaluation validate validation valid score metric metrics accuracy auc",
    "serving": "serve server predict prediction inference infer app api route request endpoint deploy",
    "configuration": "config configuration cfg args argparse argument options settings hparams yaml",
}
_SHOWN = 80  # characters of a comment


def find(module: Module) -> Iterator[Hit]:
    stages = {word: stage for stage, words in _STAGES.items() for word in words.split()}
    for line, column, text in _marked(module):
        stage = _stage(module, line, stages)
        said = " ".join(text.strip("#!: ").split()).replace("`", "'")
        said = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
        where = f" in code for {stage}" if stage else ""
        yield Hit(module.stretch(line, line, column + 1), f"debt that its author knew of{where}: `{said}`", kind=stage)


def _marked(module: Module) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of each comment with a mark. What stands in a string is no comment."""
    for line in _lines(module.code.text):
        text = module.lines[line - 1]
        for match in re.finditer("#", text):
            if _MARK.match(text, match.start()) and not _is_quoted(module, line, len(text[: match.start()].encode())):
                yield line, match.start(), text[match.start() :]
                break


def _lines(text: str) -> Iterator[int]:
    """The lines with a word behind a `#` that could be a mark, each once."""
    line, seen, last = 1, 0, 0
    for match in _HINT.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        if line != last:
            yield line
        last = line


def _is_quoted(module: Module, line: int, offset: int) -> bool:
    """Whether a place, its offset counted in bytes as the parser does, lies in a string."""
    texts = (
        t for kind in (ast.Constant, ast.JoinedStr) for t in module.of(kind) if t.lineno <= line <= (t.end_lineno or 0)
    )
    return any((t.lineno, t.col_offset) <= (line, offset) < (t.end_lineno, t.end_col_offset) for t in texts)


def _stage(module: Module, line: int, stages: dict[str, str]) -> str:
    """What the innermost function around a line is for, by its name and what it calls; empty if they do not say."""
    around = [f for f in module.functions if f.lineno <= line <= (f.end_lineno or 0)]
    if not around:
        return ""
    inner = max(around, key=lambda f: f.lineno)
    last = inner.end_lineno or 0
    called = (last_name(call.func) for call in module.of(ast.Call) if inner.lineno <= call.lineno <= last)
    for name in chain([inner.name], called):
        for word in _WORD.findall(name or ""):
            if word.lower() in stages:
                return stages[word.lower()]
    return ""
