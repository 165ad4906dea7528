"""Organizations: the LinkedIn Pages that ads are by, and companies that saw them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, METHOD, batch_get
from mcp_ads.connectors.linkedin_ads.every_page import every_page
from mcp_ads.connectors.linkedin_ads.refusals import unread
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import GET, NONE, Account, Context, Entity, Flow, Request, Result, dig, via
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.gaps import Gap
from mcp_ads.core.outline import Steps
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import ApiError

AT_ONCE = 100
_ADDRESS = re.compile(r"(?:https?://)?(?:\w+\.)?linkedin\.com/(?:company|showcase|school)/([^/?#\s]++)\S*")
OrganizationId = Annotated[str, Urn("organization"), Field(examples=["2414183"])]
Word = Annotated[str, StringConstraints(pattern="^[A-Z_]+$")]
LEAN = ("id", "name", "vanityName", "role", "state")
ORGANIZATION = (
    "id", "name", "localizedName", "vanityName", "localizedWebsite", "localizedDescription",
    "primaryOrganizationType", "organizationType", "staffCountRange", "industries", "locations.*",
    "foundedOn.year", "logoV2.*", "coverPhotoV2.*", "defaultLocale.country", "defaultLocale.language",
)  # fmt: skip
OTHER_WORDS = {
    "website": "localizedWebsite",
    "description": "localizedDescription",
    "size": "staffCountRange",
}


class OrganizationRead(LinkedinRead):
    """Rows say `name` for LinkedIn's localizedName."""

    known: ClassVar[tuple[str, ...]] = ORGANIZATION
    alike = OTHER_WORDS

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return {"name": record.get("localizedName"), **super().to_row(record, account)}


class ListOrganizations(OrganizationRead):
    """List the LinkedIn Pages on which the member has a role: those it may make posts and ads for."""

    said = "my pages, company pages, page admin, author of ads, page id, which organization"

    role: Annotated[
        Word | None,
        Field(description="ADMINISTRATOR, CONTENT_ADMINISTRATOR, DIRECT_SPONSORED_CONTENT_POSTER, …"),
    ] = None
    state: Annotated[Word, Field(description="REQUESTED: asked for, and not granted yet.")] = "APPROVED"

    http, whose, records = FINDER("/organizationAcls"), NONE, "data"
    lean, known = LEAN, (*ORGANIZATION, "role", "state")

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "roleAssignee", **self.sent()}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        asked = Request("GET", self.to_path(), self.to_query(), headers=self.to_headers(), private=True)
        roles, whole = yield from every_page(asked)
        known, refused = yield from _known([tail(row.get("organization")) for row in roles])
        rows = [
            {**self.to_row(known.get(tail(row.get("organization"))) or {}, None), **_role(row)}
            for row in roles
        ]
        if isinstance(self, AsSent):
            rows = [*known.values()]
        warnings = [
            *_unread(refused),
            *([] if whole else [Gap(f"only the first {len(roles)} roles were read")]),
        ]
        return Result(rows, {"warnings": warnings} if warnings else {})


class GetOrganization(OrganizationRead):
    """Read one LinkedIn Page that the member administers; lookup has less, and any Page."""

    organization_id: OrganizationId

    http, whose, subject = GET("/organizations/{organization_id}"), via("Page"), "organization_id"
    lean = ("id", "name", "vanityName", "primaryOrganizationType", "staffCountRange", "localizedWebsite")


def _vanity(given: Any) -> str:
    """The name in a Page's address, or by itself. Raises ValueError for other addresses."""
    text = str(given).strip()
    found = _ADDRESS.fullmatch(text)
    if not text or (not found and re.search(r"[/\s]", text)):
        raise ValueError("write the name in the Page's address, linkedin.com/company/<name>")
    return found[1] if found else text


class LookupOrganizations(OrganizationRead):
    """Look up any LinkedIn Pages by ids, or one by the name in its address (linkedin.com/company/…)."""

    said = "company name of an id, page by vanity name, resolve organization urn, find a company"

    ids: Annotated[list[str] | None, Urn("organization", "list"), Field(description="Digits or URNs.")] = None
    vanity_name: Annotated[
        str | None,
        BeforeValidator(_vanity),
        Field(examples=["tern-and-tide"], description="Of its address, or that whole."),
    ] = None

    http, whose, records = GET("/organizationsLookup"), NONE, "data"
    lean, sample = ("id", "name", "vanityName", "primaryOrganizationType"), {"ids": ["2414183"]}

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if (self.ids is None) == (self.vanity_name is None):
            yield "ids: give it or vanity_name, and not both"

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        if self.vanity_name is not None:
            asked = {"q": "vanityName", "vanityName": self.vanity_name}
            answer = yield Request("GET", "/organizations", asked, headers={METHOD: "FINDER"})
            pages = [self.to_row(row, None) for row in records_in(answer, "elements")]
            none = [f"no Page has the name {self.vanity_name} in its address"]
            return Result(pages, {} if pages else {"warnings": none})
        wanted = [tail(id_) for id_ in self.ids or ()]
        known, refused = yield from _known(wanted)
        lost = [id_ for id_ in wanted if id_ not in known and id_ not in refused]
        rows = [self.to_row(known[id_], None) for id_ in wanted if id_ in known]
        warnings = [*_unread(refused), *([f"no Page has the id {', '.join(lost)}"] if lost else [])]
        return Result(rows, {"warnings": warnings} if warnings else {})


def _known(ids: Iterable[str]) -> Steps[tuple[dict[str, dict[str, Any]], dict[str, ApiError]]]:
    """The Pages with these ids, as anybody may see them, and why others were not given, by id."""
    wanted, found, refused = list(dict.fromkeys(ids)), dict[str, dict[str, Any]](), dict[str, ApiError]()
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        answer = yield batch_get("/organizationsLookup", some)
        found |= {str(id_): {"id": id_, **row} for id_, row in (dig(answer, "results") or {}).items()}
        refused |= unread(answer, some)
    return found, refused


def _unread(refused: Mapping[str, ApiError]) -> Iterator[str]:
    """Pages that LinkedIn has and did not give, a line for each reason."""
    for why in dict.fromkeys(map(str, refused.values())):
        ids = [id_ for id_, error in refused.items() if str(error) == why]
        yield Gap(f"Page {', '.join(ids)} could not be read: {why}")


def _role(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": tail(row.get("organization")), "role": row.get("role"), "state": row.get("state")}


organizations = Entity(list=ListOrganizations, get=GetOrganization, lookup=LookupOrganizations)
