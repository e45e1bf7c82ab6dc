"""The verbs that write into the repository: `fix`, `baseline` and `init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mldebt import __version__
from mldebt.cli.given import HELP, given
from mldebt.door import DEBT, OK
from mldebt.settings import load


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--rule", "select", multiple=True, help="only what these rules find")
@click.option("--select", "also_select", multiple=True, help=HELP["select"])
@click.option("--ignore", multiple=True, help=HELP["ignore"])
@click.option("--unsafe", is_flag=True, help="also take out what may change what runs")
@click.option("--diff", "only_diff", is_flag=True, help="print the patch, write nothing")
@click.option("--jobs", type=click.IntRange(0, 256), help=HELP["jobs"])
@click.option("--no-cache", is_flag=True, help="look at every file anew")
@click.option("--config", type=click.Path(), help="the settings file")
@click.option("-q", "--quiet", is_flag=True, help="only the summary line")
@click.option("-v", "--verbose", is_flag=True, help="also what is left, and why")
def fix(**arguments: Any) -> None:
    """Take out of PATHS (default: the whole repository) what can safely go, and what is dead without it."""
    from mldebt import app as verbs
    from mldebt import mend
    from mldebt.judge.run import Watch
    from mldebt.report.progress import progress

    where = verbs.target(arguments["paths"])
    named = Path(arguments["config"]) if arguments["config"] else None
    chosen = given({**arguments, "select": arguments["select"] + arguments["also_select"]})
    settings = load(where.root, named, chosen)
    cache = verbs.cache_for(where.root, not arguments["no_cache"])
    with progress(sys.stderr) as tick:
        mended = mend.mend(mend.Task(where, settings, arguments["unsafe"]), cache, Watch(tick))
    cache.close()
    if arguments["only_diff"]:
        sys.stdout.buffer.writelines(row.encode(errors="surrogateescape") for row in mend.patch(mended))
    else:
        mend.write(where.root, mended)
    for line in mend.told(mended, where.in_git, arguments):
        click.echo(line, err=arguments["only_diff"])


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--grow", is_flag=True, help="accept what is new as well")
@click.option("--jobs", type=click.IntRange(0, 256), help=HELP["jobs"])
@click.option("--no-cache", is_flag=True, help="look at every file anew")
@click.option("--config", type=click.Path(), help="the settings file")
def baseline(**arguments: Any) -> int:
    """Write .mldebt-baseline.json for the repository at PATH: first all findings, later without what is gone."""
    from mldebt import app as verbs
    from mldebt import ledger
    from mldebt.judge.run import Watch
    from mldebt.report.ledger import written
    from mldebt.report.progress import progress

    where = verbs.target([arguments["path"]])
    settings = load(where.root, Path(arguments["config"]) if arguments["config"] else None, given(arguments))
    cache = verbs.cache_for(where.root, not arguments["no_cache"])
    with progress(sys.stderr) as tick:
        change = ledger.renew(where, settings, (cache, Watch(tick)), arguments["grow"])
    cache.close()
    for line in written(change.use, change.first, change.refused):
        click.echo(line)
    return DEBT if change.refused else OK


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--print", "only_print", is_flag=True, help="write nothing, print it")
def init(path: str, only_print: bool) -> None:
    """Set up hooks, workflows and the badge for the repository at PATH; what is there is never changed."""
    from mldebt import app as verbs
    from mldebt import starter

    where = verbs.target([path])
    found = starter.start(where, starter.Release(__version__, _built_from()))
    for file in found.files:
        if file.is_there:
            click.echo(f"# add to {file.path}, which stays as it is: {file.why}\n{file.text}")
        elif only_print:
            click.echo(f"# {file.path}: {file.why}\n{file.text}")
        else:
            starter.write(where.root, file)
            click.echo(f"wrote {file.path}: {file.why}")
    click.echo("next:")
    for line in found.advice:
        click.echo("- " + line.replace("\n", "\n  "))


def _built_from() -> str | None:
    """The commit this was installed from, as pip notes it down; None if it came from elsewhere."""
    import json
    from importlib import metadata

    try:
        noted = json.loads(metadata.distribution("mldebt").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    commit = noted.get("vcs_info", {}).get("commit_id")
    return commit if isinstance(commit, str) else None


COMMANDS = (fix, baseline, init)
