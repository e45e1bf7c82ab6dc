"""Whether what a call into foreign code gives may be an object of the repository: one it was handed, or loaded.

Only libraries known to make all they give themselves are trusted: whose `x.shape` is read is then certain. A container,
a wrapper, a loader, a registry or a thread gives back what the repository put into it. A library that makes things by
their names makes of the repository's only what inherits from its own classes.
"""

from __future__ import annotations

_MAKERS = frozenset(
    """numpy scipy pandas polars pyarrow cv2 PIL skimage imageio matplotlib mpl_toolkits seaborn plotly os sys re json
    math cmath datetime time pathlib subprocess argparse logging requests urllib http yaml toml csv string struct
    hashlib torch torchvision torchaudio tensorflow jax nltk glob shutil tempfile uuid io platform socket warnings
    statistics decimal fractions""".split()
)
_BUILTIN_MAKERS = frozenset(
    """str int float bool bytes bytearray complex len open range sum abs round repr ascii chr ord hash id bin hex oct
    format print input pow divmod isinstance issubclass callable any all dir""".split()
)
_MAKERS_BY_NAME = frozenset({"gym", "gymnasium"})
# the parts of those libraries that hold, wrap or load objects, by dotted prefix
_GIVERS = (
    *(f"torch.{name}" for name in "load jit compile hub package distributed multiprocessing fx export".split()),
    *(f"torch.nn.{name}" for name in "DataParallel parallel Sequential ModuleList ModuleDict Transformer".split()),
    *("torch.utils.data", "torch.utils.checkpoint", "torch.nn.utils", "torch.quantization", "torch.ao"),
    *("torch.optim.swa_utils", "torchvision.models", "torchvision.datasets", "torchvision.transforms"),
    *("tensorflow.keras", "tensorflow.saved_model", "tensorflow.estimator", "tensorflow.compat", "tensorflow.data"),
    *("numpy.load", "numpy.array", "numpy.asarray", "numpy.random.choice", "numpy.vectorize", "pandas.read_pickle"),
    *("jax.jit", "jax.vmap", "jax.pmap", "jax.tree", "jax.lax", "sys.modules", "json.load", "yaml.load"),
)


def hands_back(called: str) -> bool:
    """Whether calling the foreign `called`, by its dotted name, may give any object of the repository.

    An empty name is a method of something that foreign code made of its own.
    """
    if not called:
        return False
    root, _, rest = called.partition(".")
    if root == "builtins":
        return rest not in _BUILTIN_MAKERS
    return root not in _MAKERS or called.startswith(_GIVERS)


def makes_by_name(called: str) -> bool:
    """Whether the foreign `called` belongs to a library that makes what is registered with it under a name."""
    return called.partition(".")[0] in _MAKERS_BY_NAME
