"""The names of stored things as an expression gives them: texts with holes where one module cannot tell.

| hole | stands for |
|---|---|
| `⟨n:config.DATA⟩` | a name of another module, as in Definition.uses |
| `⟨k:data.path⟩` | a key of a loaded configuration or of parsed options |
| `⟨p:load:0:path⟩` | the parameter `path` of the function `load`, its first |
| `⟨f:Reader:path⟩` | the field `path` of the class `Reader`, set by whoever makes one |
| `⟨a:1⟩`, `⟨e:NAME⟩` | a word of the command line, a variable of the environment |
| `⟨here⟩`, `⟨file⟩` | the folder of the module, the module itself |
| `⟨*⟩` | anything |
"""

from __future__ import annotations

import re
from itertools import product

ANY = "⟨*⟩"
HERE = "⟨here⟩"
FILE = "⟨file⟩"
HOLE = re.compile(r"⟨([^⟨⟩]*)⟩")
MOST = 4  # ways of one name
Ways = tuple[str, ...]


def together(parts: list[Ways], between: str) -> Ways:
    """All ways of putting parts together, the first few of them."""
    if any(not part for part in parts):
        return ()
    found: list[str] = []
    for ways in product(*(part[:MOST] for part in parts)):
        found.append(between.join(ways))
        if len(found) == MOST:
            break
    return tuple(found)


def rooted(way: str) -> str:
    """A joined path from its last absolute part on."""
    start = max(way.rfind("//"), way.rfind(f"/{HERE}"), way.rfind("/~/"))
    return way[start + 1 :] if start >= 0 and "://" not in way else way


def parent(way: str) -> str:
    """The folder that a path lies in."""
    if way == FILE:
        return HERE
    if way == HERE or way.endswith((HERE, "..")):
        return f"{way}/.."
    return way.rpartition("/")[0] if "/" in way else ANY if HOLE.search(way) else "."
