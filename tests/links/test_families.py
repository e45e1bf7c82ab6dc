"""Families of whole files: who belongs to one, what is said of it, and what is not said again."""

from __future__ import annotations

from mldebt.facts.statements import items
from mldebt.facts.syntax import Module
from mldebt.links.clones import CloneClass, clone_classes
from mldebt.links.repeats import clone_hit
from mldebt.model import Code, FileFacts, ModuleFacts, Place

STEPS = (
    "rows = table.load(path)",
    "rows.drop(columns, inplace=True)",
    "left, right = split(rows, parts=2, seed=1)",
    "scaler = Scaler(with_mean=True).fit(left)",
    "left, right = scaler.transform(left), scaler.transform(right)",
    "net = Net(width=64, depth=3).to(device)",
    "optimizer = Adam(net.parameters(), lr=rate, betas=(0.9, 0.99))",
    "history = [net.loss(left).item(), net.loss(right).item()]",
    "schedule = Cosine(optimizer, steps=len(left) * epochs)",
    "for batch in left.batches(size=32, shuffle=True):\n    optimizer.zero_grad()\n    net.loss(batch).backward()",
    "curve = [net.loss(batch).item() for batch in right.batches(size=32)]",
    "best = min(range(len(curve)), key=curve.__getitem__)",
    "report.add(best, curve[best], history[-1] - history[0])",
    "net.save(folder.joinpath('net.pt'), half=True)",
    "report.write(folder.joinpath('report.json'), indent=2)",
)
OTHERS = (
    "words = text.split()",
    "counts = Counter(word.lower() for word in words)",
    "common = counts.most_common(limit)",
    "index = {word: at for at, (word, _) in enumerate(common)}",
    "matrix = zeros((len(words), len(index)), dtype='uint8')",
    "matrix[range(len(words)), [index.get(word, 0) for word in words]] = 1",
    "ranks = argsort(matrix.sum(axis=0))[::-1]",
    "labels = [common[rank][0] for rank in ranks[:limit]]",
)


def script(kept: int, name: str) -> str:
    """A script with the first `kept` of the shared steps, the others in their place."""
    lines = [*STEPS[:kept], *OTHERS[: len(STEPS) - kept], f"print({name!r})"]
    return "import os\nimport sys\n" + "\n".join(lines) + "\n"


def classes(files: dict[str, str], focus: frozenset[str] | None = None) -> list[CloneClass]:
    facts = {}
    for path, text in files.items():
        facts[path] = FileFacts("python", modules=(ModuleFacts(items=items(Module(Code(text)))),))
    return clone_classes(facts, focus)


def test_variants_of_a_script_are_one_finding_with_the_share_of_each() -> None:
    (found,) = classes({f"fit{n}.py": script(n, f"{n}") for n in (15, 14, 13, 11)})
    assert found.unit == "file"
    assert {f.path for f in found.fragments} == {"fit15.py", "fit14.py", "fit13.py", "fit11.py"}
    hit = clone_hit(found, None)
    assert "one of 4 variants" in hit.says
    notes = [int(other.note.removesuffix("% shared")) for other in hit.see]
    assert notes == sorted(notes, reverse=True)
    assert 50 < notes[-1] < notes[0] < 100


def test_the_file_that_is_most_like_all_others_stands_for_the_family() -> None:
    (found,) = classes({f"fit{n}.py": script(n, f"{n}") for n in (15, 12, 9)})
    assert found.fragments[0].path == "fit12.py"


def test_what_lies_in_a_family_and_also_elsewhere_is_reported_too() -> None:
    files = {f"fit{n}.py": script(n, f"{n}") for n in (15, 14, 13)}
    body = "".join(f"    {line}\n" for line in "\n".join(STEPS[:6]).split("\n"))
    found = classes({**files, "tool.py": f"def prepare(table, path, columns, device):\n{body}    return net\n"})
    assert [c.unit for c in found if {f.path for f in c.fragments} <= files.keys()] == ["file"]
    assert [c.unit for c in found if "tool.py" in {f.path for f in c.fragments}] == ["block"]


def test_the_place_begins_after_imports_and_arguments_and_ends_with_a_whole_statement() -> None:
    head = "import argparse\n\nparser = argparse.ArgumentParser()\n"
    head += "".join(f"parser.add_argument('--option-{n}', type=int, default={n}, help='the {n}')\n" for n in range(12))
    (found,) = classes({"a.py": head + "\n".join(STEPS), "b.py": head + "\n".join(STEPS)})
    last = head.count("\n") + "\n".join(STEPS).count("\n") + 1
    assert [f.parts for f in found.fragments] == [(Place(head.count("\n") + 1, last),)] * 2
    assert found.kind == "type-1"


def test_files_that_share_a_third_are_no_family() -> None:
    assert all(c.unit != "file" for c in classes({"a.py": script(15, "a"), "b.py": script(6, "b")}))


def test_a_focus_gives_the_family_of_a_file_there() -> None:
    files = {f"fit{n}.py": script(n, f"{n}") for n in (15, 14, 13)}
    (found,) = classes(files, frozenset({"fit14.py"}))
    assert clone_hit(found, frozenset({"fit14.py"})).path == "fit14.py"
    assert len(found.fragments) == 3


def test_classes_in_scripts_are_told_of_by_themselves_and_functions_are_not() -> None:
    method = "".join(f"        {line}\n" for line in OTHERS)
    function = "def tell(report, curve):\n" + "".join(f"    report.add({n}, curve[{n}] - {n})\n" for n in range(9))
    head = f"class Tool:\n    def count(self, text, limit):\n{method}        return labels\n\n\n{function}\n\n"
    files = {
        f"fit{n}.py": f"{head}\n".join(["import sys\n", "\n".join(STEPS[:n]) + f"\nprint({n})\n"]) for n in (15, 14, 13)
    }
    found = classes(files)
    assert sorted(c.unit for c in found) == ["class", "file"]
    family = next(c for c in found if c.unit == "file")
    assert all(f.parts[0].line > method.count("\n") for f in family.fragments)
