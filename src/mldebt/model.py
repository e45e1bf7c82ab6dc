"""The values that travel through a scan, from a file's facts to the report.

All of them are frozen and hold plain data, so that they can be cached, sent to another process and compared.
Lines, columns and cells count from 1; columns are code points. In a notebook `cell` counts all cells and `line` is
the cell's own; elsewhere `cell` is None. A path is relative to the repository's root, with `/`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Category = Literal["data", "code", "complexity", "feedback", "operations"]
Family = Literal["dead-code", "clones", "missing-abstractions", "complexity", "ml", "notebooks", "artifacts"]
Severity = Literal["low", "medium", "high"]
Status = Literal["present", "partial", "missing", "not-applicable"]
ProblemKind = Literal["unreadable", "unparsable", "too-large", "crashed", "timeout"]

CATEGORIES: tuple[Category, ...] = ("data", "code", "complexity", "feedback", "operations")


class Place(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A stretch of one file, `line` to `end_line` inclusive, inside one cell if the file is a notebook."""

    line: int
    end_line: int
    column: int = 1
    cell: int | None = None


class Related(msgspec.Struct, frozen=True, array_like=True):
    """A second place a hit speaks of; an empty path is the path of the hit. `parts` as in Hit."""

    at: Place
    note: str = ""
    path: str = ""
    symbol: str | None = None
    kind: str | None = None
    parts: tuple[Place, ...] = ()


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """What a rule says. It does not name its rule: the runner stamps it.

    `path` is empty for a hit of a per-file rule. `identity` is the text that still is the same when the code moves
    or is wrapped anew; left empty, the runner takes the code that begins and ends there. `scope` is the enclosing
    definition (filled in by the runner for per-file rules). `units` is what the rule's price is multiplied with.
    `parts` lists the stretches of a place that runs over several cells. `removes` names what a removal
    has to take away for the hit to hold (see proof/removal.py).
    """

    at: Place
    says: str
    path: str = ""
    kind: str = ""
    symbol: str | None = None
    see: tuple[Related, ...] = ()
    confidence: float = 1.0
    units: float = 0.0
    scope: str = ""
    identity: str = ""
    parts: tuple[Place, ...] = ()
    removes: Removal | None = None


class Removal(msgspec.Struct, frozen=True, array_like=True):
    """Code whose absence must leave a module whole.

    `kind` is function, class, method, import, variable, attribute (`name` is "Class.attribute"), unreachable, module or
    commented_code. The last three are the lines of `at`; the others are found by name where `at` begins. `also` goes in
    the same pass if nothing else needs it: what is dead because of it, in the same file. `keeps` are imported names that
    other modules take from this one: their imports stay even if nothing here reads them any more. `certain` is False if
    something outside the file may notice, so that its patch is not safe.
    """

    kind: str
    name: str
    at: Place
    also: tuple[Removal, ...] = ()
    keeps: tuple[str, ...] = ()
    certain: bool = True


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

    `kind` is code, markdown or raw, or broken if it is code that does not parse; `shown` tells whether it has outputs.
    """

    number: int
    kind: str
    first: int
    lines: int
    execution: int | None = None
    tags: tuple[str, ...] = ()
    shown: bool = False


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
    `mentioned` if a string of its module says the name.
    """

    name: str
    flag: str
    kind: str
    at: Place
    owner: int = 0
    mentioned: bool = False


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


