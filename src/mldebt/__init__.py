"""Finds, proves and prices the technical debt of machine-learning repositories."""

__version__ = "0.1.0"
