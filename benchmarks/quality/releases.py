"""The Python files of a library's releases, side by side in one folder, to be read and never run.

A release lies in `FOLDER/DISTRIBUTION/VERSION/`: the `.py` and `.pyi` files of its wheel, with an empty file in place
of each compiled module, and without its tests. Wheels alone are asked for: to download a source distribution runs it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from packaging.version import InvalidVersion, Version

# of every interpreter that some release in question still served, the newest first
_PYTHONS = ("3.13", "3.12", "3.11", "3.10", "3.9", "3.8", "3.7", "3.6", "3.5", "2.7")
# the smallest wheels first; Intel before ARM, where some of TensorFlow's name another distribution and hold nothing
_PLATFORMS = ("macosx_10_15_x86_64", "macosx_15_0_arm64", "manylinux_2_28_x86_64", "manylinux2014_x86_64")
_OLDER_PLATFORMS = ("manylinux2010_x86_64", "manylinux1_x86_64", "any")
_SOURCE = (".py", ".pyi")
_COMPILED = (".so", ".pyd", ".dylib")
_TESTS = re.compile(r"(^|/)(tests?|testing_data|_?inductor/kernel|benchmarks?)/(?!.*__init__)")
_LARGEST = 8_000_000  # bytes of one file
_ABSENT = "none.txt"  # in a distribution's folder: versions of which there is no wheel


def held(folder: Path, distribution: str) -> dict[Version, Path]:
    """The releases of a distribution that lie in the folder, the oldest first."""
    home = folder / distribution
    found = {Version(path.name): path for path in home.iterdir() if path.is_dir()} if home.is_dir() else {}
    return dict(sorted(found.items()))


def bring(folder: Path, distribution: str, first: Version, pip: str, git: Path | None) -> None:
    """Unpack the last release of each minor version from `first` on, from the registry or a clone's tags."""
    home = folder / distribution
    home.mkdir(parents=True, exist_ok=True)
    absent = home / _ABSENT
    missing = set(absent.read_text(encoding="utf-8").split()) if absent.exists() else set()
    pythons = list(_PYTHONS)
    tags = _tags(git) if git else {}
    for version in _last_of_each_minor(tags or _versions(distribution, pip)):
        if version < first or str(version) in missing or (home / str(version)).exists():
            continue
        packed = _archived(git, tags[version]) if git else _downloaded(distribution, version, pip, pythons)
        if packed is None or not _unpack(packed, home, str(version)):
            missing.add(str(version))
    absent.write_text("".join(f"{version}\n" for version in sorted(missing, key=Version)), encoding="utf-8")


def _last_of_each_minor(versions: dict[Version, str]) -> list[Version]:
    newest: dict[tuple[int, ...], Version] = {}
    for version in sorted(versions):
        if not version.is_prerelease and not version.local:
            newest[version.release[:2]] = version
    return sorted(newest.values(), reverse=True)


def _versions(distribution: str, pip: str) -> dict[Version, str]:
    """All releases that the registry has for some interpreter."""
    found: dict[Version, str] = {}
    for python in ("3.13", "3.9", "3.7", "2.7"):
        asked = [*pip.split(), "index", "versions", distribution, "--python-version", python, "--only-binary=:all:"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        listed = re.search(r"^Available versions: (.*)$", said, re.MULTILINE)
        found.update((Version(word), word) for word in (listed[1].split(", ") if listed else ()))
    return found


def _downloaded(distribution: str, version: Version, pip: str, pythons: list[str]) -> bytes | None:
    """The smallest sensible wheel of a release; the interpreter that it was found for comes first the next time."""
    for python in list(pythons):
        with tempfile.TemporaryDirectory() as target:
            asked = [*pip.split(), "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", target]
            asked += ["--python-version", python, f"{distribution}=={version}"]
            asked += [word for name in (*_PLATFORMS, *_OLDER_PLATFORMS) for word in ("--platform", name)]
            subprocess.run(asked, capture_output=True, check=False)
            wheels = list(Path(target).glob("*.whl"))
            if wheels:
                pythons.remove(python)
                pythons.insert(0, python)
                return wheels[0].read_bytes()
    return None


def _tags(clone: Path) -> dict[Version, str]:
    said = subprocess.run(["git", "-C", clone, "tag"], capture_output=True, text=True, check=True).stdout
    found = {}
    for tag in said.split():
        try:
            found[Version(tag)] = tag
        except InvalidVersion:
            print(f"{clone.name}: the tag {tag} names no version", file=sys.stderr)
    return found


def _archived(clone: Path | None, tag: str) -> bytes:
    return subprocess.run(["git", "-C", str(clone), "archive", tag], capture_output=True, check=True).stdout


def _unpack(packed: bytes, home: Path, version: str) -> bool:
    """Write what is source of a wheel or of git's archive, and say if anything is; no path leads out of the folder."""
    unfinished = home / f".{version}"
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, content in _members(packed):
        path = (unfinished / name).resolve()
        if path.is_relative_to(unfinished.resolve()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if not unfinished.is_dir():
        return False
    unfinished.rename(home / version)
    return True


def _members(packed: bytes) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(BytesIO(packed)):
        with zipfile.ZipFile(BytesIO(packed)) as wheel:
            for entry in wheel.infolist():
                if _is_wanted(entry.filename, entry.file_size):
                    yield entry.filename, wheel.read(entry) if entry.filename.endswith(_SOURCE) else b""
        return
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() and _is_wanted(member.name, member.size) else None
            if stream is not None:
                yield member.name, stream.read() if member.name.endswith(_SOURCE) else b""


def _is_wanted(name: str, size: int) -> bool:
    if _TESTS.search(name):
        return False
    return name.endswith(_COMPILED) or (name.endswith(_SOURCE) and size < _LARGEST)
