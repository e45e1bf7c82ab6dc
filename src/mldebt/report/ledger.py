"""What is said of a baseline: what it accepts, what is gone, what it does not take."""

from __future__ import annotations

from collections.abc import Iterator

from mldebt.model import BaselineUse


def gone(count: int) -> str:
    """What a scan says of entries that no finding stands for any more."""
    entries = _counted(count, "entry of the baseline is", "entries of the baseline are")
    return f"{entries} gone: `mldebt baseline` shrinks it"


def written(use: BaselineUse, first: bool, refused: int) -> Iterator[str]:
    """What `mldebt baseline` says it did; `use` has the entries it wrote and the ones it took out."""
    entries = _counted(use.entries, "finding is", "findings are")
    if first:
        yield f"wrote .mldebt-baseline.json: {entries} accepted; commit it"
        yield "`mldebt --baseline .mldebt-baseline.json --fail-on new` fails on what is added from here on"
        return
    removed = f", {use.gone} gone" if use.gone else ""
    yield f".mldebt-baseline.json: {entries} accepted{removed}"
    if refused:
        found = _counted(refused, "finding is new and was", "findings are new and were")
        yield f"{found} not added: `mldebt --baseline .mldebt-baseline.json` shows what, --grow accepts it"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
