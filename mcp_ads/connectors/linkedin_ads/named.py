"""Names for URNs: what campaigns, creatives, Pages, places, job titles and the like are called.

Each kind is read where LinkedIn has its names, many at once, and remembered by the connection: names of the
account's own objects for ten minutes, all others for an hour.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pydantic import Field

from mcp_ads.core import NONE, Action, Context, Progress, Request
from mcp_ads.core.gaps import unless_refused
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import ApiError

from .audiences.ad_segments import ListAdSegments
from .audiences.base import SEGMENT
from .bases import LinkedinRead
from .dialect import FINDER, batch_get
from .refusals import unread
from .urns import tail

MOST, MOST_ENTITIES = 1000, 50
"""Names that are read for one answer, and URNs that /adTargetingEntities takes at once."""
OWN, PUBLIC = 600.0, 3600.0
NAMES, SEGMENTS, MOST_TOLD, LONGEST = "names from", "ad segments", 5, 60
"""Under which names a plan finds what was read; how many values without a name are told."""
_SIZE = re.compile(r"(?:SIZE_|\()([0-9]+)(?:(?:_TO_|,)([0-9]+)|(_OR_MORE))?\)?")
_ENDLESS = 2**31 - 1
Records = Mapping[str, Mapping[str, Any]]
Reading = Generator[Request | Progress, Any, "Named"]


@dataclass
class Named:
    """What was read, by URN: records with a `name`; and what to say of names that are missing."""

    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def name(self, urn: str) -> str | None:
        return self.records.get(urn, {}).get("name")


@dataclass(frozen=True)
class Source:
    """Where names of some kinds are read: one collection's records by id, `most` at once.

    `kinds` are those of URNs, none meaning any; `fields` the name and what else is told. `whole` says that
    ids are URNs on the wire, `projects` that LinkedIn takes `fields` there. A name is kept so many seconds.
    """

    path: str
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ("name",)
    most: int = 100
    whole: bool = False
    projects: bool = True
    kept: float = OWN

    def asked(self, path: str, urns: list[str]) -> Request:
        query = {"fields": list(self.fields)} if self.projects else {}
        return batch_get(path, [self.key(urn) for urn in urns], **query)

    def found(self, answer: Any, urns: list[str]) -> Records:
        """The records that an answer has, by URN, with their name as `name`."""
        results = answer.get("results") or {}
        there = {urn: results[self.key(urn)] for urn in urns if self.key(urn) in results}
        return {urn: {**record, "name": record.get(self.fields[0])} for urn, record in there.items()}

    def refused(self, answer: Any, urns: list[str]) -> Mapping[str, ApiError]:
        """Why LinkedIn did not give some of them, by URN; those that are not there are not among them."""
        why = unread(answer, map(self.key, urns))
        return {urn: why[self.key(urn)] for urn in urns if self.key(urn) in why}

    def key(self, urn: str) -> str:
        return urn if self.whole else tail(urn)


class Entities(Source):
    """Whatever can be targeted has its name at /adTargetingEntities."""

    def asked(self, path: str, urns: list[str]) -> Request:  # noqa: ARG002 - it has but one
        return NamesOfTargeting(urns=urns).to_request()

    def found(self, answer: Any, urns: list[str]) -> Records:  # noqa: ARG002
        return {element["urn"]: element for element in records_in(answer, "elements")}


SOURCES = (
    Source("/adAccounts/{account_id}/adCampaignGroups", ("sponsoredCampaignGroup",)),
    Source("/adAccounts/{account_id}/adCampaigns", ("sponsoredCampaign",)),
    Source("/adAccounts/{account_id}/creatives", ("sponsoredCreative",), ("name", "campaign"), whole=True),
    Source("/conversions", ("llaPartnerConversion",)),
    Entities("/adTargetingEntities", most=MOST_ENTITIES, kept=PUBLIC),
    Source(
        "/organizationsLookup", ("organization",), ("localizedName",), MOST_ENTITIES, projects=False,
        kept=PUBLIC,
    ),
)  # fmt: skip
"""In this order: companies are asked of /adTargetingEntities, which any token may read, before the lookup of
Pages, which takes a scope of its own.
"""
TARGETED = SOURCES[-2]
OWN_KINDS = frozenset(kind for source in SOURCES[:-2] for kind in source.kinds)
NAMELESS = frozenset({"share", "ugcPost", "sponsoredAccount", "staffCountRange", "adSegment"})


class NamesOfTargeting(LinkedinRead):
    """Names of at most 50 URNs of places, companies, titles, skills and whatever else can be targeted."""

    q: Literal["urns"] = "urns"
    urns: list[str] = Field(min_length=1, max_length=MOST_ENTITIES, examples=[["urn:li:geo:103644278"]])
    query_version: Literal["QUERY_USES_URNS"] = "QUERY_USES_URNS"

    http, records, whose = FINDER("/adTargetingEntities"), "elements", NONE
    lean: ClassVar[tuple[str, ...]] = ("urn", "name")


def read(urns: Iterable[str], context: Context, account_id: str = "") -> Reading:
    """A part of a flow that reads names; the objects of `account_id` have theirs below it.

    A refusal ends nothing: what has no name stays without, and `warnings` says why.
    """
    found, refused, left = Named(), dict[str, ApiError](), MOST
    wanted = list(dict.fromkeys(urns))
    for source in SOURCES:
        path = source.path.format(account_id=account_id)
        mine = [urn for urn in wanted if urn not in found.records and _is_of(source, urn)]
        found.records |= {urn: record for urn in mine if (record := context.names.get(path, urn))}
        unknown = [urn for urn in mine if urn not in found.records]
        asked = unknown[:left]
        left -= len(asked)
        if len(asked) < len(unknown):
            found.warnings = [f"only the first {MOST} names were read"]
        for at in range(0, len(asked), source.most):
            yield Progress(at, len(asked), "reading names")
            some = asked[at : at + source.most]
            try:
                answer = yield source.asked(path, some)
            except ApiError as error:
                refused |= dict.fromkeys(asked[at:], error)
                break
            records = source.found(answer, some)
            refused |= source.refused(answer, some)
            for urn, record in records.items():
                context.names.keep(path, urn, record, source.kept)
            found.records |= records
    found.records |= {urn: {"name": size} for urn in wanted if (size := company_size(urn))}
    lost = next((error for urn, error in refused.items() if urn not in found.records), None)
    found.warnings += [unless_refused(f"names are missing: {lost}", lost)] if lost else []
    return found


def company_size(value: str) -> str:
    """A staff count range or SIZE_201_TO_500 in words; empty for anything else."""
    matched = _SIZE.fullmatch(value.rpartition("staffCountRange:")[2])
    if not matched:
        return ""
    first, last, more = matched.groups()
    if more or (last and int(last) == _ENDLESS):
        return f"{first} or more employees"
    return f"{first}-{last} employees" if last and last != first else f"{first} employee"


def asides(urns: Iterable[str], account: str = "") -> Mapping[str, Action]:
    """Reads with which a plan finds names of what is targeted, for `Write.asides`; `in_asides` has them.

    Those of ad segments are in the list of the account's, if one is given.
    """
    asked = list(dict.fromkeys(urns))
    wanted = [urn for urn in asked if _is_of(TARGETED, urn)]
    starts = range(0, len(wanted), MOST_ENTITIES)
    own = account and any(urn.startswith(SEGMENT) for urn in asked)
    return {
        **{f"{NAMES} {at + 1}": NamesOfTargeting(urns=wanted[at : at + MOST_ENTITIES]) for at in starts},
        **({SEGMENTS: ListAdSegments.model_construct(account_id=account)} if own else {}),
    }


def in_asides(found: Mapping[str, Any], urns: Iterable[str]) -> Mapping[str, str]:
    """What was found by `asides`: the name of each URN on one line, the URN itself where it is not known."""
    elements = (element for name, rows in found.items() if name.startswith(NAMES) for element in rows or ())
    known = {row["urn"]: " ".join(row["name"].split()) for row in elements if row.get("name")}
    segments = {f"{SEGMENT}{row.get('id')}": row.get("name") for row in found.get(SEGMENTS) or ()}
    known |= {one: json.dumps(" ".join(name.split())[:LONGEST]) for one, name in segments.items() if name}
    return {named: known.get(named) or company_size(named) or named for named in urns}


def unnamed(found: Mapping[str, Any], urns: Iterable[str]) -> Iterator[str]:
    """What is to be said of values that `asides` found no name for, unless some names could not be read."""
    if any(rows is None for name, rows in found.items() if name.startswith(NAMES)):
        return
    names = in_asides(found, [urn for urn in dict.fromkeys(urns) if _is_of(TARGETED, urn)])
    lost = [urn.removeprefix("urn:li:") for urn, name in names.items() if urn == name]
    more = f" and {len(lost) - MOST_TOLD} more" if len(lost) > MOST_TOLD else ""
    if lost:
        yield f"LinkedIn has no name for {', '.join(lost[:MOST_TOLD])}{more}: such a value may not exist"


def _is_of(source: Source, urn: str) -> bool:
    kind = urn.split(":")[2] if urn.count(":") > 2 else ""  # noqa: PLR2004 - urn:li:kind:id
    return kind in source.kinds if source.kinds else bool(kind) and kind not in OWN_KINDS | NAMELESS
