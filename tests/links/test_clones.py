"""Clone classes over small repositories: what is one class, where its members begin and end, what stays the same."""

from __future__ import annotations

import ast
import random
from itertools import pairwise

import msgspec
import pytest

from mldebt.facts.definitions import Owners, definitions
from mldebt.facts.receivers import Receivers
from mldebt.facts.statements import items
from mldebt.facts.syntax import Module
from mldebt.links.chains import Finder
from mldebt.links.clones import CloneClass, clone_classes
from mldebt.links.repeats import clone_hit
from mldebt.links.sequences import Sequences
from mldebt.model import Cell, Code, FileFacts, ModuleFacts, Place

INIT = """
def weights_init_normal(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        torch.nn.init.normal_(m.weight.data, 0.0, 0.02)
    elif classname.find("BatchNorm2d") != -1:
        torch.nn.init.normal_(m.weight.data, 1.0, 0.02)
        torch.nn.init.constant_(m.bias.data, 0.0)
"""

STEP = """
for images, labels in batches:
    optimizer.zero_grad()
    outputs = model(images)
    loss = criterion(outputs, labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * images.size(0)
    history.append((loss.item(), total))
"""


def code_facts(*codes: Code) -> FileFacts:
    modules = []
    for code in codes:
        module = Module(code)
        found = definitions(module, Owners(module), Receivers(module))
        modules.append(ModuleFacts(name=code.name, definitions=found, items=items(module)))
    return FileFacts("notebook" if codes[0].cells else "python", modules=tuple(modules))


def notebook(*cells: str) -> FileFacts:
    """A notebook of code cells only."""
    placed, line = [], 1
    for number, text in enumerate(cells, 1):
        placed.append(Cell(number, "code", line, text.count("\n") + 1))
        line += text.count("\n") + 1
    return code_facts(Code("\n".join(cells), cells=tuple(placed)))


def classes(files: dict[str, str], focus: frozenset[str] | None = None) -> list[CloneClass]:
    return clone_classes({path: code_facts(Code(text)) for path, text in files.items()}, focus)


def places(found: CloneClass) -> list[tuple[str, int, int]]:
    return [(f.path, f.parts[0].line, f.parts[-1].end_line) for f in found.fragments]


def test_nineteen_copies_are_one_class_and_not_pairs() -> None:
    files = {f"gan{n}.py": f"import torch\nkind = {n}\n{INIT}" for n in range(19)}
    (found,) = classes(files)
    assert len(found.fragments) == 19
    assert {f.symbol for f in found.fragments} == {"weights_init_normal"}
    assert found.unit == "function"


EDITS = {
    "type-1": (INIT, "# copied\n" + INIT.replace('"', "'")),
    "type-2": (INIT, INIT.replace("0.02", "0.05").replace("classname", "kind")),
    "type-3": (INIT, INIT.replace("        torch.nn.init.constant_(m.bias.data, 0.0)\n", "")),
}


@pytest.mark.parametrize(("kind", "texts"), EDITS.items())
def test_the_loosest_pair_gives_the_type(kind: str, texts: tuple[str, str]) -> None:
    (found,) = classes({"a.py": INIT, "b.py": INIT, "c.py": texts[1]})
    assert found.kind == kind
    assert len(found.fragments) == 3


def test_an_edited_number_leaves_the_identity_and_an_edited_call_does_not() -> None:
    def identity(text: str) -> str:
        (found,) = classes({"a.py": text, "b.py": text})
        return found.identity

    assert identity(INIT) == identity(INIT.replace("0.02", "0.3"))
    assert identity(INIT) != identity(INIT.replace("constant_", "ones_"))


def test_the_largest_unit_is_reported_and_not_what_lies_in_it() -> None:
    methods = "".join("    " + line + "\n" if line else "\n" for line in (INIT + INIT.replace("m.", "n.")).split("\n"))
    text = f"class Init:\n{methods}"
    assert [f.unit for found in classes({"a.py": text, "b.py": text}) for f in found.fragments if f.unit == "class"]
    assert {found.unit for found in classes({"a.py": text, "b.py": text})} <= {"class", "method"}
    assert classes({"a.py": text, "b.py": text})[0].unit == "class"


def test_a_block_is_found_where_it_stands_in_another_function() -> None:
    body = "".join("    " + line + "\n" for line in STEP.strip().split("\n"))
    head = "def fit(model, batches, path):\n    rows = read(path, sheets=[model.name, batches.name])\n"
    tail = "    rows.save(path, index=False, mode='w')\n    path.rename(path.parent / model.version / path.name)\n"
    host = f"{head}{body}{tail}    return rows.merge(batches.index, on='id', how='left')\n"
    (found,) = classes({"script.py": STEP, "host.py": host})
    assert found.unit == "block"
    assert places(found) == [("host.py", 3, 10), ("script.py", 2, 9)]


