"""What LinkedIn's reads share: lists that narrow them, search records, several objects in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from mcp_ads.core import Context, Flow, Request, Result
from mcp_ads.core.record_fields import KnownRead

from .dialect import batch_get, error_of, item_error
from .types import Linkedin


class LinkedinRead(Linkedin, KnownRead):
    """A read whose lists narrow it: an empty one would not, to LinkedIn, so it is refused."""

    @field_validator("*", mode="before")
    @classmethod
    def _values(cls, value: Any, info: ValidationInfo) -> Any:
        """LinkedIn's own {"values": […]} is a list too."""
        only = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(only, dict) and "values" in only:
            if only.keys() != {"values"} or not isinstance(only["values"], list):
                raise ValueError('write a list, such as ["…"], or {"values": ["…"]}')
            value = only["values"]
        if value == [] and info.field_name != "fields":
            raise ValueError("an empty list filters nothing; leave it out, or name what is wanted")
        return value


class Search(LinkedinRead):
    """A finder whose parameters are filters of one search record."""

    q: Literal["search"] = "search"

    apart: ClassVar[tuple[str, ...]] = ("q", "sortOrder")

    def to_query(self) -> Mapping[str, Any]:
        given = self.sent()
        search = {
            n: {"values": v} if isinstance(v, list) else v for n, v in given.items() if n not in self.apart
        }
        return {"q": self.q, **({"search": search} if search else {}), **_only(given, "sortOrder")}


class Get(LinkedinRead):
    """Reads one object, or several at once by a list of ids."""

    many: ClassVar[bool] = True

    def to_request(self) -> Request:
        ids = getattr(self, self.subject)
        if isinstance(ids, list):
            return batch_get(self.http.path.rpartition("/")[0].format_map(vars(self)), ids)
        return super().to_request()

    def flow(self, context: Context) -> Flow:
        answer, ids = (yield self.to_request()), getattr(self, self.subject)
        if not isinstance(ids, list):
            return Result(self.to_row(answer, context.account))
        found, failed = answer.get("results") or {}, answer.get("errors") or {}
        if not found:
            error: Mapping[str, Any] = next(iter(failed.values()), {})
            raise error_of(error, int(error.get("status") or 404))
        rows = [self.to_row(found[each], context.account) for each in ids if each in found]
        lost = [(at, each) for at, each in enumerate(ids) if each not in found]
        return Result(
            rows, {"rows": len(rows)}, [item_error(at, failed.get(each) or {}) for at, each in lost]
        )


def _only(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
