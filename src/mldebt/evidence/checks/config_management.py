"""Settings kept as Python files that a program runs or imports by their path; options of the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mldebt.evidence.items import Item
from mldebt.evidence.scene import Scene

_FOLDER = re.compile(r"(?:^|/)conf(?:ig)?s?/")
_TOOL = "Python files of settings"
# what reads the command line: settings all the same, but nowhere written down
_OPTIONS = (
    "argparse.ArgumentParser", "optparse.OptionParser", "click.option", "typer.Option", "typer.Typer", "fire.Fire",
    "absl.flags.DEFINE_string", "absl.flags.DEFINE_integer", "absl.flags.DEFINE_float", "absl.flags.DEFINE_enum",
    "tensorflow.app.flags.DEFINE_string", "tensorflow.flags.DEFINE_string", "tyro.cli", "simple_parsing.ArgumentParser",
    "transformers.HfArgumentParser", "docopt.docopt", "plac.call", "configargparse.ArgParser",
)  # fmt: skip


def check(scene: Scene) -> Iterator[Item]:
    found = [u for u in scene.code if _FOLDER.search(u.path) and "only-assigns" in u.facts.traits]
    runs = any("evaluates" in u.facts.traits or "looks-up-names" in u.facts.traits for u in scene.code)
    if len(found) > 1 and runs:
        yield Item("strong", found[0].path, 1, _TOOL, "is one of several that the entry point runs")
    for name in _OPTIONS:
        for use in scene.calls.get(name, ())[:1]:
            yield Item("medium", use.path, use.line, "options", f"calls `{name}`", lesser=True)
