"""What is known of a file once it has been read, and the file as it goes to the parser."""

from __future__ import annotations

import msgspec

from mldebt.model.hits import Hit, Place, Rewrite
from mldebt.model.kinds import ProblemKind
from mldebt.model.networks import Restored
from mldebt.model.traffic import Traffic


class Setting(msgspec.Struct, frozen=True, array_like=True):
    """One scalar of a configuration file: `key` is the dotted path to it, list items by their index."""

    key: str
    value: str
    line: int


class Command(msgspec.Struct, frozen=True, array_like=True):
    """One command line of a shell script, Makefile, Dockerfile, workflow step, README block or notebook cell."""

    text: str
    line: int
    cell: int | None = None


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """One cell of a notebook; `first` is its first line in the joined source, `lines` how many it has there.

    `kind` is code, markdown or raw, or broken if it is code that does not parse; `shown` tells whether it has outputs,
    `error` names the error that one of them
    is, unless the text around the cell speaks of one.
    """

    number: int
    kind: str
    first: int
    lines: int
    execution: int | None = None
    tags: tuple[str, ...] = ()
    shown: bool = False
    error: str = ""


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """A module's body (first, nameless), or one of its functions, classes or methods, with what it refers to.

    `uses` are dotted names whose first part the module binds at its top or does not bind at all; `a.f().b` is the
    attribute `b` of what calling `a.f` gives. `attributes` are read on receivers that could not be resolved, `own`
    on the first parameter of a method. `stores` are attributes set on the first parameter. `strings` are literals
    that could name something. What lies inside a function or method belongs to it. `shadowed` ones are bound again
    before anything can have read them.
    """

    name: str
    kind: str
    at: Place
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    stores: tuple[tuple[str, Place], ...] = ()
    strings: tuple[str, ...] = ()
    shadowed: bool = False


class Import(msgspec.Struct, frozen=True, array_like=True):
    """One name bound by an import. `module` is written as in the source (leading dots kept).

    `name` is the imported attribute, "*" for a star, "" for `import module`. `bound` is the local name. `owner` is the
    index of the definition the statement stands in. `quiet` says why an unused one must not be reported. `guarded` ones
    run only when the module itself is run: they stand under `if __name__ == "__main__"`.
    """

    bound: str
    module: str
    name: str
    at: Place
    owner: int = 0
    used: bool = True
    quiet: str = ""
    guarded: bool = False


class Variable(msgspec.Struct, frozen=True, array_like=True):
    """A name that is assigned; `used` says whether its own module reads it. `owner` as in Import.

    `form` is "unpacked" if an unpacking binds it of which no name is read, "guarded" if it is bound only
    when the module is run as a script, "target" for an unread name that is no debt by itself: a loop binds it, or an
    unpacking that is needed for others.
    """

    name: str
    at: Place
    owner: int = 0
    used: bool = True
    value: str = ""
    form: str = ""


class Draw(msgspec.Struct, frozen=True, array_like=True):
    """A call that draws from (`role` "draws") or seeds ("seeds") a random number generator in definition `owner`."""

    owner: int
    name: str
    role: str
    at: Place
    splits: bool = False


class OutsideCall(msgspec.Struct, frozen=True, array_like=True):
    """A call of something imported, by its qualified name; a decorator or a base is one too.

    `arguments` are `0=text` for a first argument that is a text, `name` or `name=constant` for keywords. `guards` are
    the flags, as written, that an `if` around it asks for.
    """

    name: str
    arguments: tuple[str, ...]
    guards: tuple[str, ...]
    at: Place


class Option(msgspec.Struct, frozen=True, array_like=True):
    """An option that a command-line parser is told of: `name` is how the program reads it, `flag` how users write it.

    `kind` is argparse or absl (read as an attribute or a key), field (of the dataclass `owner`), parameter (of the
    function `owner`, which does not read it), or parsed: `name` is a class whose fields a parser makes options.
    `mentioned` if a string of its module says the name. `given` is what an argparse one is declared with, as written:
    action, type, default and the like.
    """

    name: str
    flag: str
    kind: str
    at: Place
    owner: int = 0
    mentioned: bool = False
    given: str = ""


class Flag(msgspec.Struct, frozen=True, array_like=True):
    """A switch of the function `scope` that its module never turns from `value`; `blocks` are what it shuts out.

    `private` is the function's name if another module could call it all the same.
    """

    name: str
    at: Place
    scope: str
    value: bool
    blocks: tuple[Place, ...]
    private: str = ""


