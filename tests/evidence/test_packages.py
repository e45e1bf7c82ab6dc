"""What manifests declare, in whatever form."""

from __future__ import annotations

import pytest

from mldebt.evidence.packages import declared, normal
from mldebt.judge.examine import examine


def _declared(path: str, text: str) -> list[tuple[str, float]]:
    kind = "python" if path.endswith(".py") else "config"
    facts = examine(kind, path, text.encode())  # type: ignore[arg-type]
    return sorted({(one.name, one.fixed) for one in declared({path: facts})})


@pytest.mark.parametrize(
    ("line", "name", "fixed"),
    [
        ("torch", "torch", 0.0),
        ("torch==2.1.0", "torch", 1.0),
        ("torch===2.1.0", "torch", 1.0),
        ("torch>=2,<3", "torch", 0.0),
        ("torch~=2.1", "torch", 0.0),
        ("torch~=2.1.3", "torch", 0.5),
        ("torch==2.1.*", "torch", 0.5),
        ("torch==2.*", "torch", 0.0),
        ("ray[serve]==2.9 ; python_version < '3.12'", "ray", 1.0),
        ("Scikit_Learn == 1.4.0  # pinned", "scikit-learn", 1.0),
        ("mldebt @ https://example.org/mldebt.whl", "mldebt", 1.0),
    ],
)
def test_a_requirement_is_read_in_each_spelling(line: str, name: str, fixed: float) -> None:
    assert _declared("requirements.txt", line + "\n") == [(name, fixed)]


def test_options_and_hashes_of_requirements_are_no_packages() -> None:
    text = "-r base.txt\n--extra-index-url https://example.org\n-e .\nnumpy==1.26 \\\n    --hash=sha256:00\n"
    assert _declared("requirements.txt", text) == [("numpy", 1.0)]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["torch", "numpy"]\n', ["numpy", "torch"]),
        ("pyproject.toml", '[project.optional-dependencies]\ndev = ["pytest"]\n', ["pytest"]),
        ("pyproject.toml", '[dependency-groups]\ndev = ["ruff>=0.9"]\n', ["ruff"]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nmlflow = "^2.1"\n', ["mlflow"]),
        ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\npytest = {version = "8"}\n', ["pytest"]),
        ("Pipfile", '[packages]\nflask = "*"\n[dev-packages]\nblack = "*"\n', ["black", "flask"]),
        ("setup.cfg", "[options]\ninstall_requires =\n    torch\n    numpy>=1\n", ["numpy", "torch"]),
        ("setup.cfg", "[options.extras_require]\nserve =\n    fastapi\n", ["fastapi"]),
        ("environment.yml", "dependencies:\n  - pytorch::pytorch=2.1\n  - pip:\n    - einops\n", ["einops", "pytorch"]),
        (
            "Dockerfile",
            "FROM python:3.11\nRUN pip install --no-cache-dir torch 'numpy<2' && rm -r x\n",
            ["numpy", "torch"],
        ),
        ("run.sh", "uv pip install flask\npoetry add xgboost\n", ["flask", "xgboost"]),
    ],
)
def test_a_manifest_is_read_in_each_form(path: str, text: str, names: list[str]) -> None:
    assert [name for name, _ in _declared(path, text)] == names


@pytest.mark.parametrize(
    "text",
    [
        'setup(install_requires=["torch>=2", "numpy==1.26"])',
        'needs = ["torch>=2"]\nsetup(install_requires=needs + ["numpy==1.26"])',
        'setup(extras_require={"serve": ["torch>=2", "numpy==1.26"]})',
        'import setuptools\n\nsetuptools.setup(tests_require=("torch>=2", "numpy==1.26"))',
    ],
)
def test_a_set_up_script_declares_the_requirements_it_passes(text: str) -> None:
    found = _declared("setup.py", f"from setuptools import setup\n\n{text}\n")
    assert {("torch", 0.0), ("numpy", 1.0)} <= set(found)


@pytest.mark.parametrize("path", ["README.md", "docs/install.rst"])
def test_prose_declares_nothing(path: str) -> None:
    assert _declared(path, "Run:\n\n```bash\npip install torch\n```\n") == []


def test_a_name_has_one_spelling() -> None:
    assert {normal(name) for name in ("Ruamel.YAML", "ruamel_yaml", "ruamel--yaml")} == {"ruamel-yaml"}
