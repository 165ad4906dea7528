"""Accounts in conditions as people write them: with their platform before the id, or in its spelling."""

from __future__ import annotations

from collections.abc import Callable

from mcp_ads.core.where_tree import Among, And, Col, Compare, Expr, Leaf, Not, Or, Text

ACCOUNT, PLATFORM = "account", "platform"
Spelled = Callable[[str], list[tuple[str, str]]]
"""What an id may stand for in rows beside itself: the platform, and the id there."""


def understood(expr: Expr, spelled: Spelled, platform: Col | None) -> Expr:
    """The condition, in which an account that is written in another way is also the one that it means.

    `platform` is the column that says of which platform a row is, where rows are of several.
    """
    if isinstance(expr, Not):
        return Not(understood(expr.part, spelled, platform))
    if isinstance(expr, And | Or):
        return type(expr)(tuple(understood(part, spelled, platform) for part in expr.parts))
    words = _words(expr)
    meant = [pair for word in words for pair in spelled(word)] if expr.left.name == ACCOUNT else []
    if not meant:
        return expr
    ids = [Compare(expr.left, "=", Text(word), "text") for word in words]
    either = Or((*ids, *(_is(expr.left, account, platform, place) for place, account in meant)))
    return Not(either) if isinstance(expr, Compare) and expr.sign == "!=" else either


def _words(leaf: Leaf) -> list[str]:
    """The texts that a column is, or is not, one of; none where it is compared in another way."""
    if isinstance(leaf, Among):
        return [value.value for value in leaf.values if isinstance(value, Text)]
    if isinstance(leaf, Compare) and leaf.sign in ("=", "!=") and isinstance(leaf.right, Text):
        return [leaf.right.value]
    return []


def _is(left: Col, account: str, platform: Col | None, place: str) -> Expr:
    same = Compare(left, "=", Text(account), "text")
    return And((Compare(platform, "=", Text(place), "text"), same)) if platform else same
