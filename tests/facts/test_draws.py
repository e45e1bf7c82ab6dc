"""Where a module draws, seeds and trains."""

from __future__ import annotations

import pytest

from mldebt.facts.draws import draws
from mldebt.facts.syntax import Module
from mldebt.model import Code, Draw


def _draws(text: str) -> tuple[Draw, ...]:
    return draws(Module(Code(text)), lambda node: 0)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("import numpy as np\nnp.random.shuffle(x)", "numpy.random.shuffle", "draws"),
        ("from random import choice\nchoice(x)", "random.choice", "draws"),
        ("import torch\ntorch.randn(3)", "torch.randn", "draws"),
        ("import torch.nn as nn\nnn.Linear(3, 1)", "torch.nn.Linear", "draws"),
        ("import torch.utils.data as d\nd.DataLoader(x, shuffle=True)", "torch.utils.data.DataLoader", "draws"),
        ("from sklearn.svm import SVC\nSVC(probability=True)", "sklearn.svm.SVC", "draws"),
        ("import tensorflow as tf\ndata = f()\ndata.shuffle(100)", "tensorflow.data.Dataset.shuffle", "draws"),
        ("import numpy as np\nnp.random.default_rng()", "numpy.random.default_rng", "draws"),
        ("import torch\ntorch.manual_seed(3)", "torch.manual_seed", "seeds"),
        ("from helpers import init_seeds\ninit_seeds()", "helpers.init_seeds", "seeds"),
        ("env = f()\nenv.seed(3)", "seed", "seeds"),
        ("from transformers import Seq2SeqTrainer\nSeq2SeqTrainer(m)", "transformers.Seq2SeqTrainer", "seeds"),
        ("import torch\nself.optimizer_G.step()", "torch.optim", "trains"),
        ("import torch\nscaler.step(opt)", "torch.optim", "trains"),
        ("from keras import Sequential\nm = Sequential()\nm.fit(x, y)", "keras.fit", "trains"),
        ("import tensorflow\nmodel.fit(x, epochs=3)", "keras.fit", "trains"),
        ("import tensorflow\nopt.apply_gradients(x)", "keras.apply_gradients", "trains"),
        ("import lightning as L\nt = L.Trainer()\nt.fit(m)", "lightning.Trainer", "trains"),
        ("from fastai.vision.all import *\nlearn.fine_tune(3)", "fastai", "trains"),
    ],
)
def test_a_call_has_the_role_that_its_library_gives_it(text: str, name: str, role: str) -> None:
    assert [(draw.name, draw.role) for draw in _draws(text)] == [(name, role)]


@pytest.mark.parametrize(
    "text",
    [
        "import random\nrandom.seed()",
        "import torch\ntorch.initial_seed()",
        "generator = f()\ngenerator.manual_seed(3)",
        "import torch\ntorch.randn(3, generator=g)",
        "import numpy as np\nnp.random.default_rng(3)",
        "from torch.utils.data import DataLoader\nDataLoader(x)",
        "from sklearn.svm import SVC\nSVC()",
        "from sklearn.model_selection import train_test_split\ntrain_test_split(x, **options)",
        "from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(x)",
        "rng = f()\nrng.shuffle(x)",
        "import torch\nenv.step()",
        "import torch\nscheduler = torch.optim.lr_scheduler.StepLR(o)\nscheduler.step()",
        "optimizer.step()",
        "tokenizer.fit(x)",
    ],
)
def test_a_call_that_is_seeded_or_does_no_such_thing_has_no_role(text: str) -> None:
    assert _draws(text) == ()


def test_an_estimator_without_a_seed_draws_and_its_fit_trains() -> None:
    text = (
        "from sklearn.ensemble import RandomForestClassifier as Forest\n"
        "f = Forest(10)\nf.fit(x, y)\nForest(random_state=1).fit(x, y)\n"
    )
    name = "sklearn.ensemble.RandomForestClassifier"
    assert [(d.name, d.role, d.at.line) for d in _draws(text)] == [(name, "draws", 2), (name, "trains", 3)]


def test_an_estimator_handed_to_a_search_does_not_draw() -> None:
    text = "from sklearn.cluster import KMeans\nfrom sklearn.model_selection import GridSearchCV\n"
    assert _draws(f"{text}search = GridSearchCV(KMeans(), {{}})\nsearch.fit(x)\n") == ()


def test_of_several_draws_alike_in_one_definition_the_first_is_kept_but_every_split() -> None:
    text = (
        "import random\nfrom sklearn.model_selection import train_test_split as split\n"
        "random.random()\nrandom.random()\nsplit(a)\nsplit(b)\n"
    )
    assert [(draw.at.line, draw.splits) for draw in _draws(text)] == [(3, False), (5, True), (6, True)]
