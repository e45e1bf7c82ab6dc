"""A parsed module → its facts."""

from __future__ import annotations

import ast

from mldebt.facts.artifacts import traffic
from mldebt.facts.bindings import exports, imports, reads, variables
from mldebt.facts.calls import outside_calls
from mldebt.facts.defaults import defaults
from mldebt.facts.definitions import Owners, definitions
from mldebt.facts.dispatches import dispatches
from mldebt.facts.documented import undocumented
from mldebt.facts.draws import draws
from mldebt.facts.flags import flags
from mldebt.facts.gates import gates
from mldebt.facts.namespaces import handed
from mldebt.facts.options import options
from mldebt.facts.parameters import signatures
from mldebt.facts.receivers import Receivers
from mldebt.facts.restored import restored
from mldebt.facts.retired import retired
from mldebt.facts.settings import finals, loads
from mldebt.facts.shadowed import shadowed
from mldebt.facts.statements import items
from mldebt.facts.syntax import Module
from mldebt.facts.traits import traits
from mldebt.model import ModuleFacts


def module_facts(module: Module) -> ModuleFacts:
    """All facts of one module. Cost: linear in its nodes."""
    owners = Owners(module)
    receivers = Receivers(module)
    read = reads(module)
    void = shadowed(module)

    def owner_of(node: ast.AST) -> int:
        own = owners.at(node)
        return owners.of(module.scope(node)) if own is None else own

    return ModuleFacts(
        name=module.code.name,
        definitions=definitions(module, owners, receivers, void),
        imports=imports(module, owners, read, void),
        variables=variables(module, owners, read, receivers),
        exports=exports(module),
        traits=traits(module),
        draws=draws(module, owner_of),
        items=items(module),
        calls=outside_calls(module),
        defaults=defaults(module),
        options=options(module, owner_of),
        handed=handed(module, receivers),
        flags=flags(module),
        loads=loads(module),
        finals=finals(module),
        gates=gates(module),
        signatures=signatures(module, owners.at),
        retired=retired(module, owner_of),
        traffic=traffic(module, receivers, owner_of),
        dispatches=dispatches(module, owner_of),
        restored=restored(module, owner_of),
        undocumented=undocumented(module, owners),
    )
