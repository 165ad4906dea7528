"""Partial updates by the names of the fields; LinkedIn's own `patch` is understood as the fields in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from .bases import LinkedinWrite
from .types import Object


class Patched(LinkedinWrite):
    """Changes what is named and nothing else."""

    patch: Annotated[Object | None, Field(exclude=True, description='{"$set": {…}} is understood too.')] = (
        None
    )

    def to_body(self) -> Mapping[str, Any]:
        return {"patch": {"$set": self.sent()}}

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        """`patch` as the parameters it stands for, checked like theirs."""
        if not isinstance(given, dict) or not isinstance(patch := given.get("patch"), dict):
            return given
        if patch.keys() != {"$set"} or not isinstance(new := patch["$set"], dict):
            raise ValueError('patch: write {"$set": {…}} or name the fields themselves')
        rest = {name: value for name, value in given.items() if name != "patch"}
        if twice := sorted(rest.keys() & new.keys()):
            raise ValueError(f"patch: {', '.join(twice)} is given twice")
        return rest | new

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.sent():
            named = (
                name for name in type(self).model_fields if name not in ("account_id", "patch", self.subject)
            )
            raise ValueError(f"nothing to change: give {', '.join(named)}")
        return self
