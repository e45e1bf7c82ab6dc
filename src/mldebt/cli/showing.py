"""The verbs that show something: `why`, `graph`, `practices`, `badge`, `explain` and `rules`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mldebt.errors import UsageError
from mldebt.output import put
from mldebt.settings import load


@click.command()
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


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(["mermaid", "dot", "json"]), default="mermaid")
@click.option("-o", "output", type=click.Path(), help="the file (default: standard output)")
@click.option("--no-cache", is_flag=True, help="look at every file anew")
def graph(paths: tuple[str, ...], form: str, output: str | None, no_cache: bool) -> None:
    """Draw which scripts, notebooks and stages read and write which data and models, feedback loops marked."""
    from mldebt import app as verbs
    from mldebt.chart import chart
    from mldebt.report.graph import FORMS

    where = verbs.target(paths)
    cache = verbs.cache_for(where.root, not no_cache)
    drawn = chart(where, cache, load(where.root).workers)
    cache.close()
    put(FORMS[form](drawn), output)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--config", type=click.Path(), help="the settings file")
@click.option("--no-cache", is_flag=True, help="look at every file anew")
@click.option("-v", "--verbose", is_flag=True, help="all evidence, and what does not apply")
def practices(paths: tuple[str, ...], config: str | None, no_cache: bool, verbose: bool) -> None:
    """Show which practices of a healthy ML system are there, half there or missing."""
    from mldebt.report.practices import print_practices

    print_practices(_scanned(paths, config, not no_cache), sys.stdout, verbose)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "output", type=click.Path(), help="the file (default: standard output)")
@click.option("--format", "form", type=click.Choice(["svg", "json"]), default="svg", help="json: a shields.io endpoint")
@click.option("--push", "branch", metavar="BRANCH", help="push badge.svg and badge.json to this branch of origin")
@click.option("--config", type=click.Path(), help="the settings file")
def badge(paths: tuple[str, ...], output: str | None, form: str, branch: str | None, config: str | None) -> None:
    """Draw the badge: the grade and the time to pay back."""
    from mldebt.report.badge import to_endpoint, to_svg

    report = _scanned(paths, config)
    if output is not None or branch is None:
        put(to_svg(report) if form == "svg" else to_endpoint(report), output)
    if branch is not None:
        _push(paths, branch, {"badge.svg": to_svg(report), "badge.json": to_endpoint(report)})


def _push(paths: tuple[str, ...], branch: str, files: dict[str, bytes]) -> None:
    """Put files on a data branch of the repository's remote, and say what came of it."""
    from mldebt import app as verbs
    from mldebt.data_branch import push

    where = verbs.target(paths)
    if not where.in_git:
        raise UsageError(f"{where.root} is in no git repository: there is nothing to push to")
    commit = push(where.root, branch, files)
    click.echo(f"{branch} has this badge already" if commit is None else f"pushed {commit[:12]} to {branch}")


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


@click.command()
@click.argument("name")
def explain(name: str) -> None:
    """Print the page of a rule or a practice."""
    from difflib import get_close_matches

    from mldebt.practices import catalogue
    from mldebt.practices.page import page as practice_page
    from mldebt.rules.catalogue import load as load_rules
    from mldebt.rules.listing import page

    rules = {r.name: r for r in load_rules()}
    known = catalogue()
    found = {practice.practice: (category, practice) for category, practice in known.practices}
    if name in rules:
        click.echo(page(rules[name]), nl=False)
    elif name in found:
        click.echo(practice_page(known, *found[name]), nl=False)
    else:
        close = get_close_matches(name, sorted([*rules, *found]), n=1)
        hint = f"did you mean {close[0]}" if close else "`mldebt rules` and `mldebt practices -v` list them"
        raise UsageError(f"no rule or practice is called {name}: {hint}")


@click.command()
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
def rules(form: str) -> None:
    """List the rules with category, severity and price."""
    from mldebt.rules.catalogue import load as load_rules
    from mldebt.rules.listing import rules_json, rules_table

    click.echo(rules_json(load_rules()) if form == "json" else rules_table(load_rules()), nl=False)


COMMANDS = (why, graph, practices, badge, explain, rules)
