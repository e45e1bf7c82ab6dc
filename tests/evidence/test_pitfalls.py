"""Every trap that the study of real repositories found has a case that is named after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mldebt.rules.page import parse_page

CASES = Path(__file__).parents[1] / "practices"
PITFALLS = {
    "a committed environment, not called venv": ("gitignore", "environment that is not called venv"),
    "CI that does nothing or never tests": ("ci", "a workflow that only echoes"),
    "CI in unusual places": ("static-analysis", "CI in unusual places"),
    "tests by name only": ("unit-tests", "tests by name only"),
    "tests not matched": ("unit-tests", "tests not matched"),
    "same word, other thing": ("pipeline-orchestration", "same word, other thing"),
    "a bot that covers actions only": ("dependency-updates", "covers actions only"),
    "a model logged but not registered": ("model-registry", "logged and not registered"),
    "model_registry as a folder or variable": ("model-registry", "a folder and a variable called model_registry"),
    "metrics exported by a framework": ("service-monitoring", "exported by a framework"),
    "declared, never used": ("data-validation", "declared, never used"),
    "imported, not declared": ("dependency-declaration", "imported, not declared"),
    "the project is the tool": ("drift-monitoring", "the project is the tool"),
    "a notebook-only practice": ("drift-monitoring", "notebook-only practice"),
    "a docs folder holding real assets": ("data-validation", "stands among examples"),
    "a disabled schedule": ("continuous-training", "state is disabled"),
    "a README that promises more than the code": ("drift-monitoring", "prose is never evidence"),
    "templates with Jinja in paths and YAML": ("infrastructure-as-code", "Jinja in its path"),
    "secrets in image build arguments": ("secrets-hygiene", "build arguments"),
    "old and new API names": ("drift-monitoring", "new API name"),
    "a flag that is off by default": ("experiment-tracking", "behind a flag that is off"),
    "configuration that names what is not there": ("alerting", "rule files that are not there"),
}


@pytest.mark.parametrize(("practice", "named"), [pytest.param(*case, id=trap) for trap, case in PITFALLS.items()])
def test_a_trap_has_a_case_of_its_own(practice: str, named: str) -> None:
    sections = parse_page((CASES / f"{practice}.md").read_text(encoding="utf-8")).sections
    assert [section.title for section in sections if named in section.title and section.examples]
