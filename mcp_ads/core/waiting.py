"""Warnings that another step of the same plan may make needless."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Waiting(str):
    """A warning that holds until an object below is on: one of `ids`, or a new one of their `entity`."""

    __slots__ = ("entity", "ids")
    entity: str
    ids: tuple[str, ...]

    def __new__(cls, text: str, entity: str, ids: Iterable[object]) -> Self:
        made = super().__new__(cls, text)
        made.entity, made.ids = entity, tuple(map(str, ids))
        return made
