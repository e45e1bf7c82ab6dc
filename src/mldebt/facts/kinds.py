"""The kinds of library object that rules ask for, and which calls, methods and attributes give them.

Sources: the API references of pandas 2.2, NumPy 2.1, PyTorch 2.6, TensorFlow 2.18, Keras 3.8 and scikit-learn 1.6.
"""

from __future__ import annotations

from typing import Literal

from mldebt.facts.chance import qualified

Kind = Literal[
    "frame",  # a pandas DataFrame
    "series",  # a pandas Series
    "table",  # one of the two
    "grouped",  # what `groupby`, `rolling` and the like give
    "index",  # row or column labels
    "array",  # a NumPy array
    "tensor",  # a PyTorch tensor
    "module",  # a PyTorch module: networks, layers, losses
    "optimizer",  # of PyTorch
    "dataset",  # of PyTorch
    "loader",  # a PyTorch DataLoader
    "estimator",  # of scikit-learn, or of its make: also transformers, pipelines and searches
    "keras-model",
    "keras-layer",
    "tf-tensor",  # a TensorFlow tensor or variable
    "scalar",  # a number or text
    "other",  # something else, known to be none of these
    "?",  # what cannot be said
]
TABLES: frozenset[Kind] = frozenset({"frame", "series", "table"})

