"""The rules. One module is one rule: its folder is the category, its file name the rule's name, its docstring the page.

A rule module has `ABOUT` (an About) and `find`, whose one parameter is annotated with what it wants to see:

    def find(module: Module) -> Iterator[Hit]           each parsed module, in the worker; hits have no path
    def find(repository: Repository) -> Iterator[Hit]   the linked facts of the whole repository, once

Nothing is registered: a new file is a new rule.
"""
