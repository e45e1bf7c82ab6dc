"""What manifests say of versions, in the forms of pip, conda and Poetry."""

from __future__ import annotations

import pytest

from mldebt.evidence.versions import Versions, specifiers
from mldebt.model import FileFacts, Setting


@pytest.mark.parametrize(
    ("asked", "allowed", "refused"),
    [
        ("", "99", None),
        (">=1.2,<2", "1.9", "2.0"),
        ("==1.7.0+cu110", "1.7.0+cu110", "1.8"),
        ("~=1.4.2", "1.4.9", "1.5"),
        (" (>=1.2)", "1.2", "1.1"),
        ("[extra]>=1.2", "1.2", "1.1"),
        (">=1.2; python_version < '3.8'", "1.2", "1.1"),
        ("=1.20", "1.20.3", "1.21"),
        ("=1.20.3=py38h", "1.20.3", "1.21"),
        ("1.2.3", "1.2.3", "1.2.4"),
        ("^1.2", "1.9", "2.0"),
        ("^0.3.1", "0.3.9", "0.4"),
        ("~1.2", "1.2.9", "1.3"),
        ("*", "99", None),
    ],
)
def test_a_specifier_allows_what_its_tool_would_install(asked: str, allowed: str, refused: str | None) -> None:
    found = specifiers(asked)
    assert found is not None
    assert found.contains(allowed)
    assert refused is None or not found.contains(refused)


@pytest.mark.parametrize("asked", ["@ git+https://example.org/x", "latest", "{ path = 'x' }"])
def test_what_is_no_version_says_nothing(asked: str) -> None:
    assert specifiers(asked) is None


@pytest.mark.parametrize(
    ("asked", "first", "before", "allowing"),
    [
        ("numpy>=1.19", "1.24", "", "requirements.txt"),
        ("numpy<1.24", "1.24", "", None),
        ("numpy==1.26.4", "1.24", "", "requirements.txt"),
        ("numpy>1.24,<1.25", "1.24", "", "requirements.txt"),
        ("numpy>=2", "1.24", "2.0", None),
        ("numpy>=1.25,!=1.25.0", "1.24", "2.0", "requirements.txt"),
        ("pandas==1.0", "1.24", "", ""),
    ],
)
def test_a_range_is_allowed_if_any_version_in_it_is(asked: str, first: str, before: str, allowing: str | None) -> None:
    files = {"requirements.txt": FileFacts("config", settings=(Setting("requirement", asked, 1),))}
    assert Versions(files).allowing("numpy", "train.py", first, before) == allowing
