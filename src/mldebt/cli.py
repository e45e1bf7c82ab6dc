"""`mldebt`: arguments in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from mldebt import __version__
from mldebt.door import DEBT, INCOMPLETE, OK, USAGE, exit_code
from mldebt.errors import UsageError
from mldebt.output import FORMATS, paired, put, write
from mldebt.settings import FAIL_ON, load, options


class _DefaultToScan(click.Group):
    """`mldebt` and `mldebt PATH` are `mldebt scan`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((a for a in args if not a.startswith("-")), None)
        if not set(args) & {"--help", "-h", "--version"} and first not in self.commands:
            args = ["scan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DefaultToScan, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mldebt")
def app() -> None:
    """Find, prove and price the technical debt of a machine-learning repository."""


def _scan_options(command: Any) -> Any:
    """The options `scan` and `diff` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_HELP = {name: text for name, _, text in options()}
_OPTIONS = (
    click.argument("paths", nargs=-1, type=click.Path()),
    click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="how to report"),
    click.option("-o", "outputs", multiple=True, type=click.Path(), help="where to (one for each --format)"),
    click.option("--select", multiple=True, help=_HELP["select"]),
    click.option("--ignore", multiple=True, help=_HELP["ignore"]),
    click.option("--all-rules", is_flag=True, default=None, help=_HELP["all-rules"]),
    click.option("--fail-on", type=click.Choice(FAIL_ON), help=_HELP["fail-on"]),
    click.option("--jobs", type=click.IntRange(0, 256), help=_HELP["jobs"]),
    click.option("--no-cache", is_flag=True, help="look at every file anew"),
    click.option("--config", type=click.Path(), help="the settings file"),
    click.option("--strict", is_flag=True, default=None, help=_HELP["strict"]),
    click.option("--stats", is_flag=True, help="seconds by stage, cache hits, peak memory"),
    click.option("-q", "--quiet", is_flag=True, help="only the summary line"),
    click.option("-v", "--verbose", is_flag=True, help="every finding and everything that was left out"),
)


@app.command()
@_scan_options
def scan(**arguments: Any) -> int:
    """Scan the repository that holds PATHS (default: here); PATHS narrow what is reported."""
    return _run(arguments, compared=False)


@app.command()
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
    settings = load(where.root, named, _given(arguments))
    outputs = paired(arguments["formats"], arguments["outputs"])
    cache = verbs.cache_for(where.root, not arguments["no_cache"])
    with progress(sys.stderr) as tick:
        watch = Watch(tick)
        if compared:
            report = verbs.diff(where, settings, cache, watch, arguments["base"])
        else:
            report = verbs.scan(where, settings, cache, watch)
    cache.close()
    view = View(where.root, quiet=arguments["quiet"], verbose=arguments["verbose"])
    for form, file in outputs:
        write(report, form, file, view)
    if arguments["stats"]:
        from mldebt.report.stats import stats

        click.echo(stats(watch.seconds, watch.counts, report.files.lines), err=True)
    if settings.strict and report.problems:
        return INCOMPLETE
    return DEBT if verbs.fails(report, settings.fail_on) else OK


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The settings that were given on the command line."""
    names = ("select", "ignore", "all_rules", "fail_on", "jobs", "strict")
    given = {name: arguments[name] for name in names if arguments.get(name) not in (None, ())}
    return {name: _names(value) if isinstance(value, tuple) else value for name, value in given.items()}


def _names(values: tuple[str, ...]) -> list[str]:
    """The names in a repeated option, each of which may be a list with commas."""
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


@app.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--rule", "select", multiple=True, help="only what these rules find")
@click.option("--select", "also_select", multiple=True, help=_HELP["select"])
@click.option("--ignore", multiple=True, help=_HELP["ignore"])
@click.option("--unsafe", is_flag=True, help="also take out what may change what runs")
@click.option("--diff", "only_diff", is_flag=True, help="print the patch, write nothing")
@click.option("--jobs", type=click.IntRange(0, 256), help=_HELP["jobs"])
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
    given = _given({**arguments, "select": arguments["select"] + arguments["also_select"]})
    settings = load(where.root, named, given)
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


@app.command()
@click.argument("where")
def why(where: str) -> None:
    """Tell why PATH:NAME counts as alive or dead: a definition, import, variable or attribute; PATH is the module."""
    from mldebt import app as verbs
    from mldebt.report.why import print_explanations

    path, _, name = where.rpartition(":") if ":" in where else (where, "", "")
    place = verbs.target([path or where])
    cache = verbs.cache_for(place.root)
    explanations = verbs.why(place, name, cache, load(place.root).workers)
    cache.close()
    print_explanations(explanations, place.root, sys.stdout)


@app.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--config", type=click.Path(), help="the settings file")
@click.option("--no-cache", is_flag=True, help="look at every file anew")
@click.option("-v", "--verbose", is_flag=True, help="all evidence, and what does not apply")
def practices(paths: tuple[str, ...], config: str | None, no_cache: bool, verbose: bool) -> None:
    """Show which practices of a healthy ML system are there, half there or missing."""
    from mldebt.report.practices import print_practices

    print_practices(_scanned(paths, config, not no_cache), sys.stdout, verbose)


@app.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "output", type=click.Path(), help="the file (default: standard output)")
@click.option("--format", "form", type=click.Choice(["svg", "json"]), default="svg", help="json: a shields.io endpoint")
@click.option("--config", type=click.Path(), help="the settings file")
def badge(paths: tuple[str, ...], output: str | None, form: str, config: str | None) -> None:
    """Draw the badge: the grade and the time to pay back."""
    from mldebt.report.badge import to_endpoint, to_svg

    report = _scanned(paths, config)
    data = to_svg(report) if form == "svg" else to_endpoint(report)
    put(data, output)


def _scanned(paths: tuple[str, ...], config: str | None, wanted: bool = True) -> Any:
    """The report of a scan without any options but where the settings are; `wanted` is whether the cache may help."""
    from mldebt import app as verbs
    from mldebt.judge.run import Watch
    from mldebt.report.progress import progress

    where = verbs.target(paths)
    settings = load(where.root, Path(config) if config else None)
    cache = verbs.cache_for(where.root, wanted)
    with progress(sys.stderr) as tick:
        report = verbs.scan(where, settings, cache, Watch(tick))
    cache.close()
    return report


@app.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Print a rule's page."""
    from difflib import get_close_matches

    from mldebt.rules.catalogue import load as load_rules
    from mldebt.rules.listing import page

    rules = {r.name: r for r in load_rules()}
    if rule not in rules:
        close = get_close_matches(rule, sorted(rules), n=1)
        raise UsageError(
            f"no rule is called {rule}: {f'did you mean {close[0]}' if close else '`mldebt rules` lists them'}"
        )
    click.echo(page(rules[rule]), nl=False)


@app.command()
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
def rules(form: str) -> None:
    """List the rules with category, severity and price."""
    from mldebt.rules.catalogue import load as load_rules
    from mldebt.rules.listing import rules_json, rules_table

    click.echo(rules_json(load_rules()) if form == "json" else rules_table(load_rules()), nl=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit codes as in the contract."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(exit_code(lambda: _invoke(given), given))


def _invoke(arguments: list[str]) -> int:
    try:
        with app.make_context("mldebt", arguments) as context:  # its `main` would end with 1 if nobody reads its output
            code = app.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    return code if isinstance(code, int) else OK
