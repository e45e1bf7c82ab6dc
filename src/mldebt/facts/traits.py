"""Observations on a module as a whole that decide how far the links may be trusted.

| trait | meaning |
|---|---|
| main-guard | has `if __name__ == "__main__"` |
| top-level-work | does more at its top than to define: loops, or calls something for its effect |
| looks-up-names | finds things by a computed name: `globals()[x]`, `eval(x)`, `getattr(x, y)` |
| evaluates | runs an expression it computes, or takes one of its own names: `eval(x)`, `globals()[x]` |
| imports-by-name | imports or runs modules by a computed name |
| calls-bare | has a statement that calls something imported and gives it nothing: `fire.Fire()` |
| only-assigns | has nothing but assignments and imports |
| only-names | does nothing but to mention names, as a whitelist for vulture does |
| tests | imports a test framework or has functions named like tests |
"""

from __future__ import annotations

import ast

from mldebt.facts.receivers import dotted
from mldebt.facts.syntax import Module

_LOOKUPS = frozenset({"eval", "exec", "getattr"})
_OWN_NAMES = frozenset({"eval", "globals"})
_NAMESPACES = frozenset({"globals", "locals", "vars", "sys.modules", "__dict__"})
_IMPORTERS = frozenset(
    {
        "__import__",
        "import_module",
        "importlib.import_module",
        "runpy.run_path",
        "runpy.run_module",
        "spec_from_file_location",
        "importlib.util.spec_from_file_location",
        "pkgutil.iter_modules",
        "pkgutil.walk_packages",
        "imp.load_source",
        "SourceFileLoader",
        "importlib.machinery.SourceFileLoader",
    }
)
_BY_PATH = ("spec_from_file_location", "load_source", "SourceFileLoader")
# calls at a module's top that only set the scene, by the last part of their name
_SCENE = frozenset(
    """filterwarnings simplefilter basicConfig insert append use set_style set_theme set seed manual_seed set_seed
    set_random_seed seed_everything load_dotenv register set_option setdefault update disable_eager_execution
    set_verbosity set_verbosity_error setLevel addHandler environ autolog set_printoptions add_safe_globals install
    extend set_float32_matmul_precision rebuild model_rebuild update_forward_refs""".split()
)
_FRAMEWORKS = frozenset({"pytest", "unittest", "nose", "hypothesis", "absl.testing"})


def traits(module: Module) -> tuple[str, ...]:
    """The traits of a module, sorted."""
    found = {name for name, holds in _CHECKS.items() if holds(module)}
    return tuple(sorted(found))


def guard(module: Module) -> ast.If | None:
    """The `if __name__ == "__main__"` of a module, if it has one at its top."""
    for statement in module.tree.body:
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Compare):
            sides = [statement.test.left, *statement.test.comparators]
            if any(isinstance(s, ast.Name) and s.id == "__name__" for s in sides):
                return statement
    return None


def _has_guard(module: Module) -> bool:
    return guard(module) is not None


def _works_at_top(module: Module) -> bool:
    return any(_works(statement) for statement in module.tree.body)


def _works(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.For | ast.While | ast.With):
        return True
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    function = statement.value.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    return name not in _SCENE


def _looks_up_names(module: Module) -> bool:
    for call in module.calls(_LOOKUPS):
        function = call.func
        if isinstance(function, ast.Name):
            wanted = call.args[1:2] if function.id == "getattr" else call.args[:1]
            if wanted and not isinstance(wanted[0], ast.Constant) and not _has_a_known_owner(module, call):
                return True
    return any(_is_namespace(subscript.value) for subscript in module.of(ast.Subscript))


def _has_a_known_owner(module: Module, call: ast.Call) -> bool:
    """Whether `getattr(x, name)` asks what an import or a class binds, or `self`: the links know its names."""
    owner = dotted(call.args[0]) if isinstance(call.func, ast.Name) and call.func.id == "getattr" else None
    if owner is None:
        return False
    first = owner.partition(".")[0]
    home = module.scope(call).resolve(first)
    bindings = home.bindings[first] if home is not None else []
    if len(bindings) == 1 and isinstance(bindings[0], ast.arg):
        return owner == first == "self"
    return bool(bindings) and all(isinstance(b, ast.alias | ast.ClassDef) for b in bindings)


def _evaluates(module: Module) -> bool:
    called = (call for call in module.calls(_OWN_NAMES) if isinstance(call.func, ast.Name))
    return any(_computes(module, call) for call in called)


def _computes(module: Module, call: ast.Call) -> bool:
    """Whether `eval(x)` or `globals()[x]` asks for what nobody can read off the source."""
    if isinstance(call.func, ast.Name) and call.func.id == "eval":
        return not (call.args and isinstance(call.args[0], ast.Constant))
    up = module.parent(call)
    return isinstance(up, ast.Subscript) and isinstance(up.ctx, ast.Load) and not isinstance(up.slice, ast.Constant)


def _is_namespace(value: ast.expr) -> bool:
    name = dotted(value.func if isinstance(value, ast.Call) else value)
    return name is not None and (name in _NAMESPACES or name.endswith(".__dict__"))


def _imports_by_name(module: Module) -> bool:
    for call in module.calls({"exec", *(name.rpartition(".")[2] for name in _IMPORTERS)}):
        name = dotted(call.func)
        if name in _IMPORTERS:
            # what is loaded from a file may be given a name: the path tells what it is
            telling = call.args[1:2] if name.endswith(_BY_PATH) else call.args[:1]
            if not (telling and isinstance(telling[0], ast.Constant)):
                return True
        if name == "exec":
            return True
    return False


def _calls_bare(module: Module) -> bool:
    bare = (call for call in module.of(ast.Call) if not call.args and not call.keywords)
    return any(isinstance(module.parent(call), ast.Expr) and "." in (module.name(call.func) or "") for call in bare)


def _only_assigns(module: Module) -> bool:
    plain = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom)
    body = [s for s in module.tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return bool(body) and all(isinstance(s, plain) for s in body)


def _only_names(module: Module) -> bool:
    """Whether all there is are bare names and attributes, what they need imported or assigned, and texts."""
    plain = (ast.Import, ast.ImportFrom, ast.Assign)
    body = module.tree.body
    return all(_mentions(s) or isinstance(s, plain) or _is_text(s) for s in body) and any(_mentions(s) for s in body)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _mentions(statement: ast.stmt) -> bool:
    """Whether a statement is a name, or an attribute of something, and no more."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Name | ast.Attribute)


def is_test(module: Module) -> bool:
    """Whether a module imports a test framework or has functions named like tests, at its top or in a class of them."""
    for alias in module.of(ast.alias):
        statement = module.parent(alias)
        name = statement.module if isinstance(statement, ast.ImportFrom) else alias.name
        if name and (name in _FRAMEWORKS or name.partition(".")[0] in _FRAMEWORKS):
            return True
    bodies = [module.tree.body]
    bodies += [s.body for s in module.tree.body if isinstance(s, ast.ClassDef) and s.name.startswith("Test")]
    return any(isinstance(s, ast.FunctionDef) and s.name.startswith("test_") for body in bodies for s in body)


_CHECKS = {
    "main-guard": _has_guard,
    "top-level-work": _works_at_top,
    "looks-up-names": _looks_up_names,
    "evaluates": _evaluates,
    "imports-by-name": _imports_by_name,
    "calls-bare": _calls_bare,
    "only-assigns": _only_assigns,
    "only-names": _only_names,
    "tests": is_test,
}
