"""What evaluating an expression may do beside giving a value that nobody wants."""

from __future__ import annotations

import ast
import builtins
import re

from mldebt.facts.scopes import COMPREHENSIONS
from mldebt.facts.syntax import Module

# from what may do anything to what gives the same value anywhere, whoever asks
EFFECT, LIKELY, SURE, LITERAL = range(4)

_BUILTINS = frozenset(
    """abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format
    frozenset getattr globals hasattr hash hex id int isinstance issubclass iter len list locals map max memoryview min
    object oct ord pow range repr reversed round set slice sorted str sum super tuple type vars zip""".split()
)
_EMPTY = frozenset({"list", "dict", "set", "tuple", "str", "int", "float", "bool", "bytes", "frozenset", "object"})
# what computes, or reads a clock, an environment or a folder; a random draw too: its number is not wanted
_COMPUTING = re.compile(
    r"""(?:math|cmath|statistics|itertools|functools\.partial|operator|collections|copy|string|datetime|fractions
    |decimal|textwrap|dataclasses\.(?:asdict|replace|field)|enum|random|secrets|uuid)\b(?!.*\b(?:seed|shuffle|setstate)$)
    |os\.path|pathlib\.(?:Pure)?Path$
    |os\.(?:getcwd|getenv|listdir|getpid|cpu_count|environ\.get|stat|walk|scandir|fspath)$
    |time\.(?:time|perf_counter|monotonic|process_time|time_ns|strftime|localtime|gmtime|ctime|mktime)$
    |re\.(?:compile|match|search|fullmatch|findall|finditer|sub|split|escape)$
    |glob\.i?glob$|json\.(?:dumps|loads)$|shutil\.which$|platform\.\w+$|inspect\.\w+$|socket\.gethostname$
    |numpy\.(?!.*\b(?:save\w*|seed|set_\w+|shuffle|copyto|put\w*|place|fill_diagonal|seterr\w*|memmap|\w*file)$)
    |scipy\.(?!.*\b(?:save\w*|write\w*)$)
    |pandas\.(?:DataFrame|Series|Index|to_datetime|to_numeric|concat|merge|get_dummies|date_range|isnull|isna|unique
    |read_\w+)$
    |torch\.(?:nn|optim|utils\.data)\.\w*\.?[A-Z]\w*$|torch\.nn\.functional\.(?!.*_$)\w+$
    |torch\.(?:distributions|Size|Tensor|FloatTensor|LongTensor|device|Generator|is_\w+|as_tensor|tensor|from_numpy
    |zeros|ones|empty|full|eye|arange|linspace|rand|randn|randint|randperm|normal|bernoulli|multinomial
    |(?:zeros|ones|empty|full|rand|randn|randint)_like|cat|stack|chunk|split|where|sum|mean|std|var|max|min|argmax|argmin
    |sqrt|exp|log|abs|sin|cos|tanh|sigmoid|softmax|matmul|mm|bmm|einsum|clamp|sort|topk|unique|cumsum|norm|numel
    |meshgrid|flatten|reshape|squeeze|unsqueeze|transpose|permute)\b
    |torch\.cuda\.(?:is_available|device_count|current_device|get_device_name|memory_allocated|max_memory_allocated)$
    |torchvision\.transforms\.(?:\w+\.)*[A-Z]\w*$
    |(?:tensorflow|keras\.backend|tensorflow\.keras\.backend)\.(?:(?:nn|math)\.\w+|shape|int_shape|ndim|rank|zeros\w*
    |ones\w*|constant|cast|to_float|reshape|concat|concatenate|stack|unstack|split|slice|tile|fill|pad|gather\w*|one_hot
    |expand_dims|squeeze|transpose|reverse|reduce_\w+|sum|mean|max|min|maximum|minimum|exp|log|sqrt|square|abs|pow|equal
    |not_equal|greater\w*|less\w*|logical_\w+|argmax|argmin|where|clip|clip_by_value|add|add_n|subtract|multiply|divide
    |matmul|sigmoid|tanh|softmax|identity|stop_gradient|boolean_mask|cumsum|range|linspace)$|logging\.getLogger$
    """.replace("\n", "").replace(" ", "")
)
# methods of str, dict, list, tuple, Path, numpy.ndarray, torch.Tensor and pandas.DataFrame that only compute
_METHODS = frozenset(
    """capitalize casefold center count decode encode endswith expandtabs find format index isalnum isalpha isdigit
    isidentifier islower isnumeric isspace istitle isupper join ljust lower lstrip partition removeprefix removesuffix
    rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper
    zfill keys values items copy union intersection difference issubset issuperset
    with_suffix with_name joinpath exists is_file is_dir resolve absolute as_posix relative_to
    size dim numel element_size item tolist numpy detach clone contiguous view view_as reshape reshape_as permute
    transpose flatten ravel squeeze unsqueeze expand expand_as repeat mean sum max min std var prod any all
    argmax argmin argsort sort_values sort_index cumsum cumprod norm softmax log_softmax sigmoid tanh exp log sqrt abs
    pow matmul mm bmm dot int type_as astype is_cuda is_contiguous data_ptr nonzero masked_select
    gather topk chunk clamp round floor ceil eq ne lt gt le ge t
    parameters named_parameters buffers named_buffers children named_children modules named_modules state_dict
    get_shape as_list ndimension nelement stride
    head tail describe isnull isna notnull notna dropna fillna groupby nunique unique value_counts corr quantile median
    merge to_dict to_numpy to_list drop_duplicates reset_index set_index iterrows itertuples
    group groups groupdict total_seconds isoformat strftime date""".split()
)
_ACTING = (
    *(ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.With, ast.AsyncWith),
    *(ast.Await, ast.Yield, ast.YieldFrom, ast.Raise, ast.Assert),
)
_HARMLESS = (
    *(ast.Tuple, ast.List, ast.arguments, ast.arg, ast.keyword),
    *(ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop),
)
_OFTEN = (ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Lambda, *COMPREHENSIONS)
_DEEPEST = 2  # functions inside each other that are looked into to see what a call does
_LONGEST = 100  # nodes of such a function
_PRINTS = frozenset({"print", "setattr", "delattr"})


