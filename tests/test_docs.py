"""What documents take from the code is what the code says now."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_generated_documents_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert all(file.name in index for file in folder.glob("0*.md"))


def test_every_pattern_of_the_catalogue_is_a_rule_a_practice_or_refused() -> None:
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    refused = (ROOT / "docs" / "refused.md").read_text(encoding="utf-8").replace("\n  ", " ")
    rows = [line.split(" | ", 2) for line in page.splitlines() if re.match(r"\| \d", line)]
    links = [re.findall(r"\]\((\w+/[\w-]+\.md)\)", row[2]) for row in rows]
    reasons = [re.findall(r"refused: “([^”]+)”", row[2]) for row in rows]
    assert [int(row[0].strip("| ")) for row in rows] == list(range(1, 81))
    assert all(pair != ([], []) for pair in zip(links, reasons, strict=True))
    assert [link for found in links for link in found if not (ROOT / "docs" / link).is_file()] == []
    assert [reason for found in reasons for reason in found if f"- **{reason}" not in refused] == []
