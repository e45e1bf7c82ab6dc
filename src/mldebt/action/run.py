"""One run of the Action: scan, write, comment, and last the verdict."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from mldebt.action.badge import push_badge
from mldebt.action.figures import figures
from mldebt.action.inputs import Inputs, inputs
from mldebt.action.later import comment_later
from mldebt.action.occasion import occasion
from mldebt.action.post import post
from mldebt.action.scan import scan
from mldebt.action.tell import annotate, reports, summarise, tell_log
from mldebt.door import DEBT, OK, USAGE
from mldebt.errors import MldebtError, UsageError
from mldebt.github.event import Event, event
from mldebt.github.log import Log
from mldebt.github.outputs import write_outputs


def run(environment: Mapping[str, str]) -> int:
    """Do what the inputs say; the exit code is that of a wrong use only, since the gate is a step of its own."""
    log = Log(sys.stdout)
    try:
        given = inputs(environment)
        happened = event(environment)
        if happened.name == "pull_request_target":
            raise UsageError(
                "mldebt does not run on pull_request_target, where strangers' code would meet a token that writes: "
                "use pull_request, and the workflow_run job for comments on forks"
            )
        if given.mode == "comment" or (given.mode == "auto" and happened.name == "workflow_run"):
            comment_later(given, happened, environment, log)
        else:
            _scan(given, happened, environment, log)
    except MldebtError as error:
        log.annotate("error", str(error), title="mldebt")
        write_outputs(environment.get("GITHUB_OUTPUT", ""), {"exit-code": USAGE})
        return USAGE
    return OK


def _scan(given: Inputs, happened: Event, environment: Mapping[str, str], log: Log) -> None:
    scanned = scan(given, happened, environment)
    report, verdict = scanned.report, scanned.verdict
    told = occasion(scanned, given, happened)
    file = environment.get("GITHUB_OUTPUT", "")
    write_outputs(file, {**figures(report, verdict), "exit-code": DEBT if verdict.reasons else OK})
    write_outputs(file, reports(scanned, given, told, environment))
    tell_log(report, log)
    write_outputs(file, post(scanned, given, told, environment, log))
    annotate(report, given, log)
    if given.summary:
        summarise(scanned, told, environment)
    push_badge(scanned, given, happened, environment, log)