_MAKERS: tuple[tuple[Kind, str], ...] = (
    (
        "frame",
        """
        pandas: DataFrame read_csv read_table read_fwf read_excel read_json read_parquet read_feather read_hdf read_sql
            read_sql_query read_sql_table read_orc read_sas read_spss read_stata read_gbq read_clipboard read_xml
            json_normalize merge merge_asof merge_ordered get_dummies pivot pivot_table crosstab melt wide_to_long
        pandas.io.parsers: read_csv
        pandas.io.json: json_normalize
        pandas.DataFrame: from_dict from_records
        seaborn: load_dataset
        geopandas: read_file GeoDataFrame
        """,
    ),
    ("series", "pandas: Series to_numeric qcut cut"),
    ("table", "pandas: concat read_pickle to_datetime isna isnull notna notnull"),
    ("index", "pandas: Index MultiIndex DatetimeIndex RangeIndex date_range"),
    (
        "array",
        """
        numpy: array asarray asanyarray ascontiguousarray zeros ones empty full zeros_like ones_like empty_like
            full_like arange linspace logspace geomspace eye identity diag concatenate stack vstack hstack dstack
            column_stack append delete insert tile repeat reshape ravel squeeze expand_dims transpose swapaxes
            moveaxis where clip abs exp log log2 log10 log1p expm1 sqrt square power sin cos tan tanh sign floor ceil
            round rint dot matmul einsum outer cumsum cumprod diff sort argsort unique flip roll load loadtxt genfromtxt
            fromfile frombuffer fromiter meshgrid isnan isinf maximum minimum nan_to_num digitize histogram
        numpy.random: rand randn randint random random_sample normal uniform permutation choice
        numpy.linalg: inv pinv solve
        cv2: imread resize cvtColor
        """,
    ),
    (
        "tensor",
        """
        torch: tensor as_tensor from_numpy zeros ones empty full zeros_like ones_like empty_like full_like rand randn
            randint randperm rand_like randn_like arange linspace eye cat concat stack vstack hstack matmul mm bmm
            einsum where clamp clip abs exp log log2 log10 log1p sqrt square pow sin cos tanh sigmoid softmax
            log_softmax relu sum mean std var cumsum outer flatten squeeze unsqueeze transpose permute FloatTensor
            LongTensor Tensor argmax norm
        torch.nn: Parameter
        torch.nn.parameter: Parameter
        torch.nn.functional: cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss kl_div
            binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss margin_ranking_loss
            triplet_margin_loss ctc_loss relu gelu softmax log_softmax sigmoid tanh logsigmoid linear conv1d conv2d
            conv3d dropout interpolate pad one_hot normalize max_pool2d avg_pool2d softplus cosine_similarity
        torch.autograd: Variable
        """,
    ),
    (
        "module",
        """
        torchvision.models: alexnet densenet121 densenet161 densenet169 densenet201 efficientnet_b0 googlenet
            inception_v3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small resnet18 resnet34 resnet50 resnet101
            resnet152 resnext50_32x4d squeezenet1_0 squeezenet1_1 vgg11 vgg13 vgg16 vgg16_bn vgg19 vgg19_bn vit_b_16
            wide_resnet50_2
        """,
    ),
    ("loader", "torch.utils.data: DataLoader\n torch.utils.data.dataloader: DataLoader"),
    (
        "dataset",
        """
        torch.utils.data: Dataset IterableDataset TensorDataset ConcatDataset Subset ChainDataset
        torchvision.datasets: MNIST FashionMNIST CIFAR10 CIFAR100 ImageFolder ImageNet CocoDetection SVHN CelebA
        """,
    ),
    (
        "tf-tensor",
        """
        tensorflow: constant Variable zeros ones zeros_like ones_like fill range concat stack tile reshape transpose
            expand_dims squeeze cast matmul add subtract multiply divide where gather reduce_sum reduce_mean reduce_max
            reduce_min reduce_prod exp sqrt square abs maximum minimum clip_by_value one_hot convert_to_tensor eye pad
            sigmoid tanh log
        tensorflow.math: add subtract multiply divide log exp sqrt square sigmoid softplus reduce_sum reduce_mean pow
        tensorflow.nn: softmax sigmoid relu log_softmax softmax_cross_entropy_with_logits
            sigmoid_cross_entropy_with_logits tanh
        tensorflow.random: normal uniform truncated_normal
        """,
    ),
    ("keras-model", "keras: Model Sequential\n keras.models: Model Sequential load_model clone_model model_from_json"),
    (
        "scalar",
        "math: sqrt log exp floor ceil\n os.path: join basename dirname abspath\n time: time perf_counter\n os: getenv",
    ),
    ("other", "argparse: ArgumentParser Namespace\n json: load loads\n yaml: safe_load\n os: listdir\n glob: glob"),
)
MAKERS: dict[str, Kind] = {name: kind for kind, table in _MAKERS for name in qualified(table)}
BUILTINS: dict[str, Kind] = {
    **dict.fromkeys(
        "list dict set tuple sorted frozenset open range zip enumerate map filter reversed bytes".split(), "other"
    ),
    **dict.fromkeys("str int float bool len abs round repr max min sum format any all".split(), "scalar"),
}
# classes of these modules, by the beginning of a call's name; the last part then begins with a capital
CLASSES: tuple[tuple[str, Kind], ...] = (
    ("torch.nn.init.", "tensor"),
    ("torch.nn.Parameter", "tensor"),
    ("torch.nn.parameter.", "tensor"),
    ("torch.nn.", "module"),
    ("torchvision.models.", "module"),
    ("timm.models.", "module"),
    ("torch.optim.lr_scheduler.", "other"),
    ("torch.optim.", "optimizer"),
    ("sklearn.", "estimator"),
    ("imblearn.", "estimator"),
    ("xgboost.XGB", "estimator"),
    ("lightgbm.LGBM", "estimator"),
    ("catboost.CatBoost", "estimator"),
    ("keras.layers.", "keras-layer"),
    ("keras.applications.", "keras-model"),
)
FUNCTIONS: dict[str, Kind] = {
    "timm.create_model": "module",
    "torch.compile": "module",
    "torch.jit.load": "module",
    "torch.hub.load": "module",
    "sklearn.pipeline.make_pipeline": "estimator",
    "sklearn.pipeline.make_union": "estimator",
    "sklearn.compose.make_column_transformer": "estimator",
    "sklearn.base.clone": "estimator",
}
# bases that make a class of the module one of a kind; further words count at the end of a base's name
BASES: dict[str, Kind] = {
    "torch.nn.Module": "module",
    "pytorch_lightning.LightningModule": "module",
    "lightning.LightningModule": "module",
    "lightning.pytorch.LightningModule": "module",
    "transformers.PreTrainedModel": "module",
    "torch.optim.Optimizer": "optimizer",
    "torch.optim.optimizer.Optimizer": "optimizer",
    "torch.utils.data.Dataset": "dataset",
    "torch.utils.data.IterableDataset": "dataset",
    "torch.utils.data.dataset.Dataset": "dataset",
    "sklearn.base.BaseEstimator": "estimator",
    "keras.Model": "keras-model",
    "keras.models.Model": "keras-model",
    "keras.layers.Layer": "keras-layer",
    "pandas.DataFrame": "frame",
}
ANNOTATIONS: dict[str, Kind] = {
    "pandas.DataFrame": "frame",
    "pandas.Series": "series",
    "pandas.Index": "index",
    "pandas.core.frame.DataFrame": "frame",
    "numpy.ndarray": "array",
    "numpy.array": "array",
    "numpy.typing.NDArray": "array",
    "torch.Tensor": "tensor",
    "torch.FloatTensor": "tensor",
    "torch.LongTensor": "tensor",
    "tensorflow.Tensor": "tf-tensor",
    "tensorflow.Variable": "tf-tensor",
    **dict.fromkeys(("int", "float", "str", "bool"), "scalar"),
    **dict.fromkeys(
        "dict list tuple set typing.Dict typing.List typing.Tuple bytes argparse.Namespace".split(), "other"
    ),
}

