"""What learns from the rows it is given before a model does, and what divides and scores rows, by qualified name.

Encoders that only learn which categories there are do not count: they carry nothing from the test rows that a metric
could profit from. Sources: the API references of scikit-learn 1.6, imbalanced-learn 0.13, Keras 3.8 and pandas 2.2.
"""

from __future__ import annotations

from mldebt.facts.chance import qualified

TRANSFORMERS = qualified("""
    sklearn.preprocessing: StandardScaler MinMaxScaler MaxAbsScaler RobustScaler QuantileTransformer PowerTransformer
        KBinsDiscretizer SplineTransformer TargetEncoder Imputer
    sklearn.preprocessing.data: StandardScaler MinMaxScaler
    sklearn.preprocessing.imputation: Imputer
    sklearn.impute: SimpleImputer KNNImputer IterativeImputer
    sklearn.decomposition: PCA KernelPCA IncrementalPCA SparsePCA TruncatedSVD FastICA FactorAnalysis NMF
        LatentDirichletAllocation RandomizedPCA
    sklearn.discriminant_analysis: LinearDiscriminantAnalysis
    sklearn.feature_selection: SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe SelectFromModel RFE RFECV
        VarianceThreshold GenericUnivariateSelect SequentialFeatureSelector
    sklearn.feature_extraction.text: TfidfVectorizer CountVectorizer TfidfTransformer
    fancyimpute: KNN IterativeImputer SoftImpute MICE
    category_encoders: TargetEncoder LeaveOneOutEncoder WOEEncoder CatBoostEncoder JamesSteinEncoder
    keras.preprocessing.text: Tokenizer
    tensorflow.keras.preprocessing.text: Tokenizer
    keras_preprocessing.text: Tokenizer
    keras.layers: Normalization TextVectorization
    tensorflow.keras.layers: Normalization TextVectorization
""")
COMPOSITES = qualified("""
    sklearn.pipeline: Pipeline make_pipeline FeatureUnion make_union
    sklearn.compose: ColumnTransformer make_column_transformer
    sklearn_pandas: DataFrameMapper
    imblearn.pipeline: Pipeline make_pipeline
""")
# they copy rows or make new ones from them; what only leaves rows out puts none on both sides
SAMPLERS = qualified("""
    imblearn.over_sampling: SMOTE ADASYN RandomOverSampler BorderlineSMOTE SVMSMOTE KMeansSMOTE SMOTENC SMOTEN
    imblearn.combine: SMOTEENN SMOTETomek
""")
FUNCTIONS = qualified("""
    sklearn.preprocessing: scale minmax_scale maxabs_scale robust_scale quantile_transform power_transform
""")
SPLITTERS = qualified("""
    sklearn.model_selection: train_test_split
    sklearn.cross_validation: train_test_split
    sklearn.model_selection._split: train_test_split
    cuml.model_selection: train_test_split
    dask_ml.model_selection: train_test_split
    torch.utils.data: random_split
    numpy: split array_split
""")
FOLDS = qualified("""
    sklearn.model_selection: KFold StratifiedKFold GroupKFold StratifiedGroupKFold RepeatedKFold RepeatedStratifiedKFold
        ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit LeaveOneOut LeavePOut LeaveOneGroupOut TimeSeriesSplit
        PredefinedSplit
    sklearn.cross_validation: KFold StratifiedKFold ShuffleSplit StratifiedShuffleSplit LeaveOneOut LabelKFold
""")
VALIDATIONS = qualified("""
    sklearn.model_selection: cross_val_score cross_val_predict cross_validate
    sklearn.cross_validation: cross_val_score cross_val_predict
""")
# what searches or validates by itself judges its candidates on rows of the training part
SEARCHES = qualified("""
    sklearn.model_selection: GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV learning_curve
        validation_curve
    sklearn.grid_search: GridSearchCV RandomizedSearchCV
    skopt: BayesSearchCV
    xgboost: cv
    lightgbm: cv
    catboost: cv
    optuna: create_study
    hyperopt: fmin
""")
TRAINERS = qualified("""
    xgboost: train
    lightgbm: train
    catboost: train
""")
STACKS = frozenset({"concatenate", "concat", "vstack", "append", "r_", "row_stack"})
# figures of a whole column or table; `X.mean()` or `numpy.mean(X)`
STATISTICS = frozenset("mean median mode std var quantile nanmean nanmedian nanstd average percentile".split())
EXTREMES = frozenset("min max nanmin nanmax amin amax".split())
RANKINGS = frozenset("corr corrwith f_classif f_regression mutual_info_classif mutual_info_regression chi2".split())
# packages without which nothing is fitted that these rules follow
PACKAGES = frozenset("sklearn imblearn keras tensorflow xgboost lightgbm catboost sklearn_pandas fancyimpute".split())
# packages whose capitalised calls make estimators
MAKERS = ("sklearn.", "imblearn.", "xgboost.", "lightgbm.", "catboost.", "keras.", "tensorflow.", "cuml.", "mlxtend.")
# scikit-learn's modules of which nothing is a model
NO_MODELS = ("sklearn.preprocessing.", "sklearn.model_selection.", "sklearn.feature_extraction.", "sklearn.metrics.")
# these are fitted, and are not judged by what they foretell
UNSUPERVISED = ("sklearn.cluster.", "sklearn.mixture.", "sklearn.manifold.", "sklearn.decomposition.", "sklearn.utils.")


def kind_of(name: str) -> str:
    """What a call makes: transformer, composite, sampler, folds, search, model or other; empty for no estimator."""
    known = {"transformer": TRANSFORMERS, "composite": COMPOSITES, "sampler": SAMPLERS, "folds": FOLDS}
    for kind, names in known.items():
        if name in names:
            return kind
    last = name.rpartition(".")[2]
    if not last[:1].isupper() or not name.startswith(MAKERS):
        return "search" if name in SEARCHES and last[:1].isupper() else ""
    if last.endswith("CV"):
        return "search"
    if name.startswith((*NO_MODELS, *UNSUPERVISED)) or last.endswith(("Encoder", "Binarizer", "Sampler")):
        return "other"
    return "" if _is_plain(name, last) else "model"


def _is_plain(name: str, last: str) -> bool:
    """Whether a class holds data, settings or layers and is never fitted by itself."""
    if name.startswith(("keras.", "tensorflow.")):
        return last not in ("Sequential", "Model", "KerasClassifier", "KerasRegressor", "Functional")
    return last in ("DMatrix", "QuantileDMatrix", "Dataset", "Pool")
