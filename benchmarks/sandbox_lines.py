"""The lines a family costs in the sandbox, against those of its declarations and rules."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterable
from pathlib import Path

from .report import Number

PACKAGE = Path(__file__).parents[1] / "mcp_ads"
MOST = 1.5
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip


def code_lines(path: Path) -> int:
    """Lines of code of a file: neither blank, nor a comment, nor a docstring."""
    with path.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.type not in LAYOUT]
    source = path.read_text(encoding="utf-8")
    written = {line for token in tokens[1:] for line in range(token.start[0], token.end[0] + 1)}
    filled = {number for number, line in enumerate(source.splitlines(), 1) if line.strip()}
    return len(written & filled - _docstrings(ast.parse(source)))


def _docstrings(tree: ast.Module) -> set[int]:
    """The lines of texts that stand alone: docstrings, also those below a constant."""
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    alone = [node for node in texts if isinstance(node.value, ast.Constant)]
    return {line for node in alone for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def family(folder: Path) -> tuple[int, int]:
    """Lines of code and bytes of JSON tables of a family."""
    code = sum(code_lines(path) for path in folder.rglob("*.py"))
    return code, sum(path.stat().st_size for path in folder.rglob("*.json"))


def numbers() -> Iterable[Number]:
    """A family's ratio; below each platform what its families have in common, which has no limit."""
    for connector in sorted(path.parent for path in (PACKAGE / "connectors").glob("*/__init__.py")):
        make_believe = PACKAGE / "sandbox" / connector.name
        for folder in sorted(path.parent for path in connector.glob("*/__init__.py")):
            declared, _ = family(folder)
            code, tables = family(make_believe / folder.name)
            detail = f"{code} lines for {declared}" + (f", {tables:,} bytes of JSON" if tables else "")
            yield Number(f"{connector.name}/{folder.name}", code / declared, "x", MOST, detail)
        ours, theirs = (sum(map(code_lines, side.glob("*.py"))) for side in (connector, make_believe))
        yield Number(
            f"  what {connector.name} has in common", theirs / ours, "x", None, f"{theirs} for {ours}"
        )