class Handing(msgspec.Struct, frozen=True, array_like=True):
    """A call by which a function hands several of its parameters on; `callee` is the last part of the called name."""

    callee: str
    names: tuple[str, ...]


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """The parameters of definition `owner`, but for `self`, if there are at least four, and who gets four of them."""

    owner: int
    names: tuple[str, ...]
    handed: tuple[Handing, ...] = ()


class Gate(msgspec.Struct, frozen=True, array_like=True):
    """An `if` on a metric that "promotes" a model, or "blocks" what comes after."""

    at: Place
    what: str


class Retired(msgspec.Struct, frozen=True, array_like=True):
    """A use, in definition `owner`, of what the library with the distributions `of` took back.

    `since`, `removed` and `back` are versions as in `mldebt.apis`, empty where there is none; `rewrites` is its patch.
    """

    name: str
    at: Place
    owner: int
    of: str
    since: str = ""
    removed: str = ""
    back: str = ""
    instead: str = ""
    rewrites: tuple[Rewrite, ...] = ()


class Dispatch(msgspec.Struct, frozen=True, array_like=True):
    """A chain of `branches` that compare `subject` with `names` and make `made`, a variable or "return", for each."""

    subject: str
    names: tuple[str, ...]
    made: str
    at: Place
    owner: int
    branches: int


class ModuleFacts(msgspec.Struct, frozen=True, array_like=True):
    """What one Python module says: a `.py` file, a notebook's code cells, or a cell that writes a module.

    `name` is empty but for a module written by a cell. `exports` is `__all__` if it is a plain list. `traits` are
    observations on the whole: "main-guard", "top-level-work", "dynamic-lookup", "imports-modules-by-name", ...
    `items` are the clone items, packed (facts/statements.py). `handed` says who takes the options as a whole
    (facts/namespaces.py), `loads` which calls load a configuration, `finals` which keys are read to the end
    (facts/settings.py), `signatures` which functions share many parameters (facts/parameters.py), `gates` where a
    metric decides (facts/gates.py), `retired` what libraries took back (facts/retired.py), `dispatches` the chains
    that choose by a name (facts/dispatches.py), `restored` the networks that run in no mode anyone set
    (facts/restored.py), `undocumented` the definitions of which nothing is said (facts/documented.py).
    """

    name: str = ""
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    variables: tuple[Variable, ...] = ()
    exports: tuple[str, ...] | None = None
    traits: tuple[str, ...] = ()
    draws: tuple[Draw, ...] = ()
    items: bytes = b""
    calls: tuple[OutsideCall, ...] = ()
    defaults: tuple[tuple[str, bool], ...] = ()
    options: tuple[Option, ...] = ()
    handed: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    loads: tuple[str, ...] = ()
    finals: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    gates: tuple[Gate, ...] = ()
    retired: tuple[Retired, ...] = ()
    traffic: Traffic = Traffic()
    dispatches: tuple[Dispatch, ...] = ()
    restored: tuple[Restored, ...] = ()
    undocumented: tuple[int, ...] = ()


class Directive(msgspec.Struct, frozen=True, array_like=True):
    """A suppression: `first` to `last` are the lines of `cell` it covers (0, 0 for the whole file)."""

    rules: tuple[str, ...]
    at: Place
    first: int
    last: int
    reason: str = ""


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """All that later passes know of one file. It holds no path: the same bytes have the same facts anywhere.

    `words` are the identifiers in code that was not parsed: it may use anything it names. `mentions` are those that a
    document shows as code, dotted where they are, with ".*" for a module it documents whole and "**" for everything.
    """

    kind: str
    lines: int = 0
    modules: tuple[ModuleFacts, ...] = ()
    cells: tuple[Cell, ...] = ()
    settings: tuple[Setting, ...] = ()
    commands: tuple[Command, ...] = ()
    hits: dict[str, tuple[Hit, ...]] = {}
    directives: tuple[Directive, ...] = ()
    problems: tuple[tuple[str, ProblemKind], ...] = ()
    words: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class Listing(msgspec.Struct, frozen=True):
    """The tree of a repository: the bytes of each file that is its own work, and why other folders are not."""

    sizes: dict[str, int] = {}
    closed: dict[str, str] = {}


class Code(msgspec.Struct, frozen=True):
    """One Python module as text, ready to parse.

    A notebook's code cells are joined, a line of theirs staying a line here; `cells` says which is where. `name` is
    the module's name if a cell writes it to a file, otherwise empty.
    """

    text: str
    name: str = ""
    cells: tuple[Cell, ...] = ()
