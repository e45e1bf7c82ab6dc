"""Families of configurations: no pair that is like enough is passed over by the look-up that spares the rest."""

from __future__ import annotations

import random

import pytest

from mldebt.links.variants import variants
from mldebt.model import FileFacts, Setting


def _file(values: list[int]) -> FileFacts:
    settings = [Setting(f"key{n}", str(value), n + 1) for n, value in enumerate(values)]
    return FileFacts("config", len(values), settings=(*settings, Setting("lr", "0.1", len(values) + 1)))


@pytest.mark.parametrize("length", [14, 15, 19, 20, 24, 39])
@pytest.mark.parametrize("seed", range(5))
def test_files_that_differ_in_a_fifth_of_their_settings_are_one_family_and_no_more(length: int, seed: int) -> None:
    draw = random.Random(seed)
    most = (length + 1) // 5
    for changed, is_family in ((most, True), (most + 1, False)):
        first = [0] * length
        files = {"a.yaml": _file(first)}
        for name in ("b.yaml", "c.yaml"):
            other = list(first)
            for place in draw.sample(range(length), changed):
                other[place] = draw.randrange(1, 1000)
            files[name] = _file(other)
        found = variants(files)
        assert [family.paths for family in found] == ([tuple(files)] if is_family else [])
