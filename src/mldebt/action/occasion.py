"""What a comment of this job is written for."""

from __future__ import annotations

from mldebt.action.base import template
from mldebt.action.gate import Verdict
from mldebt.action.inputs import Inputs
from mldebt.action.scan import Scanned
from mldebt.github.event import Event
from mldebt.report.markdown_occasion import Gate, Occasion


def occasion(scanned: Scanned, inputs: Inputs, event: Event) -> Occasion:
    """The pull request, the gate, why there is no base, the notes on what held, and the template."""
    found, why_not = template(scanned.root, inputs, scanned.base)
    told = Occasion(
        gate(scanned.verdict),
        event.pull,
        scanned.base.why_not,
        inputs.comment_max_items,
        inputs.comment_id,
        (*scanned.terms.notes, *why_not),
    )
    return told._replace(template=found)


def gate(verdict: Verdict) -> Gate:
    """The gate as the comment tells it: all that was asked for, and why it failed."""
    return Gate(", ".join(verdict.conditions) or "none", len(verdict.reasons), "; ".join(verdict.reasons))
