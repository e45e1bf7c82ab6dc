"""What a module does with models: where it fits one, asks one for predictions, or opens a door to one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module

_FITS = frozenset("fit partial_fit fit_generator fit_one_cycle fine_tune train_on_batch fit_resample".split())
_TRAINS = frozenset({"train", "train_nu"})
_TRAINERS = frozenset({"xgboost", "lightgbm", "catboost"})
_PREPARES = frozenset({"fit_transform"})
_PREDICTS = frozenset(
    """predict predict_proba predict_log_proba predict_on_batch predict_generator predict_classes decision_function
    forecast predict_batch batch_predict""".split()
)
_SERVERS = frozenset(
    """fastapi.FastAPI flask.Flask quart.Quart starlette.applications.Starlette sanic.Sanic bottle.Bottle
    tornado.web.Application aiohttp.web.Application falcon.App falcon.API gradio.Interface gradio.Blocks
    gradio.ChatInterface bentoml.Service bentoml.service litserve.LitServer litserve.LitAPI dash.Dash
    ray.serve.deployment flask_restful.Api""".split()
)
_SERVER_NAMES = frozenset(name.rpartition(".")[2] for name in _SERVERS)
_WORDS = _FITS | _TRAINS | _PREPARES | _PREDICTS | _SERVER_NAMES
_FIT_WORDS = frozenset(
    "y epochs train_dataloaders datamodule train_data validation_data eval_set sample_weight".split()
)


def acts(module: Module, calls: list[tuple[str, ast.Call]]) -> Iterator[tuple[ast.Call, str, str]]:
    """The acts among calls that are given with the end of their name, as (call, what, name).

    What is fits, prepares, predicts or serves.
    """
    for last, call in calls:
        if last not in _WORDS:
            continue
        if last in _SERVER_NAMES:
            name = module.name(call.func) or ""
            if name in _SERVERS:
                yield call, "serves", name
        elif last in _TRAINS:
            name = module.name(call.func) or ""
            if name.partition(".")[0] in _TRAINERS:
                yield call, "fits", name
        elif isinstance(call.func, ast.Attribute) and module.name(call.func) is None:
            what = _what(call, last)
            if what:
                yield call, what, last


def _what(call: ast.Call, last: str) -> str:
    if last in _PREDICTS:
        return "predicts"
    if last in _PREPARES:
        return "prepares"
    words = {keyword.arg for keyword in call.keywords}
    if not call.args and not words:
        return ""
    supervised = len(call.args) > 1 or last not in ("fit", "partial_fit") or not words.isdisjoint(_FIT_WORDS)
    return "fits" if supervised else "prepares"
