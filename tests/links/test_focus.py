"""A search with a focus: what it tells of the classes in a file is what a whole search tells."""

from __future__ import annotations

import pytest

from tests.links.test_clones import INIT, STEP, classes

NEAR = INIT + "    m.register_buffer('scale', torch.ones(1))\n"
LONGER = NEAR + "    m.apply(torch.nn.utils.spectral_norm)\n"
BLOCK = "def fit(model, batches, optimizer, criterion):\n    total, history = 0.0, []\n" + STEP.replace("\n", "\n    ")
FILES = {
    "equal copies of what is like it": {"a.py": INIT, "b.py": NEAR, "c.py": NEAR, "d.py": NEAR},
    "copies of what is like it": {"a.py": INIT, "b.py": NEAR, "c.py": LONGER, "d.py": LONGER},
    "equal scripts around a block of it": {"a.py": BLOCK, "b.py": STEP, "c.py": STEP, "d.py": STEP},
    "functions around a block of it": {
        "a.py": STEP,
        "b.py": BLOCK + "\n    return model.state_dict(), total / 2\n",
        "c.py": BLOCK + "\n    return model.state_dict(), total / 2\n",
        "d.py": BLOCK + "\n    print(total)\n    return history\n",
    },
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("path", ["a.py", "b.py", "d.py"])
def test_a_focus_leaves_no_member_out(case: str, path: str) -> None:
    whole = [c for c in classes(FILES[case]) if any(f.path == path for f in c.fragments)]
    assert whole
    assert classes(FILES[case], frozenset({path})) == whole
