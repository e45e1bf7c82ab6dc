"""A key, token or password written into the code.

## Why it is debt
It is in the history of every clone and works for whoever reads it, until it is revoked. To change it means to change
the code, so that nobody does.

## Flagged
```python
import os

import wandb

wandb.login(key="4f9d1c02b7aa8e63d5510c9be2474f016a3d98b5")  # debt
os.environ["OPENAI_API_KEY"] = "zK3vQ9xLr2TnB7mWcYf8HdJ1"  # debt
STORE = "postgresql://trainer:vR7-mK29qL@db.internal.net:5432/features"  # debt
print(STORE)
```

## Fine
```python
import os

import wandb

wandb.login(key=os.environ["WANDB_API_KEY"])
API_KEY = "YOUR_API_KEY_GOES_HERE_0000"
STORE = "postgresql://postgres:postgres@localhost:5432/features"
print(API_KEY, STORE, "AKIAIOSFODNN7EXAMPLE")
```

## Limits
Only what has the form of a provider's key, a private key, a URL with a password, or a long random text under a name
that says what it is. Whether it still works is not tried. What lies in configuration is judged with the practice
`secrets-hygiene`. Placeholders and test files are left alone. The text itself is never shown.

## Source
OWASP Machine Learning Security Top 10; the OpenSSF Scorecard's checks.
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
    family="artifacts",
    severity="high",
    minutes=Minutes(45, source="our estimate: revoke it, make another, read it from the environment, tell who used it"),
    since="0.1.0",
)

# how providers document their keys
_KEYS: tuple[tuple[str, str], ...] = (
    ("an access key of AWS", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/=\s\\n]{60,}"),
    ("a token of Hugging Face", r"\bhf_[A-Za-z0-9]{30,40}\b"),
    ("a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60,}"),
    ("a token of GitLab", r"\bglpat-[\w\-]{20}\b"),
    ("a key of OpenAI or Anthropic", r"\bsk-(?:proj-|ant-[\w]*-?)?[A-Za-z0-9_\-]{40,}"),
    ("a token of Slack", r"\bxox[abprs]-\d{8,}-[\w\-]{12,}|hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}"),
    ("a key of Google", r"\bAIza[\w\-]{35}\b"),
    ("a key of SendGrid", r"\bSG\.[\w\-]{22}\.[\w\-]{43}\b"),
)
_ANY = re.compile("|".join(f"(?:{pattern})" for _, pattern in _KEYS))
_URL = re.compile(r"\b[a-z][a-z0-9+]{2,20}://([^\s:/@'\"]{1,60}):([^\s/@'\"]{6,80})@([\w\-]+(?:\.[\w\-]+)+)")
_NAMED = re.compile(r"(?:api|secret|access|auth|private|account)_?(?:key|token)|passw(?:or)?d$|client_?secret", re.I)
_RANDOM = re.compile(r"(?=[^a-z]*[a-z]|[^A-Z]*[A-Z])(?=.*\d)[A-Za-z0-9+/_\-]{20,100}={0,2}")
_MADE_UP = re.compile(
    r"example|sample|dummy|fake|test|your|xxx|placeholder|change.?me|insert|replace|redacted|<|\*\*|\.\.\.|\$|\{|%s"
    r"|123456|abcdef|secret|password|token|key",
    re.IGNORECASE,
)
# how they begin; looked for in all texts of a tree, and a pattern for each would take four times as long
_FORM = re.compile(r"sk-|AKIA|ASIA|hf_|gh[pousr]_|github_pat_|glpat-|xox|AIza|SG\.|-----BEGIN|hooks\.slack")
_LOGINS = frozenset("wandb.login comet_ml.init comet_ml.login comet_ml.Experiment huggingface_hub.login".split())
_FEWEST = 16  # characters
_LONGEST = 102  # as _RANDOM has it: most long texts are prose
_VARIED = 10  # different characters; less is made up


def find(module: Module) -> Iterator[Hit]:
    formed = _FORM.search(module.code.text) is not None
    long = (c for c in module.of(ast.Constant) if c.value.__class__ is str and len(c.value) >= _FEWEST)
    found = [(literal, what) for literal in long if (what := _secret(module, literal, formed))]
    if found and not is_test(module):
        for literal, what in found:
            yield Hit(
                module.place(literal),
                f"{what} is written out: revoke it, and read the new one from the environment",
                kind=what.partition(" ")[2],
                confidence=0.9,
                identity=what,
            )


def _secret(module: Module, literal: ast.Constant, formed: bool) -> str:
    """What a literal gives away; empty if nothing. `formed` if the module has the beginning of a provider's key."""
    text = str(literal.value)
    if formed and _FORM.search(text) and (match := _ANY.search(text)):
        what = next(name for name, pattern in _KEYS if re.search(pattern, text))
        return what if what == "a private key" or _is_random(match[0]) else ""
    if "://" in text:
        match = _URL.search(text)
        real = match is not None and match[1] != match[2] and not _MADE_UP.search(f"{match[2]} {match[3]}")
        return "a URL with a password" if real else ""
    if (
        len(text) <= _LONGEST
        and " " not in text
        and _RANDOM.fullmatch(text)
        and not _MADE_UP.search(text)
        and len(set(text)) >= _VARIED
        and _is_named(module, literal)
    ):
        return "a key"
    return ""


def _is_random(text: str) -> bool:
    return not re.search(r"example|x{4}|0{6}|1234567|\.\.\.", text, re.IGNORECASE) and len(set(text)) >= _VARIED


def _is_named(module: Module, literal: ast.Constant) -> bool:
    """Whether it is kept or given under a name that says it is secret."""
    up = module.parent(literal)
    match up:
        case ast.keyword(arg=name):
            call = module.parent(up)
            logs_in = isinstance(call, ast.Call) and module.name(call.func) in _LOGINS
            return bool(name and _NAMED.search(name)) or logs_in
        case ast.Assign(targets=targets):
            return any(_NAMED.search(_word(target)) for target in targets)
        case ast.AnnAssign(target=target):
            return bool(_NAMED.search(_word(target)))
        case ast.Dict(keys=keys, values=values):
            at = next(i for i, value in enumerate([*values, literal]) if value is literal)
            return at < len(keys) and bool(_NAMED.search(_word(keys[at])))
        case ast.Call(func=function):
            return module.name(function) in _LOGINS
    return False


def _word(target: ast.expr | None) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Constant(value=str(name)):
            return name
    return ""
