"""A pull request that attacks: its files, its names, its settings and what it puts beside the code."""

from __future__ import annotations

import pytest
from project import CLEAN, DEBT, Files
from stage import MakeStage

PAGE = "{{ title }} in our own words: {{ verdict }}"
BOMB = "{{ cycler.__init__.__globals__.os.popen('id').read() }}"


def test_what_lies_in_the_workspace_is_never_imported_and_never_obeyed(stage: MakeStage) -> None:
    planted = "raise SystemExit('planted code ran')\n"
    names = ("jinja2.py", "msgspec.py", "mldebt.py", "sitecustomize.py", "pip.py", "click/__init__.py")
    evil: Files = dict.fromkeys(names, planted)
    evil |= {
        "uv.toml": 'index-url = "https://evil.example"\n',
        "pip.conf": "[global]\nindex-url = https://evil.example\n",
    }
    here = stage(CLEAN, {**DEBT, **evil})
    run = here.run()
    assert run.ok and "planted code ran" not in run.log
    assert here.ours


def test_a_link_to_the_environment_shows_no_secret(stage: MakeStage) -> None:
    here = stage(CLEAN, {**DEBT, "leak.py": "-> /proc/self/environ", "conf.yaml": "-> /proc/self/environ"})
    run = here.run()
    assert run.ok
    told = [here.ours[0], run.summary, run.log]
    assert not any("ghs_write" in text for text in told)


def test_names_and_contents_of_files_are_no_commands_to_the_runner(stage: MakeStage) -> None:
    names = ["::set-output name=score::100.py", "##[error]x.py", "a,line=1::b%0Ac.py", "@team <img src=x>.py", "`|`.py"]
    body = "import os as set_output  # ::set-output name=grade::A\n::error::x\n"
    evil = {name: DEBT["train.py"] for name in names} | {"broken.py": body}
    here = stage(CLEAN, {**CLEAN, **evil})
    run = here.run()
    assert run.ok, run.log
    assert run.outputs["score"] != "100" and run.outputs["items-new"] != "0"
    assert all("mldebt" in where.get("title", "") for _, where, _ in run.annotations)
    assert "@team" not in here.ours[0].replace("`@team <img src=x>.py:2`", "")
    assert "<img" not in here.ours[0].replace("`@team <img src=x>.py:2`", "")


def test_settings_and_thresholds_come_from_the_base(stage: MakeStage) -> None:
    strict, lax = 'fail-on = "new"\n', 'ignore = ["dead-code"]\n'
    here = stage({**CLEAN, "mldebt.toml": strict}, {**DEBT, "mldebt.toml": lax})
    run = here.run()
    assert not run.ok and run.outputs["gate"] == "failed"
    assert "Settings changed here (`mldebt.toml`): those of the base were used" in here.ours[0]


def test_whoever_trusts_the_head_says_so(stage: MakeStage) -> None:
    here = stage(CLEAN, {**DEBT, "mldebt.toml": 'ignore = ["dead-code"]\n'}, config_from="head")
    assert here.run().outputs["items-new"] == "0"


def test_excuses_that_a_pull_request_adds_are_listed(stage: MakeStage) -> None:
    excused = DEBT["train.py"].replace("import os", "import os  # mldebt: ignore[dead-import] for later")
    here = stage(CLEAN, {"train.py": excused}, comment="always")
    assert here.run().ok
    assert "Excused here: `train.py` with `mldebt: ignore[dead-import] for later`" in here.ours[0]


def test_a_baseline_of_the_head_counts_for_nothing(stage: MakeStage) -> None:
    none = '{"schema": 1, "findings": [\n\n]}\n'
    forged = '{"schema": 1, "findings": "all"}'
    before: Files = {**CLEAN, ".mldebt-baseline.json": none}
    here = stage(before, {**DEBT, ".mldebt-baseline.json": forged}, baseline=".mldebt-baseline.json", fail_on="new")
    run = here.run()
    assert not run.ok and run.outputs["items-new"] == "1", run.log


@pytest.mark.parametrize(
    ("base", "head", "says"),
    [
        (PAGE, BOMB, "ML debt: grade"),
        (BOMB, PAGE, "The comment template was not used:"),
        (None, PAGE, "The base has no template `page.md`"),
    ],
    ids=["changed by the pull request", "attacks in the base", "new"],
)
def test_the_template_is_that_of_the_base(stage: MakeStage, base: str | None, head: str, says: str) -> None:
    before: Files = CLEAN if base is None else {**CLEAN, "page.md": base}
    here = stage(before, {**DEBT, "page.md": head}, comment_template="page.md")
    assert here.run().ok
    assert here.ours[0].startswith("<!-- mldebt:comment v=1 id=default run=42 ")
    assert says in here.ours[0] and ("in our own words" in here.ours[0]) == (base == PAGE)
    assert here.run(run=43).outputs["comment"] == "updated"


def test_on_pull_request_target_it_does_not_run(stage: MakeStage) -> None:
    here = stage(CLEAN, DEBT)
    workflow = here.project.root / ".github/workflows/mldebt.yml"
    text = workflow.read_text(encoding="utf-8").replace("pull_request:", "pull_request_target:", 1)
    workflow.write_text(text, encoding="utf-8")
    run = here.run(event="pull_request_target")
    assert not run.ok and here.ours == []
    assert any("does not run on pull_request_target" in message for _, _, message in run.annotations)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("comment_template", "/etc/passwd"),
        ("report_dir", "../../../../tmp/out"),
        ("paths", "/etc"),
        ("timeout", "0s"),
        ("python", "python-that-is-not-there"),
    ],
)
def test_an_input_that_cannot_be_ends_with_a_sentence(stage: MakeStage, name: str, value: str) -> None:
    here = stage(CLEAN, DEBT, **{name: value})
    run = here.run()
    assert not run.ok and here.ours == []
    assert run.outputs["exit-code"] == ("" if name == "python" else "2")
    assert [level for level, where, _ in run.annotations if where.get("title") == "mldebt"] == ["error"]
