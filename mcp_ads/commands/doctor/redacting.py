"""What a report may say of an answer: the platform's own words for things, and nothing of the user's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NAME = re.compile(r"[A-Za-z_](?:[A-Za-z_.]|\d{1,3}(?!\d)){0,60}", re.ASCII)
"""How platforms name fields; a longer number in it is an id."""
CODE = re.compile(r"(?:[A-Za-z_./-]|\d{1,8}(?!\d)){1,60}", re.ASCII)
OTHER = "(other)"
MOST_COLUMNS = 40
CLASSES = ((1, "< 1 s"), (5, "< 5 s"), (30, "< 30 s"))
KINDS = {bool: "true|false", int: "number", float: "number", str: "text", type(None): "none"}


def columns(row: Any) -> list[str]:
    """Names of a row's fields with the kind of value each has; never a value, and no name inside one."""
    if not isinstance(row, Mapping):
        return []
    found = dict.fromkeys(f"{_name(name)}:{_kind(value)}" for name, value in row.items())
    shown = list(found)[:MOST_COLUMNS]
    return [*shown, f"… {len(found) - MOST_COLUMNS} more"] if len(found) > MOST_COLUMNS else shown


def _name(name: object) -> str:
    text = str(name)
    return text if NAME.fullmatch(text) else OTHER


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "object"
    return "list" if isinstance(value, list | tuple) else KINDS.get(type(value), "number")


def code(text: str) -> str:
    """A platform's code, if it can be nothing else."""
    return (text if CODE.fullmatch(text) else OTHER) if text else ""


def duration(seconds: float) -> str:
    """How long something took, as a class: exact times tell machines apart."""
    return next((name for most, name in CLASSES if seconds < most), ">= 30 s")
