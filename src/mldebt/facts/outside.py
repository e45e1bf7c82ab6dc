"""Where a value comes from, if others decide it: who asks a web application, or who offers a file for download."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mldebt.facts.syntax import Module
from mldebt.facts.values import Values, last_name

_DEEPEST = 6  # steps along assignments
_ROUTES = frozenset("get post put patch delete route api_route websocket endpoint".split())
_WEB = frozenset("flask fastapi starlette aiohttp bottle sanic quart litestar falcon django".split())
_FIELDS = ("streamlit.text_input", "streamlit.text_area", "streamlit.chat_input", "streamlit.query_params")
_NUMBERS = frozenset({"int", "float", "bool"})
_DOWNLOADS = frozenset(
    """urlretrieve hf_hub_download snapshot_download download_url load_file_from_url cached_download cached_path
    get_file download_file download_artifacts download_url_to_file urlopen""".split()
)


class Outside:
    """Answers for one module."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._values = Values(module)

    def asked(self, expression: ast.expr, depth: int = 0) -> bool:
        """Whether a text that somebody sends to a web application is part of a value."""
        return any(self._is_sent(node, depth) for node in self._parts(expression))

    def downloaded(self, expression: ast.expr, depth: int = 0) -> bool:
        """Whether a value is what a download gives."""
        for node in self._parts(expression):
            if isinstance(node, ast.Call) and last_name(node.func) in _DOWNLOADS:
                return True
            if isinstance(node, ast.Name) and depth < _DEEPEST:
                sources = (value for _, value in self._values.latest(node) if value is not None)
                if any(self.downloaded(value, depth + 1) for value in sources):
                    return True
        return False

    def _parts(self, expression: ast.expr) -> Iterator[ast.AST]:
        """The expressions that a value is made of; numbers made of one are no part of it."""
        waiting: list[ast.AST] = [expression]
        while waiting:
            node = waiting.pop()
            yield node
            if not (isinstance(node, ast.Call) and self._module.name(node.func) in _NUMBERS):
                waiting.extend(ast.iter_child_nodes(node))

    def _is_sent(self, node: ast.AST, depth: int) -> bool:
        if isinstance(node, ast.Attribute | ast.Call):
            name = self._module.name(node.func if isinstance(node, ast.Call) else node) or ""
            return name.startswith("flask.request.") or name in _FIELDS
        if not isinstance(node, ast.Name) or depth >= _DEEPEST:
            return False
        pairs = self._values.latest(node)
        return any(
            self._is_of_route(binding) if value is None else self.asked(value, depth + 1) for binding, value in pairs
        )

    def _is_of_route(self, binding: ast.AST) -> bool:
        """Whether a name is a parameter of a function that answers requests, and may be a text."""
        function = self._module.enclosing(binding, ast.FunctionDef, ast.AsyncFunctionDef)
        if not isinstance(binding, ast.arg) or self._module.packages.isdisjoint(_WEB):
            return False
        marks = getattr(function, "decorator_list", [])
        answers = any(isinstance(mark, ast.Call) and last_name(mark.func) in _ROUTES for mark in marks)
        return answers and not (binding.annotation is not None and last_name(binding.annotation) in _NUMBERS)
