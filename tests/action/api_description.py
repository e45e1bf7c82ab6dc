"""GitHub's own description of its API, cut to what the Action calls: every request and answer is held against it."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

Value = dict[str, Any]


class Description:
    """The slice that `.ci/rig` cuts; schemas are looked up in it."""

    def __init__(self, file: Path) -> None:
        self._value: Value = json.loads(file.read_text(encoding="utf-8"))
        resource: Resource[Any] = DRAFT4.create_resource(self._value)
        self._registry: Registry[Any] = Registry().with_resource("urn:gh", resource)
        self._routes = [(self._pattern(path), path) for path in self._value["paths"]]
        self._routes.sort(key=lambda route: (route[1].count("{"), -len(route[1])))  # a literal path wins

    @staticmethod
    def _pattern(path: str) -> re.Pattern[str]:
        named = re.sub(r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>{'.+' if m[1] == 'path' else '[^/]+'})", path)
        return re.compile(f"^{named}$")

    def find(self, method: str, path: str) -> tuple[Value | None, dict[str, str]]:
        """The operation that a request asks for, and the parts of its path."""
        for pattern, template in self._routes:
            found = pattern.match(path)
            if found and method.lower() in self._value["paths"][template]:
                return self._value["paths"][template][method.lower()], found.groupdict()
        return None, {}

    def example(self, method: str, template: str, status: int) -> Any:
        """An answer as the description shows it."""
        operation = self._value["paths"][template][method.lower()]
        content = self._content(operation, status)
        assert content is not None, "the operations used here answer JSON"
        return copy.deepcopy(self._resolved(next(iter(content["examples"].values())))["value"])

    def request_errors(self, operation: Value, parts: dict[str, str], query: dict[str, str], body: Any) -> list[str]:
        """What GitHub would refuse in a request."""
        found: list[str] = []
        for parameter in map(self._resolved, operation.get("parameters", [])):
            raw: Any = (parts if parameter["in"] == "path" else query).get(parameter["name"])
            if raw is None:
                found += [f"no {parameter['name']}"] if parameter.get("required") else []
                continue
            if self._resolved(parameter["schema"]).get("type") == "integer":
                raw = int(raw) if re.fullmatch(r"-?\d+", raw) else raw
            found += [f"{parameter['name']}: {error}" for error in self._errors(parameter["schema"], raw)]
        wanted = self._resolved(operation.get("requestBody", {}))
        if body is not None and wanted:
            found += self._errors(wanted["content"]["application/json"]["schema"], body)
        return found + (["no body"] if body is None and wanted.get("required") else [])

    def answer_errors(self, operation: Value, status: int, value: Any) -> list[str]:
        """What the description does not allow in an answer."""
        content = self._content(operation, status)
        if content is None:
            return [] if str(status) in operation["responses"] else [f"status {status} is not described"]
        return self._errors(content["schema"], value)

    def _content(self, operation: Value, status: int) -> Value | None:
        answer = self._resolved(operation["responses"].get(str(status), {}))
        found: Value | None = (answer.get("content") or {}).get("application/json")
        return found

    def _resolved(self, node: Value) -> Value:
        while "$ref" in node:
            kind, name = node["$ref"].split("/")[-2:]
            node = self._value["components"][kind][name]
        return node

    def _errors(self, schema: Value, value: Any) -> list[str]:
        validator = OAS30Validator(_absolute(schema), registry=self._registry)
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(value)]


def _absolute(node: Any) -> Any:
    """References point at the registry; discriminators are dropped, whose mappings the validator cannot follow."""
    if isinstance(node, dict):
        pairs = ((key, value) for key, value in node.items() if key != "discriminator")
        return {key: f"urn:gh{value}" if key == "$ref" else _absolute(value) for key, value in pairs}
    return [_absolute(inner) for inner in node] if isinstance(node, list) else node
