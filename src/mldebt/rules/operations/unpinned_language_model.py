"""A hosted language model asked for by an alias that the provider moves to other models.

## Why it is debt
The alias means another model after each release: answers, costs and limits change overnight under code and evaluations
that did not, and no commit explains it.

## Flagged
```python
from openai import OpenAI

client = OpenAI()
print(client.chat.completions.create(model="gpt-4o", messages=[]))  # debt
```

## Fine
```python
from openai import OpenAI

client = OpenAI()
print(client.chat.completions.create(model="gpt-4o-2024-08-06", messages=[]))
```

## Limits
One finding for each name and file. Only names of OpenAI, Anthropic and Google that are written in the call, in files
that import one of their clients. Tests are left alone.

## Source
OpenAI documentation, "Model snapshots"; Anthropic documentation, "Model aliases"; what SpecDetect4LLM looks for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.traits import is_test
from mldebt.model import Hit
from mldebt.rules.about import About, Minutes

ABOUT = About(
    family="ml",
    severity="low",
    minutes=Minutes(5, source="our estimate: take the snapshot of today, run the evaluation"),
    since="0.1.0",
)

_CLIENTS = frozenset(
    "openai anthropic litellm langchain_openai langchain_anthropic langchain google llama_index instructor".split()
)
_ARGUMENTS = frozenset({"model", "model_name"})
_FAMILIES = re.compile(r"(?:gpt-|o[134](?:-|$)|chatgpt-|claude-|gemini-|text-embedding-)[\w.\-]*")
_FIXED = re.compile(
    r"\d{4}-\d{2}-\d{2}|-\d{8}|-\d{4}(?:-|$)|-\d{2}-\d{2}$|-00\d$|@\d|text-embedding-(?:3|ada)"
    r"|claude-(?:instant-)?[12]\.\d|claude-[a-z]+-(?:4-[6-9]|[5-9])$"  # the first and the latest ones have no dates
)


def find(module: Module) -> Iterator[Hit]:
    if not module.packages & _CLIENTS or is_test(module):
        return
    seen: set[str] = set()
    for keyword in module.of(ast.keyword):
        value = keyword.value
        if keyword.arg not in _ARGUMENTS or not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            continue
        name = value.value.rpartition("/")[2]
        if name not in seen and _FAMILIES.fullmatch(name) and not _FIXED.search(name):
            seen.add(name)
            yield Hit(module.place(value), f"`{name}` is moved to other models by its owner: name a dated snapshot")