def level(module: Module, node: ast.AST | None) -> int:
    """How little an expression can do: LITERAL has constants only, SURE can run no code, LIKELY none that acts."""
    if node is None or isinstance(node, ast.Constant):
        return LITERAL
    if isinstance(node, ast.Name | ast.Lambda):
        return SURE if isinstance(node, ast.Name) else min(SURE, _of_all(module, [node.args]))
    if isinstance(node, ast.Call):
        return _of_call(module, node)
    if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
        return EFFECT
    return min(_most(node), _of_all(module, ast.iter_child_nodes(node)))


def _of_all(module: Module, nodes: object) -> int:
    return min((level(module, node) for node in nodes), default=LITERAL)  # type: ignore[attr-defined]  # any iterable


def _most(node: ast.AST) -> int:
    """What an expression is at best, whatever its parts are: operators are methods of what they stand between."""
    if isinstance(node, _HARMLESS):
        return LITERAL
    if isinstance(node, ast.Dict | ast.Set):  # what is looked up is hashed
        keys = node.keys if isinstance(node, ast.Dict) else node.elts
        return LITERAL if all(isinstance(key, ast.Constant) for key in keys) else LIKELY
    if isinstance(node, ast.UnaryOp | ast.BinOp):
        return LITERAL if is_number(node) else LIKELY
    if isinstance(node, ast.FormattedValue):
        return LIKELY if node.format_spec is not None else SURE
    if isinstance(node, ast.Compare):
        return SURE if all(isinstance(op, ast.Is | ast.IsNot) for op in node.ops) else LIKELY
    return SURE if isinstance(node, ast.JoinedStr) else LIKELY


def is_number(node: ast.AST) -> bool:
    """Whether an expression is a number written out, or worked out from such."""
    if isinstance(node, ast.UnaryOp):
        return is_number(node.operand)
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right) and _is_tame(node)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex)


def _is_tame(node: ast.BinOp) -> bool:
    """Whether arithmetic on numbers cannot fail: `1 / 0` does."""
    if isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
        return isinstance(node.right, ast.Constant) and bool(node.right.value)
    return isinstance(node.op, ast.Add | ast.Sub | ast.Mult)


def _of_call(module: Module, call: ast.Call) -> int:
    if not _computes(module, call):
        return EFFECT
    if not call.args and not call.keywords and isinstance(call.func, ast.Name) and call.func.id in _EMPTY:
        return LITERAL
    function = call.func.value if isinstance(call.func, ast.Attribute) else None
    return min(LIKELY, level(module, function), _of_all(module, [*call.args, *call.keywords]))


def _computes(module: Module, call: ast.Call, depth: int = 0) -> bool:
    """Whether a call only computes: a function is known by its qualified name, a method by its name alone."""
    function = call.func
    if _is_imported(module, function):
        return _COMPUTING.match(module.name(function) or "") is not None
    if isinstance(function, ast.Name):
        if _is_builtin(module, function, _BUILTINS):
            return _maps_nothing(module, call)
        return _only_computes(module, function, depth)
    if not isinstance(function, ast.Attribute) or _is_defined_here(module, function.attr):
        return False
    return _is_computing_method(function.attr, call)


