"""The closed sets of words that findings, problems and practices are told apart by."""

from __future__ import annotations

from typing import Literal

Category = Literal["data", "code", "complexity", "feedback", "operations"]
Family = Literal["dead-code", "clones", "missing-abstractions", "complexity", "ml", "notebooks", "artifacts"]
Severity = Literal["low", "medium", "high"]
Status = Literal["present", "partial", "missing", "not-applicable"]
ProblemKind = Literal["unreadable", "unparsable", "too-large", "crashed", "timeout"]

CATEGORIES: tuple[Category, ...] = ("data", "code", "complexity", "feedback", "operations")