def test_a_piece_over_two_cells_has_parts_without_the_cell_between() -> None:
    lines = STEP.strip().split("\n")
    flat = [line.strip() for line in lines[1:]]
    one = notebook("model = load()", "\n".join(flat))
    two = notebook("\n".join(flat[:4]), "model.summary()", "\n".join(flat[4:]), "done = True")
    (found,) = clone_classes({"one.ipynb": one, "two.ipynb": two})
    assert [f.parts for f in found.fragments] == [
        (Place(1, 7, 1, 2),),
        (Place(1, 4, 1, 1), Place(1, 3, 1, 3)),
    ]
    assert clone_hit(found, frozenset({"two.ipynb"})).parts == (Place(1, 4, 1, 1), Place(1, 3, 1, 3))


def test_a_function_in_a_cell_and_in_a_package_is_one_class() -> None:
    found = clone_classes({"nb.ipynb": notebook("import torch", INIT.strip()), "init.py": code_facts(Code(INIT))})
    assert [(f.path, f.parts) for f in found[0].fragments] == [
        ("init.py", (Place(2, 8),)),
        ("nb.ipynb", (Place(1, 7, 1, 2),)),
    ]


def test_a_module_that_a_cell_writes_is_read_too() -> None:
    written = Code("\n" + INIT.strip(), "init", (Cell(4, "code", 1, 8),))
    files = {"nb.ipynb": code_facts(Code("a = 1", cells=(Cell(1, "code", 1, 1),)), written)}
    (found,) = clone_classes(files | {"init.py": code_facts(Code(INIT))})
    assert found.fragments[1].parts == (Place(2, 8, 1, 4),)


def test_a_focus_gives_the_classes_with_a_member_there() -> None:
    files = {f"gan{n}.py": INIT for n in range(5)} | {"a.py": STEP, "b.py": STEP}
    (found,) = classes(files, frozenset({"gan3.py"}))
    assert len(found.fragments) == 5
    assert clone_hit(found, frozenset({"gan3.py"})).path == "gan3.py"
    assert len(classes(files, frozenset({"gan3.py", "b.py"}))) == 2
    assert classes(files, frozenset()) == []


def test_the_order_of_files_does_not_matter() -> None:
    files = {name: scramble(n) for n, name in enumerate(("d.py", "a.py", "c.py", "b.py"))}
    assert classes(files) == classes(dict(reversed(files.items())))


def test_code_shown_in_a_document_is_no_copy() -> None:
    shown = msgspec.structs.replace(code_facts(Code(INIT)), kind="config")
    assert clone_classes({"init.py": code_facts(Code(INIT)), "README.md": shown}) == []


# -- the property ------------------------------------------------------------------------------------------------------

STATEMENTS = (
    "loss = criterion(model(images), labels)",
    "optimizer.zero_grad()",
    "loss.backward()",
    "scheduler.step(loss.item())",
    "history.append(loss.item() * images.size(0))",
    "images = images.to(device, non_blocking=True)",
    "torch.save(model.state_dict(), path)",
    "scores[name] = evaluate(model, loader, top=5)",
)


def scramble(seed: int) -> str:
    """A module of functions, classes and statements put together from a few statements, so that much is repeated."""
    rng = random.Random(seed)

    def block(depth: int, length: int) -> list[str]:
        rows, start = [], rng.randrange(len(STATEMENTS))
        for at in range(length):
            pad = "    " * depth
            if rng.random() < 0.15 and depth < 4:
                rows += [f"{pad}for images, labels in loader:", *block(depth + 1, 3)]
            elif rng.random() < 0.1 and depth < 4:
                rows += [f"{pad}if step % {rng.randrange(9)} == 0:", *block(depth + 1, 2)]
                rows += [f"{pad}else:", *block(depth + 1, 2)]
            else:
                rows.append(pad + STATEMENTS[(start + at) % len(STATEMENTS)])
        return rows

    def definition(depth: int) -> list[str]:
        pad = "    " * depth
        if depth == 0 and rng.random() < 0.3:
            return [f"class C{rng.randrange(99)}:", *(row for _ in range(2) for row in definition(1))]
        return [f"{pad}def f{rng.randrange(99)}(model, loader):", *block(depth + 1, rng.randrange(3, 12))]

    rows: list[str] = []
    for _ in range(12):
        rows += definition(0) if rng.random() < 0.6 else block(0, rng.randrange(2, 9))
    return "\n".join(rows) + "\n"


