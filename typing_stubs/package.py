"""All stubs of the package."""

from __future__ import annotations

import ast
from pathlib import Path

from mcp_ads.across import offer
from mcp_ads.core import Connector

from .calls import classes, members
from .modules import bared, connector_class, entered, keywords_of

FOLDER = "mcp_ads/sdk/classes"
BASE = f"{FOLDER}/base"
MODULES = {
    "facebook-marketing": f"{FOLDER}/facebook_marketing",
    "linkedin-ads": f"{FOLDER}/linkedin_ads",
    "amazon-ads": f"{FOLDER}/amazon_ads",
}
"""Where the class of each connector is."""
IMPORTS = """
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal, Self, overload
from mcp_ads.core.recipe import Report
from mcp_ads.sdk.record import ExecuteResult, Record
"""


def texts(root: Path) -> dict[str, str]:
    """The stubs by their paths in the package, of the source below `root`.

    Raises SourceChanged, OSError, SyntaxError, TypeError.
    """
    base = _parsed(root, BASE)
    keywords, enter = keywords_of(base, "execute"), entered(bared(base))
    found = {f"{BASE}.pyi": f"{ast.unparse(bared(base))}\n"}
    for slug, path in MODULES.items():
        connector, tree = offer(slug), bared(_parsed(root, path))
        assert isinstance(connector, Connector)
        connector_class(tree).body += [enter, *ast.parse(members(connector)).body]
        future, rest = _apart(tree)
        whole = f"{future}\n{IMPORTS}\n{classes(connector, keywords)}\n\n{rest}\n"
        ast.parse(whole)
        found[f"{path}.pyi"] = whole
    return found


def _parsed(root: Path, path: str) -> ast.Module:
    return ast.parse((root / f"{path}.py").read_text("utf-8"))


def _apart(tree: ast.Module) -> tuple[str, str]:
    """What a file begins with, and the rest."""
    first = [one for one in tree.body if isinstance(one, ast.Expr) or _is_future(one)]
    rest = [one for one in tree.body if one not in first]
    return ast.unparse(ast.Module(first, [])), ast.unparse(ast.Module(rest, []))


def _is_future(one: ast.stmt) -> bool:
    return isinstance(one, ast.ImportFrom) and one.module == "__future__"
