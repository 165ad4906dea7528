"""How many events a pixel received, hour by hour."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.inside import pixels
from mcp_ads.connectors.facebook_marketing.types import BUSINESS
from mcp_ads.core import COUNT, GET, TEXT, Column, Context, Entity, Flow, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.gaps import Gap
from mcp_ads.core.owner import Inside

from .about_pixels import OwnColumns, PixelId, PixelsAccount, Since, Until, every_record

Aggregation = Literal[
    "event", "event_total_counts", "event_value_count", "event_source", "event_detection_method",
    "event_processing_results", "device_type", "device_os", "browser_type", "host", "url", "url_by_rule",
    "custom_data_field", "had_pii", "match_keys", "pixel_fire",
]  # fmt: skip
BY_NAME = ("event", "event_total_counts")
"""What counts events by their names."""


def _counted_by(value: Any) -> Any:
    if value == "device":
        raise ValueError("Facebook counts no 'device': give device_type, device_os or browser_type")
    return value


Counting = Annotated[Aggregation, BeforeValidator(_counted_by), Field(description="What is counted.")]


class ListPixelStats(OwnColumns):
    """Count the events a pixel received, a row an hour and event, or whatever `aggregation` counts by.

    `count` is how many, `value` what was counted: the event's name, or the device, host, … A pixel that sends
    nothing has no rows.
    """

    said = "pixel events, events received, is the pixel firing, event volume, server and browser events"

    pixel_id: PixelId
    account_id: PixelsAccount = None
    aggregation: Counting = "event"
    start_time: Since = None
    end_time: Until = None
    event: Annotated[str | None, Field(description="Only this event, such as Purchase.")] = None
    event_source: Annotated[str | None, Field(description="Only those of this source.")] = None
    agent: str | None = None

    http, whose, records, spooled = GET("/{pixel_id}/stats"), BUSINESS, "data", True
    declared = {"start_time": Column("date"), "event": TEXT, "value": TEXT, "count": COUNT}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start_time and self.end_time and self.start_time >= self.end_time:
            raise ValueError("start_time: it has to be before end_time")
        return self

    def columns(self) -> tuple[str, ...]:
        """An event's name is not said twice."""
        by_name = () if self.aggregation in BY_NAME else ("value",)
        return tuple(self.fields or ("start_time", "event", *by_name, "count"))

    def inside(self) -> Iterable[Inside]:
        return (Inside("pixel_id", self.pixel_id, pixels),)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        hours, whole = yield from every_record(self.to_request())
        warnings: list[str] = (
            [] if whole else [Gap(f"only the first {len(hours):,} hours: ask for fewer days")]
        )
        rows = [row for hour in hours for row in counted(hour)]
        if self.event and not rows:
            all_events = self.model_copy(update={"event": None, "aggregation": "event"})
            others, _ = yield from every_record(all_events.to_request())
            came = dict.fromkeys(str(row["event"]) for hour in others for row in counted(hour))
            told = f"those that came are {', '.join(came)}" if came else "no other came either"
            warnings.append(f"event: no {self.event!r} came in this time, and case counts; {told}")
        found = hours if isinstance(self, AsSent) else rows
        return Result(found, {"warnings": warnings} if warnings else {}, columns=self.columns())


def counted(hour: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """A row for each value that was counted in an hour."""
    for counts in hour.get("data") or ():
        value = counts.get("value")
        by_name = value if str(hour.get("aggregation")) in BY_NAME else None
        event = counts.get("event") or by_name
        yield {
            "start_time": hour.get("start_time"),
            "event": event,
            "value": value,
            "count": counts.get("count"),
        }


pixel_stats = Entity(noun="pixel count", list=ListPixelStats)
