"""A module that was looked at goes at once: trees are the most that a scan makes."""

from __future__ import annotations

import gc
import weakref

import pytest

from mldebt.facts.extract import module_facts
from mldebt.facts.syntax import Module
from mldebt.model import Code
from mldebt.rules.catalogue import load

PROGRAM = """
import os
import pandas as pd
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.layer = nn.Linear(width, 1)

    def forward(self, rows):
        return self.layer(rows)

def train(folder, epochs):
    rows = pd.read_csv(os.path.join(folder, "rows.csv"))
    net = Net()
    for epoch in range(epochs):
        loss = net(torch.tensor(rows.values)).sum()
        loss.backward()
    torch.save(net.state_dict(), f"{folder}/net.pt")
    return [value for value in rows.columns if value]

if __name__ == "__main__":
    train("data", 3)
"""


@pytest.mark.parametrize("forgets", [True, False])
def test_nothing_holds_a_module_that_forgot_what_it_was_asked(forgets: bool) -> None:
    gc.disable()
    try:
        module = Module(Code(PROGRAM))
        module_facts(module)
        for rule in load():
            if rule.scope == "module":
                list(rule.find(module))
        if forgets:
            module.forget()
        held = weakref.ref(module.tree)
        del module
        assert (held() is None) is forgets
    finally:
        gc.enable()