def borders(text: str) -> list[tuple[int, int]]:
    """The lines of every definition in a module."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [(n.lineno, n.end_lineno or 0) for n in ast.walk(ast.parse(text)) if isinstance(n, kinds)]


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_no_fragment_begins_in_one_definition_and_ends_in_the_next(seed: int) -> None:
    files = {f"m{n}.py": scramble(seed + n) for n in range(3)}
    found = classes(files)
    assert found
    for path, first, last in [place for each in found for place in places(each)]:
        for begin, end in borders(files[path]):
            apart = last < begin or first > end
            assert apart or (begin <= first and last <= end) or (first <= begin and end <= last), (path, first, last)


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_members_of_a_class_do_not_overlap(seed: int) -> None:
    for found in classes({f"m{n}.py": scramble(seed + n) for n in range(3)}):
        spans = sorted(places(found))
        assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(spans))


def test_the_work_grows_with_the_code_and_not_with_the_square_of_the_copies() -> None:
    def compared(copies: int) -> int:
        texts = [f"def f{n}(m):\n    first = m.use{n}(0)\n" + INIT[28:] for n in range(copies)]
        sequences = Sequences({f"m{n:04}.py": code_facts(Code(text)) for n, text in enumerate(texts)})
        frames = [number for number, frame in enumerate(sequences.frames) if frame.kind]
        return sum(1 for _ in Finder(sequences, frames).pairs(None))

    assert compared(400) <= 2.5 * compared(200)


# -- what is added to a class, and what is left out --------------------------------------------------------------------


def test_a_copy_cut_short_belongs_to_the_class_of_its_name() -> None:
    short = "".join(INIT.splitlines(keepends=True)[:5])
    (found,) = classes({f"gan{n}.py": INIT for n in range(3)} | {"short.py": short})
    assert ("short.py", 2, 5) in places(found)


def test_a_unit_that_does_more_than_its_copy_is_a_clone_too() -> None:
    more = INIT + "    m.scale = math.sqrt(m.weight.data.numel())\n    register(m, name=classname, scale=m.scale)\n"
    (found,) = classes({"a.py": INIT, "b.py": more})
    assert places(found) == [("a.py", 2, 8), ("b.py", 2, 10)]


def test_equal_scripts_are_one_class() -> None:
    (found,) = classes({f"run{n}.py": "import torch\n" + STEP for n in range(3)})
    assert found.kind == "type-1"
    assert places(found) == [(f"run{n}.py", 3, 10) for n in range(3)]


NOT_CLONES = {
    "settings": ("self.a{n} = a{n}", 8),
    "layers": ("self.conv{n} = nn.Conv2d({n}, {n})", 6),
    "plot calls": ("plt.plot(x{n})\n    plt.title('{n}')", 4),
    "log lines": ("print('value {n}', x{n})", 5),
}


@pytest.mark.parametrize(("line", "count"), NOT_CLONES.values(), ids=list(NOT_CLONES))
def test_convention_is_no_clone(line: str, count: int) -> None:
    def module(name: str, first: int) -> str:
        rows = [line.replace("{n}", str(n)) for n in range(first, first + count)]
        return f"def {name}(self, x):\n    " + "\n    ".join(rows) + f"\n    return self.{name}s(x, {first})\n"

    assert classes({"a.py": module("use", 0), "b.py": module("keep", 20)}) == []


def test_short_tests_that_differ_in_values_are_no_clone_and_long_ones_are() -> None:
    def test_of(name: str, size: int, lines: int) -> str:
        rows = [f"    part{n} = split(rows, size={size}, at={n}).column('{name}').tolist()" for n in range(lines)]
        return f"def test_{name}(rows):\n" + "\n".join(rows) + f"\n    assert part0 == expected['{name}']\n"

    assert classes({"test_a.py": test_of("age", 3, 4) + test_of("height", 4, 4)}) == []
    assert classes({"train.py": test_of("age", 3, 4) + test_of("height", 4, 4)})
    longer = "\n    model = Model(rows).fit(depth=2, seed=1)\n    scores = sorted(model.scores(rows).values())\n"
    long = INIT.replace("weights_init_normal", "test_one") + longer * 3
    assert classes({"test_a.py": long + long.replace("test_one", "test_two").replace("depth=2", "depth=3")})


ROUND = """\
model = build(rate={rate})
saver = Saver(path="{rate}.h5", best=True)
log = model.fit(rows, epochs=30, saver=saver)
scores.append(max(log.history["score"]))
print(rate, scores[-1], log.params)
del model, saver"""


def test_a_run_of_cells_that_are_told_of_one_by_one_is_no_class_of_its_own() -> None:
    cells = [ROUND.format(rate=rate) for rate in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)]
    found = clone_classes({"a.ipynb": notebook("import keras\nscores = []", *cells)})
    assert [(c.unit, len(c.fragments)) for c in found] == [("cell", 6)]
