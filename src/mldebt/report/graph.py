"""The artifact graph as Mermaid, DOT or JSON. Names come from what is scanned: each format quotes them by its rules."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable

import msgspec

from mldebt.model import Line, Picture, Station, Stored

_FOLDED = 3  # more files of one folder that one component alone reads or writes are drawn as one
_MOST = 80  # nodes of a drawing; what is drawn beyond that nobody can follow
_LONGEST = 60  # characters of a name in a drawing
_ROLES = {"training": "#d5e8d4", "inference": "#dae8fc", "serving": "#ffe6cc", "preparation": "#f5f5f5"}
_LOOP = "#b85450"
# the brackets that Mermaid draws a kind with: data in cylinders, models in hexagons, topics and others aslant
_BRACKETS = {
    "model": ("{{", "}}"),
    "registered": ("{{", "}}"),
    "topic": ("[/", "/]"),
    "url": ("([", "])"),
    "hub": ("([", "])"),
}
_SHAPES = {"model": "hexagon", "registered": "hexagon", "topic": "parallelogram", "url": "oval", "hub": "oval"}


def to_json(picture: Picture) -> bytes:
    """All of the graph, with every place."""
    plain = msgspec.to_builtins(picture)
    return msgspec.json.format(msgspec.json.encode({"schema": 1, **plain}), indent=2) + b"\n"


def to_mermaid(picture: Picture) -> bytes:
    """A flow chart from left to right; feedback loops are drawn thick and red."""
    drawn = drawing(picture)
    ids = _numbered(drawn)
    rows = ["flowchart LR"]
    if len(drawn.edges) < len(picture.edges):
        rows.append(f"  %% {len(picture.edges)} reads and writes, {len(drawn.edges)} drawn")
    for folder, stations in _by_folder(drawn):
        rows.append(f'  subgraph {ids[_group(folder)]}["{_mermaid(folder or ".")}"]')
        rows.extend(f'    {ids[s.name]}["{_mermaid(_title(s, folder))}<br/>{s.role}"]:::{s.role}' for s in stations)
        rows.append("  end")
    for stored in drawn.artifacts:
        opening, closing = _BRACKETS.get(stored.kind, ("[(", ")]"))
        rows.append(f'  {ids[stored]}{opening}"{_mermaid(_short(stored.name))}"{closing}')
    looped: list[str] = []
    for number, line in enumerate(drawn.edges):
        first, second = (line.component, line.artifact) if line.verb == "writes" else (line.artifact, line.component)
        rows.append(f"  {ids[first]} {'==>' if line.loops else '-->'} {ids[second]}")
        looped.extend([str(number)] if line.loops else [])
    used = sorted({station.role for station in drawn.components})
    rows.extend(f"  classDef {role} fill:{_ROLES[role]},color:#000" for role in used)
    if looped:
        rows.append(f"  linkStyle {','.join(looped)} stroke:{_LOOP},stroke-width:3px")
    return ("\n".join(rows) + "\n").encode(errors="replace")


def to_dot(picture: Picture) -> bytes:
    """The same for Graphviz."""
    drawn = drawing(picture)
    ids = _numbered(drawn)
    rows = ["digraph artifacts {", "  rankdir=LR;", '  node [fontname="Helvetica"];']
    for number, (folder, stations) in enumerate(_by_folder(drawn)):
        rows.append(f"  subgraph cluster_{number} {{")
        rows.append(f"    label={_dot(folder or '.')};")
        for s in stations:
            fill = _ROLES[s.role]
            rows.append(
                f'    {ids[s.name]} [shape=box,style=filled,fillcolor="{fill}",label={_dot(_title(s, folder))}];'
            )
        rows.append("  }")
    for stored in drawn.artifacts:
        shape = _SHAPES.get(stored.kind, "cylinder")
        rows.append(f"  {ids[stored]} [shape={shape},label={_dot(_short(stored.name))}];")
    for line in drawn.edges:
        first, second = (line.component, line.artifact) if line.verb == "writes" else (line.artifact, line.component)
        marked = f' [color="{_LOOP}",penwidth=3]' if line.loops else ""
        rows.append(f"  {ids[first]} -> {ids[second]}{marked};")
    rows.append("}")
    return ("\n".join(rows) + "\n").encode(errors="replace")


# -- what is drawn ---------------------------------------------------------------------------------------------------


def drawing(picture: Picture) -> Picture:
    """A graph small enough to be looked at: files of one folder together, then the most connected nodes."""
    shared = Counter(line.artifact for line in picture.edges)
    groups: dict[tuple[str, str, str, str], list[Line]] = defaultdict(list)
    for line in picture.edges:
        alone = shared[line.artifact] == 1 and not line.loops
        folder = posixpath.dirname(line.artifact.name) if alone else line.artifact.name
        groups[line.component, line.verb, line.artifact.kind, folder if alone else f"\0{folder}"].append(line)
    lines: list[Line] = []
    for (component, verb, kind, folder), members in groups.items():
        if len(members) > _FOLDED:
            together = Stored(kind, f"{folder or '.'}/ ({len(members)})")
            lines.append(Line(component, verb, together, (), False))
        else:
            lines.extend(members)
    return _bounded(picture, sorted(lines))


def _bounded(picture: Picture, lines: list[Line]) -> Picture:
    """What is left if only so many nodes are kept: loops first, then what is shared by most."""
    shared = Counter(line.artifact for line in lines)
    ranked = sorted(lines, key=lambda line: (not line.loops, -shared[line.artifact], line))
    nodes: set[str | Stored] = set()
    kept: list[Line] = []
    for line in ranked:
        if len(nodes | {line.component, line.artifact}) <= _MOST:
            nodes |= {line.component, line.artifact}
            kept.append(line)
    stations = tuple(station for station in picture.components if station.name in nodes)
    return Picture(stations, tuple(sorted({line.artifact for line in kept})), tuple(sorted(kept)))


def _numbered(drawn: Picture) -> dict[str | Stored, str]:
    """An identifier for each node and each group, none of which has anything of a scanned name in it."""
    found: dict[str | Stored, str] = {station.name: f"c{i}" for i, station in enumerate(drawn.components)}
    found.update({stored: f"a{i}" for i, stored in enumerate(drawn.artifacts)})
    for i, (folder, _) in enumerate(_by_folder(drawn)):
        found[_group(folder)] = f"g{i}"
    return found


def _group(folder: str) -> str:
    """The key of a group, which no component has for its name."""
    return f"\0{folder}"


def _by_folder(drawn: Picture) -> list[tuple[str, list[Station]]]:
    groups: dict[str, list[Station]] = defaultdict(list)
    for station in drawn.components:
        whole = station.kind in ("stage", "entry", "step")
        groups[station.path if whole else posixpath.dirname(station.path)].append(station)
    return sorted(groups.items())


def _title(station: Station, folder: str) -> str:
    if station.kind == "step":
        return _short(station.name.partition(" (")[0].removeprefix("step "))
    inside = folder and station.name.startswith(f"{folder}/")
    return _short(station.name[len(folder) + 1 :] if inside else station.name)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else "..." + name[-_LONGEST:]


def _mermaid(text: str) -> str:
    """A text inside a quoted label of Mermaid: what could end it or be taken for markup is written as an entity."""
    return "".join(c if c.isalnum() or c in " ./_-:()*,=+@" else f"#{ord(c)};" for c in text)


def _dot(text: str) -> str:
    plain = "".join(c if c.isprintable() else "?" for c in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


FORMS: dict[str, Callable[[Picture], bytes]] = {"mermaid": to_mermaid, "dot": to_dot, "json": to_json}
