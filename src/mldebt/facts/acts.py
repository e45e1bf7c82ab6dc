"""What a module does with models: where it fits one, asks one for predictions, or opens a door to one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import last_name

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
_WORDS = _FITS | _TRAINS | _PREPARES | _PREDICTS | _SERVER_NAMES | {"backward", "generate"}
TRAINED_ON = frozenset({"train_dataset", "train_dataloader", "train_dataloaders", "train_loader", "train_data"})
_GENERATING = frozenset(
    """max_new_tokens max_length do_sample num_beams sampling_params generation_config input_ids attention_mask
    temperature top_p pad_token_id prompts num_return_sequences""".split()
)
_NETWORK = re.compile(
    r"(?!(?:get|load|make|create|build|init|save|define|test|train|eval|setup)_)(?:.*_)?"
    r"(?:model|net|network|net[A-Z]\w*|generator|classifier|teacher|student)s?\d*$"
)
_NO_GRADIENTS = frozenset({"torch.no_grad", "torch.inference_mode", "torch.autograd.no_grad"})
_FIT_WORDS = frozenset(
    "y epochs train_dataloaders datamodule train_data validation_data eval_set sample_weight".split()
)


def acts(module: Module, calls: list[tuple[str, ast.Call]]) -> Iterator[tuple[ast.Call, str, str]]:
    """The acts among calls that are given with the end of their name, as (call, what, name).

    What is fits, prepares, predicts or serves.
    """
    torch = "torch" in module.packages
    for last, call in calls:
        if last.endswith("Trainer"):
            if any(keyword.arg in TRAINED_ON for keyword in call.keywords):
                yield call, "fits", last
        elif last not in _WORDS:
            continue
        elif last in _SERVER_NAMES:
            name = module.name(call.func) or ""
            if name in _SERVERS:
                yield call, "serves", name
        elif last in _TRAINS:
            name = module.name(call.func) or ""
            if name.partition(".")[0] in _TRAINERS:
                yield call, "fits", name
        elif isinstance(call.func, ast.Attribute) and module.name(call.func) is None:
            what = _what(call, last) if last not in ("backward", "generate") else _deep(module, call, last, torch)
            if what:
                yield call, what, last
    if torch:
        yield from _forward(module, calls)


def _deep(module: Module, call: ast.Call, last: str, torch: bool) -> str:
    """What `loss.backward()` and `model.generate(...)` do."""
    if last == "backward":
        return "fits" if torch else ""
    if module.packages.isdisjoint(("transformers", "vllm", "peft")) or not isinstance(call.func, ast.Attribute):
        return ""
    told = any(keyword.arg in _GENERATING for keyword in call.keywords)
    return "predicts" if told or re.search(r"model|llm", last_name(call.func.value)) else ""


def _forward(module: Module, calls: list[tuple[str, ast.Call]]) -> Iterator[tuple[ast.Call, str, str]]:
    """The calls of networks where no gradients are kept, or in a function that has put them into evaluation."""
    text = module.code.text
    if "no_grad" not in text and "inference_mode" not in text and ".eval()" not in text:
        return
    evaluated = _evaluated(module, calls)
    trained = {_home(module, call) for last, call in calls if last == "backward"}
    known = {name.rpartition(".")[2] for _, name in evaluated}
    for last, call in calls:
        if not (last in known or _NETWORK.match(last)) or not isinstance(call.func, ast.Name | ast.Attribute):
            continue
        home = _home(module, call) if last in known else None
        shown = last in known and home not in trained and (home, ast.unparse(call.func)) in evaluated
        if (call.args or call.keywords) and (shown or _is_free(module, call)):
            yield call, "predicts", last


def _evaluated(module: Module, calls: list[tuple[str, ast.Call]]) -> set[tuple[ast.AST | None, str]]:
    """What is put into evaluation, each with the function that does."""
    return {
        (_home(module, call), ast.unparse(call.func.value))
        for last, call in calls
        if last == "eval" and isinstance(call.func, ast.Attribute) and not call.args
    }


def _home(module: Module, node: ast.AST) -> ast.AST | None:
    return module.enclosing(node, ast.FunctionDef, ast.AsyncFunctionDef)


def _is_free(module: Module, node: ast.AST) -> bool:
    """Whether a node stands where no gradients are kept."""
    for up in module.ancestors(node):
        held = [item.context_expr for item in up.items] if isinstance(up, ast.With) else []
        held += up.decorator_list if isinstance(up, ast.FunctionDef) else []
        for holder in held:
            if module.name(holder.func if isinstance(holder, ast.Call) else holder) in _NO_GRADIENTS:
                return True
    return False


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
