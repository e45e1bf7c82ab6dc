"""The verbs that report debt: `scan` and `diff`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mldebt.cli.given import HELP, given
from mldebt.door import DEBT, INCOMPLETE, OK
from mldebt.output import FORMATS, paired, write
from mldebt.report.ledger import gone
from mldebt.settings import FAIL_ON, load


def _scan_options(command: Any) -> Any:
    """The options `scan` and `diff` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.argument("paths", nargs=-1, type=click.Path()),
    click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="how to report"),
    click.option("-o", "outputs", multiple=True, type=click.Path(), help="where to (one for each --format)"),
    click.option("--select", multiple=True, help=HELP["select"]),
    click.option("--ignore", multiple=True, help=HELP["ignore"]),
    click.option("--all-rules", is_flag=True, default=None, help=HELP["all-rules"]),
    click.option("--fail-on", type=click.Choice(FAIL_ON), help=HELP["fail-on"]),
    click.option("--jobs", type=click.IntRange(0, 256), help=HELP["jobs"]),
    click.option("--no-cache", is_flag=True, help="look at every file anew"),
    click.option("--baseline", type=click.Path(), help="a file of `mldebt baseline`: what it names is not new"),
    click.option("--config", type=click.Path(), help="the settings file"),
    click.option("--strict", is_flag=True, default=None, help=HELP["strict"]),
    click.option("--stats", is_flag=True, help="seconds by stage, cache hits, peak memory"),
    click.option("-q", "--quiet", is_flag=True, help="only the summary line"),
    click.option("-v", "--verbose", is_flag=True, help="every finding and everything that was left out"),
)


@click.command()
@_scan_options
def scan(**arguments: Any) -> int:
    """Scan the repository that holds PATHS (default: here); PATHS narrow what is reported."""
    return _run(arguments, compared=False)


@click.command()
@click.option("--base", help="a commit, branch or tag (default: where the branch left the default one)")
@_scan_options
def diff(**arguments: Any) -> int:
    """Scan, and compare with another commit: what is new, kept and paid off."""
    return _run(arguments, compared=True)


def _run(arguments: dict[str, Any], compared: bool) -> int:
    from mldebt import app as verbs
    from mldebt.judge.run import Watch
    from mldebt.report.progress import progress
    from mldebt.report.terminal import View

    where = verbs.target(arguments["paths"])
    named = Path(arguments["config"]) if arguments["config"] else None
    settings = load(where.root, named, given(arguments))
    outputs = paired(arguments["formats"], arguments["outputs"])
    cache = verbs.cache_for(where.root, not arguments["no_cache"])
    against = verbs.Against(arguments.get("base"), _accepted(arguments["baseline"]))
    with progress(sys.stderr) as tick:
        watch = Watch(tick)
        report = (verbs.diff if compared else verbs.scan)(where, settings, cache, watch, against)
    cache.close()
    view = View(where.root, quiet=arguments["quiet"], verbose=arguments["verbose"])
    over = verbs.over(report, settings.fail_on)
    for form, file in outputs:
        write(report, form, file, view, (settings.fail_on, over))
    if report.baseline is not None and report.baseline.gone:
        click.echo(gone(report.baseline.gone), err=True)
    if arguments["stats"]:
        from mldebt.report.stats import stats

        click.echo(stats(watch.seconds, watch.counts, report.files.lines), err=True)
    if settings.strict and report.problems:
        return INCOMPLETE
    return DEBT if over else OK


def _accepted(file: str | None) -> Any:
    """The entries of a baseline file; None without one."""
    if file is None:
        return None
    from mldebt import ledger

    return ledger.read(Path(file))


COMMANDS = (scan, diff)
