"""What TorchFix expects of its own fixtures, and which of it we find: matched lines for each code.

usage: python benchmarks/quality/torchfix.py BENCH CHECKOUT [-v]

BENCH holds `torchfix_expected_findings.csv` (fixture, line, column, code); CHECKOUT is a clone of torchfix.
The fixtures are copied to a folder of their own first, for they lie among tests, where some rules do not look. Exits 1
if a line of a shared code is missed. With -v each missed line is named.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

LABELS = "torchfix_expected_findings.csv"
FIXTURES = Path("tests/fixtures")
# the rules that look for what a code stands for
SHARED = {
    "TOR001": "removed-api",
    "TOR002": "requires-grad-without-effect",
    "TOR003": "checkpoint-reentrance-open",
    "TOR004": "removed-api",
    "TOR101": "deprecated-api",
    "TOR102": "unsafe-model-deserialisation",
    "TOR103": "deprecated-api",
    "TOR104": "private-api",
    "TOR105": "private-api",
    "TOR106": "unstable-logarithm",
    "TOR107": "unstable-logarithm",
    "TOR108": "unstable-logarithm",
    "TOR201": "deprecated-api",
    "TOR202": "deprecated-api",
    "TOR401": "loader-without-workers",
    "TOR402": "gradients-set-to-zero",
}
NOT_SHARED = {
    "TOR203": "style: how an import of torchvision.models is spelt (ruff's PLR0402 sees it anywhere)",
    "TOR901": "for the tests of PyTorch itself: torch.library.Library in place of a private test helper",
}

Line = tuple[str, int, str]


def main() -> int:
    arguments = _arguments()
    with (arguments.bench / LABELS).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = Counter((row["fixture"], int(row["line"]), row["code"]) for row in rows)
    found = _found(arguments.checkout)
    matched = Counter({line: min(count, _room(found, line)) for line, count in wanted.items()})
    codes = sorted({code for _, _, code in wanted})
    for code in codes:
        all_of = sum(count for line, count in wanted.items() if line[2] == code)
        of = sum(count for line, count in matched.items() if line[2] == code)
        print(f"{code}  {of:3} of {all_of:3}  {SHARED.get(code) or 'not shared: ' + NOT_SHARED[code]}")
    missed = wanted - matched
    shared = Counter({line: count for line, count in missed.items() if line[2] in SHARED})
    if arguments.verbose:
        print("\n".join(f"missed {path}:{line} {code}" for path, line, code in sorted(missed)))
    outside = sum(count for line, count in wanted.items() if line[2] not in SHARED)
    print(f"{matched.total()} of {wanted.total()} matched; {wanted.total() - outside} are of codes we share")
    return int(bool(shared))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser.parse_args()


def _found(checkout: Path) -> Counter[Line]:
    """How often each of our rules hits each line of the fixtures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, report = Path(temporary) / "checked", Path(temporary) / "report.json"
        shutil.copytree(checkout / FIXTURES, folder)
        selected = [word for rule in sorted(set(SHARED.values())) for word in ("--select", rule)]
        command = [
            sys.executable,
            "-m",
            "mldebt",
            "scan",
            str(folder),
            *selected,
            "--format",
            "json",
            "-o",
            str(report),
        ]
        subprocess.run(command, check=True)
        findings = json.loads(report.read_bytes())["findings"]
    return Counter((finding["at"]["path"], finding["at"]["line"], finding["rule"]) for finding in findings)


def _room(found: Counter[Line], line: Line) -> int:
    """How many of our findings stand in the line for a code."""
    path, number, code = line
    return found[path, number, SHARED[code]] if code in SHARED else 0


if __name__ == "__main__":
    sys.exit(main())