_CHANGING = """abs add add_prefix add_suffix align asfreq asof astype at_time between_time bfill bool clip combine
    combine_first convert_dtypes copy cummax cummin cumprod cumsum diff div divide drop drop_duplicates droplevel
    dropna eq explode ewm_mean ffill fillna filter floordiv ge gt head infer_objects interpolate isin isna isnull
    le lt map mask mod mul multiply ne nlargest nsmallest notna notnull pct_change pow rank reindex rename
    rename_axis reorder_levels replace reset_index round sample set_axis shift
    sort_index sort_values sub subtract swaplevel tail
    transform transpose truediv truncate tz_convert tz_localize where"""
_REDUCING = """all any corrwith count idxmax idxmin kurt mad max mean median min mode nunique prod product quantile sem
    skew std sum var"""
_GROUPING = "groupby rolling expanding ewm resample"
_ARRAY_METHODS = """astype reshape ravel flatten copy transpose squeeze swapaxes repeat clip round cumsum take dot
    view sort argsort"""
_TENSOR_METHODS = """to cuda cpu float double half long int bool detach clone view reshape flatten squeeze unsqueeze
    transpose permute contiguous expand repeat sum mean std var max_pool softmax log_softmax sigmoid tanh relu exp log
    sqrt pow clamp abs matmul mm bmm type requires_grad_ add add_ sub sub_ mul mul_ div div_ t argmax norm item_ chunk_
    zero_ fill_ masked_fill index_select gather type_as"""
