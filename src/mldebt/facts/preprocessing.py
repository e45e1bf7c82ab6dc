"""What learns from the rows it is given before a model does, by qualified name.

Encoders that only learn which categories there are do not count: they carry nothing from the test rows that a metric
could profit from. Sources: the API references of scikit-learn 1.6 and imbalanced-learn 0.13.
"""

from __future__ import annotations

from mldebt.facts.chance import qualified

TRANSFORMERS = qualified("""
    sklearn.preprocessing: StandardScaler MinMaxScaler MaxAbsScaler RobustScaler QuantileTransformer PowerTransformer
        KBinsDiscretizer SplineTransformer TargetEncoder Imputer
    sklearn.preprocessing.data: StandardScaler MinMaxScaler
    sklearn.impute: SimpleImputer KNNImputer IterativeImputer
    sklearn.decomposition: PCA KernelPCA IncrementalPCA SparsePCA TruncatedSVD FastICA FactorAnalysis NMF
        LatentDirichletAllocation RandomizedPCA
    sklearn.discriminant_analysis: LinearDiscriminantAnalysis
    sklearn.feature_selection: SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe SelectFromModel RFE RFECV
        VarianceThreshold GenericUnivariateSelect
    sklearn.feature_extraction.text: TfidfVectorizer CountVectorizer TfidfTransformer
    fancyimpute: KNN IterativeImputer SoftImpute MICE
    category_encoders: TargetEncoder LeaveOneOutEncoder WOEEncoder CatBoostEncoder JamesSteinEncoder
""")
COMPOSITES = qualified("""
    sklearn.pipeline: Pipeline make_pipeline FeatureUnion make_union
    sklearn.compose: ColumnTransformer make_column_transformer
""")
SAMPLERS = qualified("""
    imblearn.over_sampling: SMOTE ADASYN RandomOverSampler BorderlineSMOTE SVMSMOTE KMeansSMOTE SMOTENC SMOTEN
    imblearn.combine: SMOTEENN SMOTETomek
""")
FUNCTIONS = qualified("""
    sklearn.preprocessing: scale minmax_scale maxabs_scale robust_scale quantile_transform power_transform
""")
# figures of a whole column or table; `X.mean()` or `numpy.mean(X)`
STATISTICS = frozenset("mean median mode std var quantile nanmean nanmedian nanstd average".split())
EXTREMES = frozenset({"min", "max"})
