"""Flags are off by default where nothing turns them on."""

from __future__ import annotations

import pytest

from mldebt.evidence.flags import off_flags, unselected
from mldebt.judge.examine import examine
from mldebt.model import FileFacts


def _files(**texts: str) -> dict[str, FileFacts]:
    named = {name.replace("__", "/").replace("_yaml", ".yaml").replace("_py", ".py"): t for name, t in texts.items()}
    return {p: examine("python" if p.endswith(".py") else "config", p, t.encode()) for p, t in named.items()}


@pytest.mark.parametrize(
    ("text", "is_off"),
    [
        ("track = False\n", True),
        ("track = None\n", True),
        ("track = True\n", False),
        ('import argparse\np = argparse.ArgumentParser()\np.add_argument("--track", action="store_true")\n', True),
        ('import argparse\np = argparse.ArgumentParser()\np.add_argument("--track", action="store_false")\n', False),
        ('import argparse\np = argparse.ArgumentParser()\np.add_argument("-t", "--track", default=None)\n', True),
        ('import argparse\np = argparse.ArgumentParser()\np.add_argument("--track", default="wandb")\n', False),
        (
            'import argparse\np = argparse.ArgumentParser()\np.add_argument("-t", dest="track", action="store_true")\n',
            True,
        ),
        (
            'import click\n\n\n@click.option("--track/--no-track", default=False)\ndef main(track):\n    print(1)\n',
            True,
        ),
        ("def main(track=False):\n    return track\n", True),
        ("def main(*, track=True):\n    return track\n", False),
        ("x = 1\n", False),
    ],
)
def test_a_default_tells_whether_a_flag_is_off(text: str, is_off: bool) -> None:
    assert ("track" in off_flags(_files(train_py=text))) is is_off


@pytest.mark.parametrize(
    ("value", "is_off"),
    [("false", True), ("null", True), ("~", True), ("off", True), ("true", False), ("wandb", False)],
)
def test_a_setting_tells_it_too(value: str, is_off: bool) -> None:
    assert ("track" in off_flags(_files(conf_yaml=f"logger:\n  track: {value}\n"))) is is_off


def test_what_one_place_turns_on_is_on() -> None:
    assert "track" not in off_flags(_files(train_py="track = False\n", conf_yaml="track: true\n"))


def test_a_configuration_with_a_list_of_defaults_says_what_is_the_default() -> None:
    main = "defaults:\n  - data: mnist\ntrain: true\ntest: false\n"
    files = _files(conf__main_yaml=main, conf__experiment__big_yaml="test: true\n")
    assert "test" in off_flags(files)
    assert "train" not in off_flags(files)


def test_files_of_a_group_that_no_default_selects_are_not_selected() -> None:
    files = _files(
        conf__main_yaml="defaults:\n  - logger: null\n  - model: small\n",
        conf__logger__wandb_yaml="_target_: wandb.init\n",
        conf__model__small_yaml="layers: 2\n",
        conf__model__large_yaml="layers: 9\n",
        conf__other__free_yaml="a: 1\n",
    )
    assert unselected(files) == {"conf/logger/wandb.yaml", "conf/model/large.yaml"}