def _is_defined_here(module: Module, name: str) -> bool:
    """Whether a method's name may mean one of this file, which does what it likes."""
    return any(node.name == name for node in module.functions)


def _only_computes(module: Module, name: ast.Name, depth: int) -> bool:
    """Whether a name is a function of this file whose body assigns its own variables only, and calls what computes."""
    home = module.scope(name).resolve(name.id)
    bindings = home.bindings[name.id] if home is not None else []
    function = bindings[0] if len(bindings) == 1 else None
    if depth >= _DEEPEST or not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return False
    inside = [node for statement in function.body for node in ast.walk(statement)]
    if len(inside) > _LONGEST:
        return False
    return not any(isinstance(node, _ACTING) or _stores_elsewhere(node) for node in inside) and all(
        _computes(module, node, depth + 1) for node in inside if isinstance(node, ast.Call)
    )


def _stores_elsewhere(node: ast.AST) -> bool:
    """Whether a node may change what others hold: `x += y` may do so in place."""
    if isinstance(node, ast.Attribute | ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.AugAssign) and not is_number(node.value)


def _maps_nothing(module: Module, call: ast.Call) -> bool:
    """Whether a call does not hand `map` or `filter` a function that may act."""
    if not isinstance(call.func, ast.Name) or call.func.id not in ("map", "filter") or not call.args:
        return True
    function = call.args[0]
    if isinstance(function, ast.Lambda):
        return level(module, function.body) != EFFECT
    root = _root(function)
    return isinstance(root, ast.Name) and _is_builtin(module, root, _BUILTINS)


def _is_computing_method(name: str, call: ast.Call) -> bool:
    if any(keyword.arg == "inplace" for keyword in call.keywords):
        return False
    if name == "replace":  # of a string; a path's takes one argument and moves a file
        return len(call.args) > 1
    if name == "get":  # of a dict; a queue's takes no key, a client's an address
        key = call.args[0] if call.args else None
        return isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier()
    return name in _METHODS


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _is_imported(module: Module, node: ast.expr) -> bool:
    root = _root(node)
    home = module.scope(root).resolve(root.id) if isinstance(root, ast.Name) else None
    return (
        home is not None
        and isinstance(root, ast.Name)
        and any(isinstance(b, ast.alias) for b in home.bindings[root.id])
    )


def _is_builtin(module: Module, node: ast.Name, names: frozenset[str]) -> bool:
    return node.id in names and hasattr(builtins, node.id) and module.scope(node).resolve(node.id) is None


def residue(module: Module, node: ast.AST | None) -> list[ast.expr] | None:
    """The parts of an expression that have to be evaluated still, in their order; None if they are not on their own.

    What only computes with them is not worth a statement. Parts that are evaluated now and then, or many times, cannot
    stand alone, but in the call that makes it so.
    """
    if level(module, node) != EFFECT or node is None:
        return []
    if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
        return [node]
    if isinstance(node, _OFTEN) or (isinstance(node, ast.Compare) and len(node.ops) > 1):
        return None
    if isinstance(node, ast.Call) and not _computes(module, node):
        return None if _is_lazy(module, node) else [node]
    parts = [residue(module, child) for child in _in_order(node)]
    if None in parts:
        return [node] if isinstance(node, ast.Call) else None
    return [stays for part in parts if part is not None for stays in part]


def _is_lazy(module: Module, call: ast.Call) -> bool:
    """Whether a call does nothing before somebody asks for what it gives."""
    return isinstance(call.func, ast.Name) and _is_builtin(module, call.func, frozenset({"map", "filter"}))


def _in_order(node: ast.AST) -> list[ast.AST]:
    """The parts of an expression as they are evaluated."""
    if isinstance(node, ast.Dict):
        return [part for pair in zip(node.keys, node.values, strict=True) for part in pair if part is not None]
    return list(ast.iter_child_nodes(node))


def gives_nothing(module: Module, call: ast.expr) -> bool:
    """Whether what a call gives is None for certain, so that nobody misses it."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return False
    if _is_builtin(module, call.func, _PRINTS):
        return True
    home = module.scope(call).resolve(call.func.id)
    bindings = home.bindings[call.func.id] if home is not None else []
    return len(bindings) == 1 and _returns_nothing(module, bindings[0])


def _returns_nothing(module: Module, function: ast.AST) -> bool:
    if not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return False
    inside = (n for n in ast.walk(function) if isinstance(n, ast.Return | ast.Yield | ast.YieldFrom))
    own = [n for n in inside if module.enclosing(n, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda) is function]
    return all(isinstance(n, ast.Return) and (n.value is None or _is_none(n.value)) for n in own)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