class ModuleFacts(msgspec.Struct, frozen=True, array_like=True):
    """What one Python module says: a `.py` file, a notebook's code cells, or a cell that writes a module.

    `name` is empty but for a module written by a cell. `exports` is `__all__` if it is a plain list. `traits` are
    observations on the whole: "main-guard", "top-level-work", "dynamic-lookup", "imports-modules-by-name", ...
    `items` are the clone items, packed (facts/statements.py). `handed` says who takes the options as a whole
    (facts/namespaces.py), `loads` which calls load a configuration, `finals` which keys are read to the end
    (facts/settings.py).
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


class Directive(msgspec.Struct, frozen=True, array_like=True):
    """A suppression: `first` to `last` are the lines of `cell` it covers (0, 0 for the whole file)."""

    rules: tuple[str, ...]
    at: Place
    first: int
    last: int
    reason: str = ""


class Problem(msgspec.Struct, frozen=True):
    """What kept us from looking at something. It is shown and counted, and never lowers a grade."""

    path: str
    what: str
    kind: ProblemKind


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


class Fix(msgspec.Struct, frozen=True):
    """A patch: a unified diff against the file of the finding; `safe` if applying it cannot change what runs."""

    safe: bool
    diff: str


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place with its path; a related one also has a note, a symbol and a kind."""

    path: str
    line: int
    end_line: int
    column: int
    cell: int | None
    note: str = ""
    symbol: str | None = None
    kind: str | None = None
    parts: tuple[Place, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """A hit that was judged. Minutes are the price of paying the debt off once; `removes` as in Hit."""

    rule: str
    family: Family
    category: Category
    kind: str
    severity: Severity
    confidence: float
    minutes: int
    at: Span
    symbol: str | None
    says: str
    see: tuple[Span, ...]
    fingerprint: str
    standing: Literal["new", "kept", "fixed"] = "new"
    fix: Fix | None = None
    removes: Removal | None = None


class Evidence(msgspec.Struct, frozen=True):
    """One piece of evidence for a practice; `line` is 0 for a whole file, `path` empty for the whole tree."""

    path: str
    line: int
    tool: str
    strength: str
    note: str


class Circumstance(msgspec.Struct, frozen=True):
    """A fact on a repository that decides which practices are asked of it; `holds` is None if only its owner knows.

    Of "kind", `value` names it. `line` is 0 for a whole file.
    """

    name: str
    holds: bool | None
    why: str
    path: str = ""
    line: int = 0
    value: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What is known of a practice, why, and what proves it, the strongest first.

    `status` is what was found; `said` what the settings say of it, with the reason given there. `weight` and `tier` are
    the catalogue's, `next` the cheapest step where something is wanting.
    """

    practice: str
    category: Category
    status: Status
    why: str
    evidence: tuple[Evidence, ...]
    weight: int = 1
    tier: str = "core"
    next: str = ""
    said: str = ""


class Listing(msgspec.Struct, frozen=True):
    """The tree of a repository: the bytes of each file that is its own work, and why other folders are not."""

    sizes: dict[str, int] = {}
    closed: dict[str, str] = {}


class CategoryScore(msgspec.Struct, frozen=True):
    """A category's two numbers, 0 to 1, and their mean: None where there is nothing to go by.

    `coverage` is the weighted share of its applicable practices that are there, a partial one counting half; `debt` the
    share of reference repositories that have less of it. `asked` counts the applicable practices.
    """

    grade: str | None
    minutes: int
    coverage: float | None
    debt: float | None
    health: float | None
    asked: int


class Score(msgspec.Struct, frozen=True):
    """The letter, the worst and the best it may be given the error of the detector, and the minutes to pay back."""

    grade: str | None
    between: tuple[str, str] | None
    minutes: int
    categories: dict[Category, CategoryScore]


class FileCounts(msgspec.Struct, frozen=True):
    """How many files of each kind were read, and their lines (code and configuration together)."""

    python: int
    notebook: int
    config: int
    lines: int


class Report(msgspec.Struct, frozen=True):
    """The outcome of a scan. Everything printed or written is a function of this value."""

    commit: str | None
    base: str | None
    files: FileCounts
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    practices: tuple[Outcome, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    score: Score | None = None


class Code(msgspec.Struct, frozen=True):
    """One Python module as text, ready to parse.

    A notebook's code cells are joined, a line of theirs staying a line here; `cells` says which is where. `name` is
    the module's name if a cell writes it to a file, otherwise empty.
    """

    text: str
    name: str = ""
    cells: tuple[Cell, ...] = ()
