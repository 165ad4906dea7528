"""Partial updates by the names of the fields; LinkedIn's own `patch` is understood as the fields in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.core import Action
from mcp_ads.core.validate import our_name, snake
from mcp_ads.core.write import NONE

from .bases import LinkedinWrite
from .types import Object

SET, DELETE = "$set", "$delete"
Patch = Annotated[Object | None, Field(exclude=True, description='{"$set": {…}} is understood too.')]


def unpacked(kind: type[Action], given: Any, parts: Collection[str] = ()) -> Any:
    """Parameters with `patch` as those it stands for, by their names here, so that they are checked alike.

    What it deletes is in `clear`, where the call has that. `parts` are the objects that have a patch of their
    own in it. Raises ValueError.
    """
    if not isinstance(given, dict) or not isinstance(patch := given.get("patch"), dict):
        return given
    removes = "clear" in kind.model_fields
    shape = '{"$set": {…}, "$delete": […]}' if removes else '{"$set": {…}}'
    known = {SET, *parts, *([DELETE] if removes else ())}
    if not patch or patch.keys() - known or not isinstance(patch.get(SET, {}), dict):
        raise ValueError(f"patch: write {shape} or name the fields themselves")
    rest = {name: value for name, value in given.items() if name != "patch"}
    pairs = [
        *patch.get(SET, {}).items(),
        *((name, _part(name, patch[name])) for name in parts if name in patch),
    ]
    pairs += [("clear", patch[DELETE])] if DELETE in patch else []
    for name, value in pairs:
        if why := kind.retired.get(snake(name)):
            raise ValueError(f"patch: {name}: {why}")
        if (ours := our_name(kind, name)) in ("account_id", "patch", kind.subject):
            raise ValueError(f"patch: {name}: that says what is changed, which stands beside the patch")
        if ours in rest:
            raise ValueError(f"patch: {ours} is given twice")
        rest[ours] = value
    return rest


def _part(name: str, patch: Any) -> dict[str, Any]:
    """What the patch of an object sets in it, and "none" for what it deletes. Raises ValueError."""
    if not isinstance(patch, dict) or not patch or patch.keys() - {SET, DELETE}:
        raise ValueError(f'patch.{name}: write {{"$set": {{…}}, "$delete": […]}}')
    new, gone = patch.get(SET, {}), patch.get(DELETE, [])
    if not isinstance(new, dict) or not isinstance(gone, list) or new.keys() & {*map(str, gone)}:
        raise ValueError(f'patch.{name}: "$set" is an object, "$delete" a list of other fields')
    return {**new, **dict.fromkeys(map(str, gone), NONE)}


class Patched(LinkedinWrite):
    """Changes what is named and nothing else."""

    patch: Patch = None

    def to_body(self) -> Mapping[str, Any]:
        return {"patch": {"$set": self.sent()}}

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        return unpacked(cls, given)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.sent():
            named = (
                name for name in type(self).model_fields if name not in ("account_id", "patch", self.subject)
            )
            raise ValueError(f"nothing to change: give {', '.join(named)}")
        return self
