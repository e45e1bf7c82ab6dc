"""What a definition refers to, by the kind of its receiver."""

from __future__ import annotations

import pytest

from mldebt.facts.bindings import reads, variables
from mldebt.facts.definitions import Owners, definitions
from mldebt.facts.receivers import Receivers
from mldebt.facts.syntax import Module
from mldebt.model import Code, Definition


def named(text: str, name: str) -> Definition:
    module = Module(Code(text))
    found = definitions(module, Owners(module), Receivers(module))
    return next(d for d in found if d.name == name)


@pytest.mark.parametrize(
    ("body", "uses", "attributes"),
    [
        ("np.zeros(2).sum()", {"np.zeros", "np.zeros().sum"}, set()),
        ("net = Net()\n    net.fit(x)", {"Net", "Net().fit"}, set()),
        ("net = Net()\n    net = other\n    net.fit(x)", {"Net", "other"}, {"fit"}),
        ("x.fit()", set(), {"fit"}),
        ("for row in x:\n        row.name", set(), {"name"}),
        ("x[0].name.first", set(), {"name", "first"}),
        ("Net().fit(x)", {"Net", "Net().fit"}, set()),
        ("helper(x)", {"helper"}, set()),
        ("print(len(x))", set(), set()),
        ("getattr(x, 'shape')", set(), {"shape"}),
        ("getattr(x, f'on_{x}')", set(), {"on_*"}),
        ("getattr(models, x)", {"models", "models.*"}, set()),
        ("'a b'.join(x)", set(), set()),
        ("x.rate = 3", set(), set()),
        ("x.net.rate = 3", set(), {"net"}),
        ("def inner(y):\n        return y.deep + helper\n    return inner", {"helper"}, {"deep"}),
    ],
)
def test_a_read_is_filed_under_what_its_receiver_is(body: str, uses: set[str], attributes: set[str]) -> None:
    found = named(f"def run(x):\n    {body}\n", "run")
    assert (set(found.uses), set(found.attributes)) == (uses, attributes)


def test_an_annotated_parameter_is_an_instance_of_its_class() -> None:
    assert "Net().fit" in named("def run(net: Net):\n    net.fit()\n", "run").uses


def test_reads_and_stores_on_self_are_the_class_s_own() -> None:
    found = named("class A:\n    def f(self):\n        self.x = self.y.z\n        self.n += 1\n", "A.f")
    assert found.own == ("y",)
    assert found.attributes == ("z",)
    assert [name for name, _ in found.stores] == ["n", "x"]


def test_a_closure_in_a_method_still_sees_self() -> None:
    found = named("class A:\n    def f(self):\n        return lambda: self.y\n", "A.f")
    assert found.own == ("y",)


def test_super_is_the_class_s_own() -> None:
    assert "f" in named("class A(B):\n    def f(self):\n        super().f()\n", "A.f").own


def test_decorators_bases_and_defaults_belong_to_the_definition() -> None:
    text = "@wrap\nclass A(Base):\n    def f(self, x=rate):\n        return x\n"
    assert set(named(text, "A").uses) == {"wrap", "Base"}
    assert named(text, "A").decorators == ("wrap",)
    assert "rate" in named(text, "A.f").uses
    assert named(text, "").uses == ()


def test_names_of_one_and_the_same_definition_under_if_and_else_are_two_nodes() -> None:
    text = "if x:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n"
    module = Module(Code(text))
    names = [d.name for d in definitions(module, Owners(module), Receivers(module))]
    assert names == ["", "f", "f"]


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("def f():\n    a = 1\n    return 2", ["a"]),
        ("def f():\n    a = b = 1\n    return b", ["a"]),
        ("def f():\n    a, b = 1, 2\n    return b", []),
        ("def f():\n    a, b = 1, 2", ["a", "b"]),
        ("def f():\n    a, *b = 1, 2\n    return a", []),
        ("def f():\n    for a in x:\n        pass", []),
        ("def f():\n    with x as a:\n        pass", ["a"]),
        ("def f():\n    try:\n        pass\n    except E as a:\n        pass", ["a"]),
        ("def f():\n    a: int = 1", ["a"]),
        ("def f():\n    a: int", []),
        ("def f():\n    a = 1\n    a += 1", ["a"]),
        ("def f():\n    a = 1\n    del a", []),
        ("def f():\n    a = 1\n    exec('b')", []),
        ("def f():\n    a = 1\n    def g():\n        return a\n    return g", []),
        ("def f():\n    _a = 1", []),
        ("def f(a):\n    a = 1", []),
        ("def f():\n    if (a := 1):\n        pass", []),
    ],
)
def test_a_variable_is_unread_only_if_nothing_could_read_it(text: str, unused: list[str]) -> None:
    module = Module(Code(text))
    found = variables(module, Owners(module), reads(module), Receivers(module))
    assert [v.name for v in found if not v.used] == unused
