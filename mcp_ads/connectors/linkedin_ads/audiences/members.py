"""Members of a segment, added and removed: hashed here, sent in batches with a verdict for each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import METHOD
from mcp_ads.core import POST, Context, Flow, Part, Result, Wait, dig
from mcp_ads.errors import PartlyDone

from . import people, rules
from .people import Members, PrivateAdded, PrivateRemoved

MOST_ROWS = 5_000
"""Elements of one request."""
MOST_MEMBERS = 20 * MOST_ROWS
SETTLING = 5.0
"""Seconds after which a new segment takes members; what comes before is lost without a word."""
WHO = (
    "A .csv file inside MCP_ADS_FILES, or a list of {email} or {google_aid} of people, or of {company, "
    "domain, organization} of companies, at most 100,000."
)
THROUGH_THE_MODEL = (
    "these rows stood in the call, so the model and whoever runs it have seen them; a .csv file inside "
    "MCP_ADS_FILES is read here and by nobody else"
)
Mapped = Annotated[
    dict[str, str] | None,
    Field(exclude=True, description='What columns of the table are: {"E-Mail": "email"}; others stay here.'),
]
MARKS = {
    "most": MOST_MEMBERS, "mapping": "mapping", "refuses": people.refuses, "suggests": people.suggested,
}  # fmt: skip
EXAMPLES = [[{"email": "mary@example.com"}]]


class MembersWrite(LinkedinWrite):
    """What adding and removing share: the same keys, the same hashing, the same batches."""

    segment_id: rules.SegmentId
    mapping: Mapped = None

    http = POST("/dmpSegments/{segment_id}/users", **{METHOD: "BATCH_CREATE"})
    subject, does, private = "segment_id", "acts", True
    aliases = {"id": "segment_id", "users": "members", "companies": "members"}
    watch, moving = ("name", "type", "status"), ("status",)
    verb: ClassVar[str] = ""
    back: ClassVar[str] = ""
    settles: ClassVar[bool] = False
    """Whether it may come too early for a segment that was just made."""

    @property
    def rows(self) -> Members:
        """The members, as they are kept."""
        found: Members = self.members  # type: ignore[attr-defined]
        return found

    @model_validator(mode="after")
    def _is_one_table(self) -> Self:
        if self.mapping is not None:
            raise ValueError("mapping: it goes with rows or a table of members")
        if people.mixed(self.rows.columns):
            raise ValueError(
                "members: people and companies go to segments of their own; a mapping of the columns of the "
                "one leaves the other out"
            )
        return self

    def to_path(self) -> str:
        return f"/dmpSegments/{self.segment_id}/{'companies' if self.rows.companies else 'users'}"

    def outline(self) -> tuple[Part, ...]:
        return tuple(self._batch(at) for at in range(0, self.rows.rows, MOST_ROWS))

    def _batch(self, first: int) -> Part:
        count = self.rows.rows
        last = min(first + MOST_ROWS, count)
        rows = self.rows if count <= MOST_ROWS else self.rows.part(first, last)
        return Part(replace(self.to_request(), body={"elements": rows}), f"members {first + 1:,} to {last:,}")

    def part_done(self, requests: int) -> Mapping[str, Any]:
        return {"members": dict(self.rows.part(0, requests * MOST_ROWS))}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        if self.settles:
            yield Wait(SETTLING)
        refused = list[str]()
        for part in self.outline():
            try:
                yield part.request
            except PartlyDone as some:
                refused.append(f"{part.line}: {some}")
        return Result({"rows": self.rows.rows, "refused": refused})

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        one, many = ("company", "companies") if self.rows.companies else ("person", "people")
        count = self.rows.rows
        return f"{self.verb} {count:,} {one if count == 1 else many}: {self.rows.counted()}"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        if self.rows.get("inline") and not self.rows.companies:
            yield THROUGH_THE_MODEL
        yield f"LinkedIn matches within 48 hours; below {rules.FEWEST} matched members nothing is served"
        yield f"an undo {self.back} all of them, whether or not they were in it before"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return rules.closed(live, companies=self.rows.companies)

    def doubt(self, answer: Any) -> str:
        """Each request is believed by its own answer, which has a verdict for each of its members."""
        return "" if dig(answer, "rows") == self.rows.rows else "it does not say what became of each"

    def remark(self, answer: Any) -> str:
        return "; ".join(dig(answer, "refused")) or f"LinkedIn has taken all {self.rows.rows:,}"


class AddMembers(MembersWrite):
    """Add people by e-mail, or companies, to a segment. Addresses are hashed here.

    A segment of type USER takes people, one of type COMPANY companies. Matching takes up to 48 hours.
    """

    members: Annotated[
        people.Added, PrivateAdded(people.hashed, **MARKS), Field(examples=EXAMPLES, description=WHO)
    ]

    undone_by, verb, back, settles = "remove_members", "adds", "removes", True
    said = "upload a contact list, customer list, email list, company list, csv, crm, account based marketing"


class RemoveMembers(MembersWrite):
    """Remove people or companies from a segment by the same keys, hashed here; nobody else is touched."""

    members: Annotated[
        people.Removed, PrivateRemoved(people.hashed, **MARKS), Field(examples=EXAMPLES, description=WHO)
    ]

    undone_by, verb, back = "add_members", "removes", "adds"
