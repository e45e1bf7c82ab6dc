"""What makes a pandas DataFrame or Series, and which of their methods give another one and leave them as they are.

Source: the API reference of pandas 2.2, the sections "DataFrame", "Series", "Input/output" and "General functions".
"""

from __future__ import annotations

_READERS = """read_csv read_table read_fwf read_excel read_json read_parquet read_feather read_hdf read_sql
read_sql_query read_sql_table read_pickle read_orc read_sas read_spss read_stata read_gbq read_clipboard read_xml
json_normalize"""
_FUNCTIONS = """DataFrame Series concat merge merge_asof merge_ordered get_dummies pivot pivot_table crosstab melt
wide_to_long qcut to_numeric to_datetime date_range"""
MAKERS = frozenset(
    [f"pandas.{word}" for word in f"{_READERS} {_FUNCTIONS}".split()]
    + ["pandas.io.parsers.read_csv", "pandas.DataFrame.from_dict", "pandas.DataFrame.from_records"]
    + ["seaborn.load_dataset", "geopandas.read_file", "geopandas.GeoDataFrame"]
)
# methods that give a changed object, and leave their own as it is unless there is an `inplace` and it is true
CHANGING = frozenset(
    """add_prefix add_suffix append assign astype bfill clip convert_dtypes drop drop_duplicates dropna explode ffill
    fillna infer_objects interpolate join merge reindex rename rename_axis replace reset_index set_axis set_index shift
    tz_convert tz_localize""".split()
)
SORTING = frozenset({"sort_index", "sort_values"})
# methods whose results are as often only looked at as kept
LOOKING = frozenset(
    """abs filter mask melt nlargest nsmallest query round sample select_dtypes stack to_frame transpose truncate
    unstack where""".split()
)
METHODS = frozenset(
    """agg aggregate apply applymap copy corr cov cumsum describe diff div head iloc isin isna isnull loc map mean mul
    notna notnull pct_change pipe rank sub sum tail transform value_counts""".split()
).union(CHANGING, SORTING, LOOKING)
# what a call of these modules gives is no pandas object
OTHERS = tuple(f"{word}." for word in "numpy torch tensorflow pyspark dask polars jax os re json pathlib".split())
