"""Custom audiences: customer lists, lookalikes, and whoever did something on a site, in an app or a video."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphGet,
    GraphRead,
    GraphWrite,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Column, Context, Entity, Flow, Part, Result, dig
from mcp_ads.core.private import Private, PrivateRows

from . import people, rules

COUNTS = ("approximate_count_lower_bound", "approximate_count_upper_bound")
LEAN = ("id", "name", "subtype", *COUNTS)
MORE = (
    *LEAN, "description", "delivery_status", "operation_status", "customer_file_source", "retention_days",
    "lookalike_spec", "time_created", "time_updated",
)  # fmt: skip
PAGES = replace(CURSOR, most=100)
"""Facebook answers larger pages of audiences with an error."""
MOST_ROWS = 10_000
"""People in one request."""
MOST_PEOPLE = 10 * MOST_ROWS
MOST_SESSION = 2**53 - 1
Source = Literal["USER_PROVIDED_ONLY", "PARTNER_PROVIDED_ONLY", "BOTH_USER_AND_PARTNER_PROVIDED"]


class AudienceRead(GraphRead):
    """Counts are rounded and overlap, so that they never add up; times are Unix seconds."""

    node = "CustomAudience"

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(COUNTS, Column("number"))


class ListCustomAudiences(AudienceRead):
    """List the custom audiences of one ad account. A count of -1 is not known."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/customaudiences")
    pages, records, lean = PAGES, "data", LEAN


class GetCustomAudience(AudienceRead, GraphGet):
    """Read one custom audience, or several with a list of ids.

    delivery_status 200 is ready, 300 too small; operation_status 441 is being filled, 471 flagged.
    """

    audience_id: ObjectId

    http = GET("/{audience_id}")
    subject, lean, aliases = "audience_id", MORE, {"custom_audience_id": "audience_id"}


class CreateCustomAudience(GraphWrite):
    """Create a custom audience: an empty customer list, a lookalike, or one of a rule."""

    account_id: AdAccountId
    name: Annotated[str, Field(min_length=1, examples=["Customers 2026"])]
    subtype: Annotated[
        Literal["CUSTOM", "LOOKALIKE"] | None,
        Field(description="CUSTOM is a customer list. Leave it out when there is a rule."),
    ] = None
    customer_file_source: Annotated[
        Source | None, Field(description="Where the people of a customer list come from.")
    ] = None
    description: str | None = None
    origin_audience_id: Annotated[
        ObjectId | None, Field(description="The seed of a lookalike: 100 people or more.")
    ] = None
    lookalike_spec: Annotated[
        Object | None, Field(description='{"country": "US", "ratio": 0.01}, the 1 % most alike.')
    ] = None
    rule: Annotated[Object | None, Field(description="Facebook's audience rule, by pixel, app, page, …")] = (
        None
    )
    retention_days: Annotated[int | None, Field(ge=1, le=180, description="How long people stay.")] = None
    prefill: Annotated[bool | None, Field(description="Whether those of before count.")] = None
    opt_out_link: str | None = None

    http, does = POST("/act_{account_id}/customaudiences"), "makes"
    sample = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        mistakes = [
            *rules.kind(self.sent()),
            *(rules.lookalike(self.lookalike_spec) if self.lookalike_spec else ()),
            *(rules.audience_rule(self.rule) if self.rule is not None else ()),
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "time_created"]}


class AddUsers(GraphWrite):
    """Add people to a customer list. They are hashed here; Facebook takes up to a day to match them."""

    audience_id: ObjectId
    users: Annotated[
        PrivateRows,
        Private(people.hashed, MOST_PEOPLE),
        Field(
            alias="payload",
            examples=[[{"email": "mary@example.com", "phone": "+1 555 010 0199"}]],
            description="A list of {email, phone, fn, ln, zip, country, madid, extern_id}, at most 100,000; "
            "or a .csv file inside MCP_ADS_FILES with such a first line; {schema, data} is understood too.",
        ),
    ]
    session_id: Annotated[
        int | None, Field(ge=1, alias="session", description="Facebook's number of the upload.")
    ] = None

    http, subject, does, private = POST("/{audience_id}/users"), "audience_id", "acts", True
    aliases = {"custom_audience_id": "audience_id", "data": "users"}
    watch, moving = ("name", "subtype", "operation_status"), ("operation_status",)

    def outline(self) -> tuple[Part, ...]:
        return tuple(self._batch(at) for at in range(0, self.users.rows, MOST_ROWS))

    def _batch(self, first: int) -> Part:
        """The request for the rows from one on; Facebook counts those of the whole upload."""
        count = self.users.rows
        last = min(first + MOST_ROWS, count)
        session = {
            "session_id": self.session_id,
            "batch_seq": first // MOST_ROWS + 1,
            "last_batch_flag": last == count,
            "estimated_num_total": count,
        }
        rows = self.users if count <= MOST_ROWS else self.users.part(first, last)
        payload = {"schema": self.users.columns, "is_raw": True, "data": rows}
        request = replace(self.to_request(), body={"session": session, "payload": payload})
        return Part(
            request, f"people {first + 1:,} to {last:,}", ("audience_id", "session_id", "num_received")
        )

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer: Any = None
        for part in self.outline():
            answer = yield part.request
        return Result(answer)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With a number for the upload, which no other of the ad account has."""
        call = super().settled(context, live)
        number = self.session_id or secrets.randbelow(MOST_SESSION) + 1
        return call.model_copy(update={"session_id": number})

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        count = self.users.rows
        who = "person" if count == 1 else "people"
        return f"adds {count:,} {who} by {', '.join(self.users.columns).lower()}: {people.told(self.users)}"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if live.get("subtype") != "CUSTOM":
            return "people are added to customer lists only, which are of subtype CUSTOM"
        flagged = dig(live, "operation_status.code") == rules.FLAGGED
        return (
            "Facebook has flagged it and takes nobody: its content may violate the terms" if flagged else ""
        )

    def doubt(self, answer: Any) -> str:
        """The answer names the audience and the upload, and how many rows of it have come."""
        if not isinstance(answer, dict) or str(answer.get("audience_id")) != self.audience_id:
            return "it does not name the audience"
        if str(answer.get("session_id")) != str(self.session_id):
            return "it names another upload"
        come = answer.get("num_received")
        return (
            "" if come == self.users.rows else f"it says that {come or 0} of {self.users.rows} rows have come"
        )

    def remark(self, answer: Any) -> str:
        wrong, come = answer.get("num_invalid_entries"), f"Facebook has received {self.users.rows:,}"
        if not isinstance(wrong, int):
            return f"{come}, and does not say whether it could not use some"
        return (
            f"{come}; Facebook could not use {wrong:,} of them" if wrong > 0 else f"{come}, none badly hashed"
        )


custom_audiences = Entity(
    noun="audience",
    list=ListCustomAudiences,
    get=GetCustomAudience,
    create=CreateCustomAudience,
    add_users=AddUsers,
)
