"""A module of source as a stub: what it offers, without how it does it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .parameters import Parameter

DYNAMIC = ("__getattr__", "__dir__")
"""What finds names at run time, which the stub has in full."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CHECKS = ("field_validator", "model_validator", "field_serializer", "model_serializer")


class SourceChanged(Exception):
    """The source is not as the stubs expect it."""


def bared(tree: ast.Module) -> ast.Module:
    """The module with public names alone, and empty functions."""
    return ast.Module([*_offered(tree.body)], [])


def connector_class(tree: ast.Module) -> ast.ClassDef:
    """The one class of a module whose name ends in Connector. Raises SourceChanged."""
    found = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name.endswith("Connector")]
    if len(found) != 1:
        raise SourceChanged(f"{len(found)} classes whose names end in Connector where one is expected")
    return found[0]


def keywords_of(tree: ast.Module, method: str) -> list[Parameter]:
    """The keywords of a method of the module's connector class. Raises SourceChanged."""
    for one in connector_class(tree).body:
        if isinstance(one, ast.AsyncFunctionDef) and one.name == method:
            given = zip(one.args.kwonlyargs, one.args.kw_defaults, strict=True)
            return [Parameter(arg.arg, _text(arg.annotation), _text(default)) for arg, default in given]
    raise SourceChanged(f"no method {method} in the class")


def entered(tree: ast.Module) -> ast.stmt:
    """What `async with` gives; some IDEs take it for the class that says so, and not for the one entered.

    Raises SourceChanged.
    """
    for one in connector_class(tree).body:
        if isinstance(one, FUNCTIONS) and one.name == "__aenter__" and _text(one.returns) == "Self":
            return one
    raise SourceChanged("no method __aenter__ -> Self in the class")


def _text(node: ast.expr | None) -> str:
    return ast.unparse(node) if node else ""


def _offered(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    overloaded = {one.name for one in body if isinstance(one, FUNCTIONS) and _is_overload(one)}
    for at, one in enumerate(body):
        if isinstance(one, ast.If) and _text(one.test).endswith("TYPE_CHECKING"):
            yield from _offered(one.body)
        elif isinstance(one, ast.ClassDef):
            yield _class(one)
        elif isinstance(one, FUNCTIONS):
            if not _hidden(one) and (one.name not in overloaded or _is_overload(one)):
                yield _emptied(one)
        elif isinstance(one, ast.Assign | ast.AnnAssign):
            if not _private(one):
                yield one
        elif isinstance(one, ast.Import | ast.ImportFrom) or (at == 0 and isinstance(one, ast.Expr)):
            yield one


def _class(given: ast.ClassDef) -> ast.ClassDef:
    given.body = [*_offered(given.body)] or [ast.Expr(ast.Constant(...))]
    return given


def _emptied(given: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    """The function without what it does; one that yields is called, and not awaited."""
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(given))
    said = given.body[:1] if ast.get_docstring(given) else []
    given.body = [*said, ast.Expr(ast.Constant(...))]
    if yields and isinstance(given, ast.AsyncFunctionDef):
        plain = ast.FunctionDef.__new__(ast.FunctionDef)
        plain.__dict__.update(vars(given))
        return plain
    return given


def _is_overload(one: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(_text(decorator) == "overload" for decorator in one.decorator_list)


def _hidden(one: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is of no use to a caller, or finds what the stub writes out."""
    inner = one.name.startswith("_") and not one.name.endswith("__")
    checks = any(word in _text(decorator) for decorator in one.decorator_list for word in CHECKS)
    return inner or checks or one.name in DYNAMIC


def _private(one: ast.Assign | ast.AnnAssign) -> bool:
    targets = one.targets if isinstance(one, ast.Assign) else [one.target]
    return any(isinstance(target, ast.Name) and target.id.startswith("_") for target in targets)
