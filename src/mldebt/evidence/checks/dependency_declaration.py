"""What the code imports is what a manifest declares."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mldebt.evidence.context import is_aside
from mldebt.evidence.items import Item
from mldebt.evidence.packages import Declared, normal
from mldebt.evidence.scene import Scene

_COVERED = 0.7  # share of the imported packages: names of modules and distributions differ, some are optional
_TOOL = "manifest"
# distributions that are called otherwise than what they install
_KNOWN = {
    "cv2": "opencv-python", "pil": "pillow", "sklearn": "scikit-learn", "skimage": "scikit-image", "yaml": "pyyaml",
    "bs4": "beautifulsoup4", "dotenv": "python-dotenv", "tensorboard": "tensorflow", "google": "google-cloud",
    "mpl-toolkits": "matplotlib", "pytorch-lightning": "lightning", "ruamel": "ruamel-yaml", "attr": "attrs",
    "hydra": "hydra-core", "dateutil": "python-dateutil", "keras": "tensorflow", "ray": "ray", "azureml": "azureml-sdk",
}  # fmt: skip


def check(scene: Scene) -> Iterator[Item]:
    manifests = [one for one in scene.manifests if not _is_image(one.path)]
    if not manifests:
        if scene.manifests:
            one = scene.manifests[0]
            yield Item("medium", one.path, one.line, _TOOL, "only images and scripts install packages")
        return
    covered = [name for name in _imported(scene) if _is_covered(name, {one.name for one in manifests})]
    missing = sorted(set(_imported(scene)) - set(covered))
    share = len(covered) / (len(covered) + len(missing)) if covered or missing else 1.0
    one = _main(manifests)
    if share >= _COVERED:
        yield Item("strong", one.path, one.line, _TOOL, f"declares {len(covered)} of {len(covered) + len(missing)} imported packages")
    else:
        yield Item("medium", one.path, one.line, _TOOL, f"leaves out {', '.join(missing[:5])}")


def _main(manifests: list[Declared]) -> Declared:
    return min(manifests, key=lambda one: (one.path.count("/"), one.path, one.line))


def _is_image(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return not name.startswith(("requirements", "environment", "conda", "pyproject", "setup", "pipfile", "pixi")) and (
        "requirements" not in path and "env" not in name
    )


def _imported(scene: Scene) -> list[str]:
    return sorted(
        name
        for name, uses in scene.imports.items()
        if name not in sys.stdlib_module_names and any(not is_aside(use.path) for _, use in uses)
    )


def _is_covered(name: str, declared: set[str]) -> bool:
    plain = normal(name)
    wanted = _KNOWN.get(plain, plain)
    return any(one in (plain, wanted) or one.startswith((f"{plain}-", f"{wanted}-")) or plain in one.split("-") for one in declared)
