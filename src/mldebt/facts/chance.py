"""Which library calls draw from a random number generator, and what seeds one.

Sources: the API references of Python's random, NumPy 2.1, PyTorch 2.6, TensorFlow 2.18, Keras 3.8 and scikit-learn 1.6.
"""

from __future__ import annotations

import re


def qualified(table: str) -> frozenset[str]:
    """The names of a table of `module: names` lines; a line without a colon goes on with the module before."""
    found: set[str] = set()
    module = ""
    for line in table.strip().splitlines():
        head, colon, names = line.partition(":")
        module = head.strip() if colon else module
        found.update(f"{module}.{name}" for name in (names if colon else line).split())
    return frozenset(found)


# they divide a data set, and shuffle unless told otherwise
SPLITS = qualified("""
    sklearn.model_selection: train_test_split ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit RepeatedKFold
        RepeatedStratifiedKFold
    sklearn.cross_validation: train_test_split ShuffleSplit StratifiedShuffleSplit
    surprise.model_selection: train_test_split
    torch.utils.data: random_split
    torch.utils.data.dataset: random_split
""")
# these only shuffle when they are told to
FOLDS = qualified("""
    sklearn.model_selection: KFold StratifiedKFold StratifiedGroupKFold
    sklearn.cross_validation: KFold StratifiedKFold
""")
LOADERS = qualified("""
    torch.utils.data: DataLoader
    torch.utils.data.dataloader: DataLoader
""")
DRAWS = qualified("""
    random: betavariate choice choices expovariate gauss getrandbits normalvariate randint random randrange sample
        shuffle triangular uniform
    numpy.random: beta binomial choice dirichlet exponential gamma laplace lognormal multinomial multivariate_normal
        normal permutation poisson rand randint randn random random_integers random_sample ranf sample shuffle
        standard_normal triangular uniform default_rng RandomState
    torch: bernoulli multinomial normal poisson rand rand_like randint randint_like randn randn_like randperm
    torch.nn: Linear LazyLinear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d RNN LSTM
        GRU LSTMCell GRUCell Embedding EmbeddingBag MultiheadAttention Transformer Dropout Dropout2d
    torch.nn.init: kaiming_normal_ kaiming_uniform_ normal_ orthogonal_ trunc_normal_ uniform_ xavier_normal_
        xavier_uniform_
    torch.utils.data: RandomSampler WeightedRandomSampler SubsetRandomSampler
    tensorflow: random_normal random_uniform random_shuffle truncated_normal
    tensorflow.random: categorical gamma normal poisson shuffle truncated_normal uniform
    tensorflow.keras.layers: Dense Conv1D Conv2D Conv3D Conv2DTranspose Embedding LSTM GRU SimpleRNN Dropout
    keras.layers: Dense Conv1D Conv2D Conv3D Conv2DTranspose Embedding LSTM GRU SimpleRNN Dropout
""")
# estimators that draw unless `random_state` is given
ESTIMATORS = qualified("""
    sklearn.ensemble: RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor
        BaggingClassifier BaggingRegressor IsolationForest GradientBoostingClassifier GradientBoostingRegressor
    sklearn.tree: DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor
    sklearn.neural_network: MLPClassifier MLPRegressor BernoulliRBM
    sklearn.linear_model: SGDClassifier SGDRegressor Perceptron PassiveAggressiveClassifier PassiveAggressiveRegressor
    sklearn.cluster: KMeans MiniBatchKMeans BisectingKMeans
    sklearn.mixture: GaussianMixture BayesianGaussianMixture
""")
# these draw with the option given only
OPTIONAL: dict[str, tuple[str, tuple[object, ...]]] = {
    "sklearn.svm.SVC": ("probability", (True,)),
    "sklearn.svm.NuSVC": ("probability", (True,)),
    "sklearn.linear_model.LogisticRegression": ("solver", ("sag", "saga")),
    "sklearn.linear_model.Ridge": ("solver", ("sag", "saga")),
    "sklearn.linear_model.Lasso": ("selection", ("random",)),
    "sklearn.linear_model.ElasticNet": ("selection", ("random",)),
}
# what is handed to a search has its parameters set by it
SEARCHES = re.compile(r"Search(CV)?$")
# whatever is called like this is taken to seed: a helper's name says so more reliably than its body can be followed
SEEDS = re.compile(r"seed|determinis|reproducib|fix_random|PRNGKey$", re.IGNORECASE)
# these only tell a seed, or take one from the clock
ASKS = re.compile(r"^(get|initial|print|log|check|generate|make|new|random|sample)_\w*seed", re.IGNORECASE)
# trainers that seed by themselves unless told not to
SELF_SEEDING = re.compile(
    r"^(transformers|trl)\.(\w+\.)*(\w*Trainer|\w*TrainingArguments)$|^trl\.\w+Config$|^ultralytics\.(\w+\.)*YOLO$"
)
# what an optimizer trains that is made for tensors listed one by one: a pose or a picture, and no layer's weights
LISTED = "torch.optim of listed tensors"

# keywords that hand a call a generator or a seed of its own
KEYS = frozenset({"random_state", "seed", "generator", "rng", "key", "random_seed"})
# the generator behind a name, by its beginning; scikit-learn and its like draw from NumPy's
_GENERATORS = {
    "random.": "python",
    "numpy.": "numpy",
    "sklearn.": "numpy",
    "surprise.": "numpy",
    ".train_test_split": "numpy",
    "torch.": "torch",
    "tensorflow.random.": "tensorflow",
    "tensorflow.set_random_seed": "tensorflow",
    "jax.": "jax",
}


def seeds_for(seed: str, draw: str) -> bool:
    """Whether a seeding call of this name reaches the generator that a drawing call of that name uses.

    A helper of unknown make is taken to seed them all.
    """
    generator = _generator(seed)
    return generator is None or generator == _generator(draw)


def _generator(name: str) -> str | None:
    return next((generator for prefix, generator in _GENERATORS.items() if name.startswith(prefix)), None)
