"""How many people a targeting object reaches: bounds, which Facebook rounds."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Object
from mcp_ads.core import Column, Context, Flow, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.errors import PlatformDown

from . import rules

UNKNOWN = -1


class EstimateRead(GraphRead):
    """The answer is one object, which Graph puts into `data` by itself or in a list."""

    account_id: AdAccountId
    targeting_spec: Annotated[
        Object,
        Field(
            examples=[{"geo_locations": {"countries": ["US"]}}],
            description="A targeting object as ad sets have it; it needs a location.",
        ),
    ]

    bounds: ClassVar[tuple[str, ...]] = ()

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        yield from rules.targeting_spec(self.targeting_spec)

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(self.bounds, Column("number"))

    def to_query(self) -> Mapping[str, Any]:
        return self.sent()

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        found: Any = dig((yield self.to_request()), "data")
        record = next(iter(found), None) if isinstance(found, list) else found
        if not isinstance(record, Mapping):
            raise PlatformDown("the answer has no estimate", fix="call again in a minute")
        unknown = [name for name in self.bounds if record.get(name) in (None, UNKNOWN)]
        row = {name: None if name in unknown else record.get(name) for name in self.columns()}
        warnings = [
            f"{name}: Facebook does not say; the audience is too small, or its size is kept back"
            for name in unknown
        ]
        if record.get("estimate_ready") is False:
            warnings.append("the estimate is not ready: call again in a minute")
        shown = dict(record) if isinstance(self, AsSent) else row
        return Result(shown, {"warnings": warnings} if warnings else {}, columns=self.columns())