_METHODS: tuple[tuple[str, Kind, str], ...] = (
    ("frame", "frame", f"{_CHANGING} append applymap assign corr cov describe join melt merge pivot pivot_table query "
     "select_dtypes set_index to_frame explode get set_flags"),
    ("frame", "series", f"{_REDUCING} duplicated eval pop xs squeeze memory_usage value_counts"),
    ("frame", "table", "apply agg aggregate stack unstack pipe"),
    ("frame", "array", "to_numpy to_records"),
    ("series", "series", f"{_CHANGING} append apply value_counts duplicated between argsort describe repeat"),
    ("series", "frame", "to_frame unstack"),
    ("series", "scalar", f"{_REDUCING} item"),
    ("series", "array", "unique to_numpy"),
    ("series", "table", "agg aggregate"),
    ("series", "series", "split strip lstrip rstrip lower upper title contains extract slice zfill startswith endswith "
     "len cat findall match strftime normalize floor ceil total_seconds"),
    ("series", "other", "tolist to_list to_dict items"),
    ("frame", "other", "to_dict to_csv info keys items iterrows itertuples"),
    ("table", "table", f"{_CHANGING} append apply agg"),
    ("table", "array", "to_numpy unique"),
    ("table", "frame", "to_frame merge pivot pivot_table query set_index"),
    ("grouped", "table", f"{_REDUCING} {_CHANGING} agg aggregate apply first last nth size describe ngroup cumcount"),
    *((kind, "grouped", _GROUPING) for kind in ("frame", "series", "table", "grouped")),
    ("index", "index", "astype union intersection difference drop map sort_values unique copy append"),
    ("index", "other", "tolist to_list"),
    ("index", "array", "to_numpy"),
    ("array", "array", _ARRAY_METHODS),
    ("array", "other", "tolist"),
    ("array", "scalar", "item"),
    ("tensor", "tensor", _TENSOR_METHODS),
    ("tensor", "array", "numpy"),
    ("tensor", "scalar", "item size dim numel"),
    ("tensor", "other", "tolist backward"),
    ("tf-tensor", "array", "numpy"),
    ("module", "module", "to cuda cpu train eval half float double requires_grad_ apply xpu share_memory"),
    ("estimator", "estimator", "fit partial_fit set_params"),
    ("estimator", "array", "predict predict_proba decision_function fit_transform transform fit_predict "
     "inverse_transform"),
    ("keras-model", "array", "predict predict_on_batch"),
)  # fmt: skip
_ATTRIBUTES: tuple[tuple[str, Kind, str], ...] = (
    ("frame", "frame", "T loc iloc at iat ix"),
    ("frame", "index", "index columns"),
    ("frame", "array", "values"),
    ("frame", "series", "dtypes"),
    ("frame", "other", "shape plot style"),
    ("frame", "scalar", "size empty ndim"),
    ("series", "series", "T loc iloc at iat ix str dt cat sparse"),
    ("series", "index", "index"),
    ("series", "array", "values"),
    ("series", "scalar", "name dtype size empty"),
    ("series", "series", "year month day hour minute second dayofweek weekday dayofyear quarter date time days codes"),
    ("series", "other", "shape plot"),
    ("table", "table", "T loc iloc at iat ix"),
    ("table", "index", "index columns"),
    ("table", "array", "values"),
    ("index", "array", "values"),
    ("index", "index", "str"),
    ("array", "array", "T real imag flat"),
    ("array", "other", "shape dtype"),
    ("tensor", "tensor", "T data grad mT"),
    ("tensor", "other", "shape device dtype"),
)


def _by_name(table: tuple[tuple[str, Kind, str], ...]) -> dict[tuple[str, str], Kind]:
    found: dict[tuple[str, str], Kind] = {}
    for kind, gives, names in table:
        for name in names.split():
            found.setdefault((kind, name), gives)
    return found


METHODS = _by_name(_METHODS)
ATTRIBUTES = _by_name(_ATTRIBUTES)
# what only objects of pandas have: who is used like this, in a file that imports pandas and nothing like it, is one
PANDAS_ONLY = frozenset(
    """iloc loc groupby dropna fillna reset_index sort_values sort_index value_counts drop_duplicates to_csv isna notna
    isnull notnull nunique""".split()
)
FRAMES_ONLY = frozenset(
    """columns dtypes iterrows itertuples set_index applymap select_dtypes pivot_table to_excel to_parquet to_sql
    iteritems""".split()
)
LOOKALIKES = frozenset("pyspark polars dask vaex modin cudf xarray datatable turicreate cupy h2o".split())
