"""The people of a customer list, added and removed: hashed here, sent in batches of one upload."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import GraphWrite, ObjectId
from mcp_ads.core import DELETE, POST, Context, Flow, Part, Result, dig
from mcp_ads.core.private import Private, PrivateRows

from . import people, rules

MOST_ROWS = 10_000
"""People in one request."""
MOST_PEOPLE = 10 * MOST_ROWS
MOST_SESSION = 2**53 - 1
THROUGH_THE_MODEL = (
    "these rows stood in the call, so the model and whoever runs it have seen them; a .csv file inside "
    "MCP_ADS_FILES is read here and by nobody else"
)


class UsersWrite(GraphWrite):
    """What adding people and removing them share: the same keys, the same hashing, the same protocol.

    Facebook's answer has audience_id, session_id, num_received and num_invalid_entries (Meta's docs, Custom
    Audience users).
    """

    audience_id: ObjectId
    users: Annotated[
        PrivateRows,
        Private(people.hashed, MOST_PEOPLE, "mapping", refuses=people.refuses),
        Field(
            alias="payload",
            examples=[[{"email": "mary@example.com", "phone": "+1 555 010 0199"}]],
            description="A .csv file inside MCP_ADS_FILES, or a list of {email, phone, fn, ln, zip, country, "
            "madid, extern_id, …}, at most 100,000; {schema, data} is understood too.",
        ),
    ]
    mapping: Annotated[
        dict[str, str] | None,
        Field(
            exclude=True,
            description='What columns of the table are: {"Email Address": "email"}; others stay here.',
        ),
    ] = None
    page_ids: Annotated[
        list[ObjectId] | None,
        Field(exclude=True, max_length=1, description="The page whose users a column pageuid names."),
    ] = None
    session_id: Annotated[
        int | None, Field(ge=1, alias="session", description="Facebook's number of the upload.")
    ] = None

    subject, does, private = "audience_id", "acts", True
    aliases = {"custom_audience_id": "audience_id", "data": "users"}
    watch, moving = ("name", "subtype", "operation_status", "is_value_based"), ("operation_status",)
    once = ("session_id",)
    verb: ClassVar[str] = ""
    back: ClassVar[str] = ""

    @model_validator(mode="after")
    def _columns_are_whole(self) -> Self:
        if self.mapping is not None:
            raise ValueError("mapping: it goes with rows or a table of people")
        if ("PAGEUID" in self.users.columns) != bool(self.page_ids):
            raise ValueError("page_ids: the page, if and only if there is a column pageuid")
        return self

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
        payload: dict[str, Any] = {"schema": self.users.columns, "is_raw": True, "data": rows}
        if self.page_ids:
            payload["page_ids"] = self.page_ids
        request = replace(self.to_request(), body={"session": session, "payload": payload})
        return Part(
            request, f"people {first + 1:,} to {last:,}", ("audience_id", "session_id", "num_received")
        )

    def part_done(self, requests: int) -> Mapping[str, Any]:
        return {"users": dict(self.users.part(0, requests * MOST_ROWS))}

    def to_query(self) -> Mapping[str, Any]:
        return {}

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
        keys = ", ".join(self.users.columns).lower()
        return f"{self.verb} {count:,} {who} by {keys}: {people.told(self.users)}"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        if self.users.get("inline"):
            yield THROUGH_THE_MODEL
        yield f"an undo {self.back} all of them, whether or not they were in it before"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        kept = live.get("subtype") == "CUSTOM"
        only = "people are added to and removed from customer lists only, which are of subtype CUSTOM"
        return "" if kept else only

    def doubt(self, answer: Any) -> str:
        """The answer names the audience and the upload, and how many rows of it have come."""
        if not isinstance(answer, dict) or str(answer.get("audience_id")) != self.audience_id:
            return "it does not name the audience"
        if str(answer.get("session_id")) != str(self.session_id):
            return "it names another upload"
        come = str(answer.get("num_received") or 0)
        return (
            "" if come == str(self.users.rows) else f"it says that {come} of {self.users.rows} rows have come"
        )

    def remark(self, answer: Any) -> str:
        said, come = answer.get("num_invalid_entries"), f"Facebook has received {self.users.rows:,}"
        if isinstance(said, bool) or not str(said).isdecimal():
            return f"{come}, and does not say whether it could not use some"
        wrong = int(said)
        return (
            f"{come}; Facebook could not use {wrong:,} of them" if wrong > 0 else f"{come}, none badly hashed"
        )


class AddUsers(UsersWrite):
    """Add people to a customer list. They are hashed here; Facebook takes up to a day to match them."""

    http, undone_by = POST("/{audience_id}/users"), "remove_users"
    verb, back = "adds", "removes"

    def flow(self, context: Context) -> Flow:
        yield from rules.terms_accepted(context)
        return (yield from super().flow(context))

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        worth, value_based = "LOOKALIKE_VALUE" in self.users.columns, live.get("is_value_based")
        if worth and value_based is False:
            yield "the audience is not value-based: Facebook has no use for lookalike_value"
        if value_based and not worth:
            yield "the audience is value-based, and nobody has a lookalike_value"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        flagged = dig(live, "operation_status.code") == rules.FLAGGED
        return super().obstacle(live) or (
            "Facebook has flagged it and takes nobody: its content may violate the terms" if flagged else ""
        )


class RemoveUsers(UsersWrite):
    """Remove people from a customer list: by the same keys, hashed here; nobody else is touched."""

    http, undone_by = DELETE("/{audience_id}/users"), "add_users"
    verb, back = "removes", "adds"
