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
import io
import re
import tokenize
from collections.abc import Iterator

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
    if _MARK.search(module.code.text) is None:
        return
    stages = {word: stage for stage, words in _STAGES.items() for word in words.split()}
    for line, column, text in _comments(module):
        if _MARK.match(text):
            stage = _stage(module, line, stages)
            said = " ".join(text.strip("#!: ").split()).replace("`", "'")
            said = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
            where = f" in code for {stage}" if stage else ""
            yield Hit(
                module.stretch(line, line, column + 1), f"debt that its author knew of{where}: `{said}`", kind=stage
            )


def _comments(module: Module) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of each comment."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(module.code.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return  # what the parser takes and the tokenizer does not, as a form feed in an odd place


def _stage(module: Module, line: int, stages: dict[str, str]) -> str:
    """What the innermost function around a line is for, by its name and what it calls; empty if they do not say."""
    around = [f for f in module.functions if f.lineno <= line <= (f.end_lineno or 0)]
    if not around:
        return ""
    inner = max(around, key=lambda f: f.lineno)
    called = [last_name(node.func) for node in ast.walk(inner) if isinstance(node, ast.Call)]
    for name in (inner.name, *called):
        for word in _WORD.findall(name or ""):
            if word.lower() in stages:
                return stages[word.lower()]
    return ""
