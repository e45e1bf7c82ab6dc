"""A rule's page and the list of rules, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mldebt.rules.catalogue import Rule


def page(rule: Rule) -> str:
    """The page with its name, what it costs, and how to leave it out."""
    price = rule.about.minutes
    cost = f"{price.constant:g} min" + (f" + {price.per_unit:g} a {price.unit}" if price.per_unit else "")
    head = f"# {rule.name}\n\n{rule.page.strip()}\n\n## Price\n{cost} a finding ({price.source}).\n\n"
    state = "on" if rule.about.on else "off unless asked for (`--all-rules` or `--select`)"
    tail = f"{rule.category} · {rule.about.family} · {rule.about.severity} · since {rule.about.since} · {state}\n"
    out = f"`# mldebt: ignore[{rule.name}] reason` on the line, or `ignore` in the settings."
    return f"{head}## Leave it out\n{out}\n\n{tail}"


def rules_table(rules: Iterable[Rule]) -> str:
    """One line a rule."""
    rows = [
        (
            r.name,
            r.category,
            r.about.severity,
            f"{r.about.minutes.constant:g} min",
            "" if r.about.on else "off",
            r.summary,
        )
        for r in rules
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, [*widths, 0], strict=True)).rstrip() + "\n" for row in rows
    )


def rules_json(rules: Iterable[Rule]) -> str:
    """The rules as a JSON list, by name."""
    rows = [
        {
            "rule": r.name,
            "family": r.about.family,
            "category": r.category,
            "severity": r.about.severity,
            "minutes": {
                "constant": r.about.minutes.constant,
                "per_unit": r.about.minutes.per_unit,
                "unit": r.about.minutes.unit,
            },
            "since": r.about.since,
            "on": r.about.on,
            "says": r.summary,
        }
        for r in rules
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
