"""Copies of campaigns, ad sets and ads: one request where Meta's copy edge can do it, else a plan of several.

Sources: Campaign.create_copy, AdSet.create_copy and Ad.create_copy of facebook-business 26.0.3; Meta docs, Ad
Campaign Group copies, Ad Campaign copies, Adgroup copies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator

from mcp_ads.connectors.facebook_marketing.types import Object
from mcp_ads.core import Amount, Context, Flow, Leaves, Part, Request, Result, Shown, made_by
from mcp_ads.core.action import money_of
from mcp_ads.core.marks import Found
from mcp_ads.core.outline import filled, has_mark
from mcp_ads.core.runs import with_offset
from mcp_ads.errors import InvalidParams, OutcomeUnknown

from . import rules
from .base import DeliveryWrite, Name
from .choices import unfamiliar
from .copied import ahead, called

SUFFIX = " - Copy"
"""Without one, Facebook adds its own in the language of whoever's token it is."""
MOST_ADS = 3
"""Ads below an object that one copy takes along, where it is answered at once."""
MOST_PARTS = 60
LONGEST = 400
STRATEGIES = ("ONLY_TOP_LEVEL_RENAME", "DEEP_RENAME", "NO_RENAME")
PARTS_OF_A_NAME = ("rename_strategy", "rename_prefix", "rename_suffix")
RETIRED = ("SMART_APP_PROMOTION", "AUTOMATED_SHOPPING_ADS")
"""Kinds of campaigns that Facebook neither makes nor copies any more."""
MOST_TOLD = 1_000
AMOUNTS = ("daily_budget", "lifetime_budget")
StatusOption = Annotated[
    Literal["PAUSED", "ACTIVE", "INHERITED_FROM_SOURCE"],
    Field(description="ACTIVE and INHERITED_FROM_SOURCE may deliver at once."),
]
Deep = Annotated[bool, Field(description="true copies what is below it too.")]
Source = Annotated[Object | None, Found()]


class Duplicate(DeliveryWrite):
    """What copying shares: it makes something PAUSED, under a new name, of an object that is read before."""

    status_option: StatusOption = "PAUSED"
    rename_options: Annotated[
        Object | None,
        Field(
            description='{"rename_strategy": "DEEP_RENAME", "rename_prefix": "…", "rename_suffix": " - Copy"}'
        ),
    ] = None
    name: Annotated[Name | None, Field(description="The copy's whole name, instead of rename_options.")] = (
        None
    )
    source: Annotated[Source, Field(exclude=True)] = None

    does, watch = "makes", ()
    noun: ClassVar[str]
    entity: ClassVar[str]
    copied_id: ClassVar[str]
    reads: ClassVar[tuple[str, ...]]

    @field_validator("rename_options")
    @classmethod
    def _renames(cls, given: Object | None) -> Object | None:
        unknown = sorted((given or {}).keys() - {*PARTS_OF_A_NAME})
        strategy = (given or {}).get("rename_strategy", STRATEGIES[0])
        if unknown:
            raise ValueError(f"{unknown[0][:40]!r} is none of {', '.join(PARTS_OF_A_NAME)}")
        if strategy not in STRATEGIES:
            raise ValueError(f"rename_strategy is one of {', '.join(STRATEGIES)}")
        if not all(isinstance(text, str) for text in (given or {}).values()):
            raise ValueError("rename_prefix and rename_suffix are texts")
        return given

    @property
    def whole(self) -> Mapping[str, Any]:
        """The object that is copied; nothing of it is known before a plan has read it."""
        return self.source or {}

    @property
    def turns_on(self) -> bool:
        """Whether the copy itself is switched on in the end."""
        inherits = self.status_option == "INHERITED_FROM_SOURCE" and self.whole.get("status") == "ACTIVE"
        return self.status_option == "ACTIVE" or inherits

    @property
    def renames(self) -> dict[str, str]:
        given = {"rename_strategy": STRATEGIES[0], **(self.rename_options or {})}
        named = "rename_suffix" in given or given["rename_strategy"] == "NO_RENAME"
        return given if named else {**given, "rename_suffix": SUFFIX}

    @property
    def renames_below(self) -> dict[str, str]:
        """How what is below is called where it is copied by itself."""
        deep = self.renames["rename_strategy"] == "DEEP_RENAME"
        return self.renames if deep else {"rename_strategy": "NO_RENAME"}

    @property
    def renamed(self) -> str:
        """What the copy edge calls the copy."""
        named, known = self.renames, self.whole.get("name", "")
        if named["rename_strategy"] == "NO_RENAME":
            return str(known)
        return f"{named.get('rename_prefix', '')}{known}{named.get('rename_suffix', '')}"

    @property
    def new_name(self) -> str:
        return self.name or self.renamed

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return self.entity, getattr(self, self.belongs_to), self.reads

    def takes_along(self) -> bool:
        return bool(getattr(self, "deep_copy", False))

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With what is copied, whose amounts are the copy's where no others are given."""
        call = super().settled(context, live)
        zone = context.account.timezone if context.account else "UTC"
        update: dict[str, Any] = {
            name: with_offset(value, zone, last=name == "end_time")
            for name in ("start_time", "end_time")
            if isinstance(value := getattr(call, name, None), str)
        }
        if live:
            update |= {"source": dict(live), **call.inherited(live, context.currency)}
        call = call.model_copy(update=update)
        if live and (mistakes := list(call.refused())):
            raise InvalidParams("\n".join(mistakes))
        return call

    def inherited(self, live: Mapping[str, Any], currency: str) -> dict[str, Any]:
        """The amounts of what is copied, by parameter; a budget that is given takes the other's place."""
        spends, given = (
            money_of(type(self)),
            {name for name in AMOUNTS if getattr(self, name, None) is not None},
        )
        names = (name for name in spends if getattr(self, name) is None and not (given and name in AMOUNTS))
        amounts = ((name, spends[name].major(live.get(name), currency)) for name in names)
        return {name: Amount(amount, "exact", currency) for name, amount in amounts if amount is not None}

    def refused(self) -> Iterable[str]:
        """Why this object cannot be copied like this."""
        source, campaign = self.whole, self.whole.get("campaign") or self.whole
        if source.get("status") == "DELETED":
            yield f"{self.belongs_to}: it is DELETED, and Facebook copies no such {self.noun}"
        if not str(campaign.get("objective", "OUTCOME_")).startswith("OUTCOME_"):
            yield f"{self.belongs_to}: Facebook copies none of the objective {campaign['objective']}"
        if campaign.get("smart_promotion_type") in RETIRED:
            yield f"{self.belongs_to}: Facebook copies none of {campaign['smart_promotion_type']}"
        start, end, daily = (getattr(self, name, None) for name in ("start_time", "end_time", AMOUNTS[0]))
        yield from rules.schedule(start, end, "UTC", daily=daily is not None)
        if has_mark([self.sent(), source]):
            yield f"{self.noun}: a text in it reads like what a plan writes for an answer (<… of request 1>)"
        if len(self.new_name) > LONGEST:
            yield f"rename_options: the name would have {len(self.new_name)} characters, at most {LONGEST} go"
        if (count := len(self.outline())) > MOST_PARTS:
            yield f"deep_copy: it takes {count} requests, at most {MOST_PARTS} go; copy its parts one by one"

    def later(self) -> dict[str, Any]:
        """What the copy edge does not take, and the copy is given afterwards."""
        return {"name": self.name} if self.name else {}

    def amounts_changed(self) -> dict[str, Any]:
        """The amounts that are not those of what is copied, as they are sent."""
        sent = self.sent()
        return {
            name: sent[name]
            for name in money_of(type(self))
            if name in sent and str(sent[name]) != str(self.whole.get(name))
        }

    def sets(self) -> dict[str, Any]:
        sent = self.sent()
        status = "ACTIVE" if self.turns_on else "PAUSED"
        money = {name: sent[name] for name in money_of(type(self)) if name in sent}
        return {"name": self.new_name, "status": status, **money}

    def first_called(self) -> str:
        return self.renamed if "name" in self.later() and self.renamed != self.new_name else ""

    def lookup(self) -> Mapping[str, Any]:
        names = list(dict.fromkeys([self.new_name, self.renamed]))
        name = {"field": "name", "operator": "IN", "value": names}
        if len(names) == 1:
            name = {"field": "name", "operator": "EQUAL", "value": names[0]}
        return {
            "account_id": self.account_id, "filtering": [name], "fields": ["id", "name", "created_time"],
        }  # fmt: skip

    def effect(self) -> str:
        return f"copies {self.noun} {getattr(self, self.belongs_to)}{called(self.whole)}{self.along()}"

    def ads(self) -> list[Mapping[str, Any]]:
        """The ads that are copied along, or the one that is."""
        return []

    def along(self) -> str:
        """What is copied with it, as the end of a sentence."""
        return ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from unfamiliar(self)
        if self.ads():
            yield "ads of a copy are new posts: reactions and comments stay with the original's"
        if (start := getattr(self, "start_time", None)) and not ahead({"": start}, ""):
            yield f"start_time: {start} has passed, so what is copied begins as soon as it is switched on"
        if self.whole.get("status") == "ARCHIVED":
            yield f"the {self.noun} is archived: Facebook may refuse to copy it"
        if len(self.outline()) > 1:
            yield "several requests: when one fails, what those before it made is left, and named"

    def one_copy(self, path: str, body: Mapping[str, Any], kind: type[Duplicate], line: str) -> Part:
        """One copy, which answers with the new id; what it goes into lists it, with what it is a copy of."""
        left = Leaves(kind.noun, kind.copied_id, kind.entity, kind.belongs_to)
        into = {name: body[name] for name in ("adset_id", "campaign_id") if body.get(name)}
        source = f"source_{kind.belongs_to}"
        reads = {**into, "fields": ["id", "name", source]}
        shown = Shown(kind.entity, "list", reads, f"it lists one whose {source} is {path.split('/')[1]}")
        request = Request("POST", path, body=body, risk="write")
        return Part(request, line, (kind.copied_id,), leaves=left, shown=shown if into else None)

    def top(self, *, deep: bool, status: str) -> Part:
        """The request that makes the copy itself."""
        body = self.body(deep=deep) | {"status_option": status, "rename_options": self.renames}
        return self.one_copy(
            f"/{getattr(self, self.belongs_to)}/copies", body, type(self), f"copies the {self.noun}"
        )

    def body(self, *, deep: bool) -> dict[str, Any]:
        """What the copy edge takes beside status and name."""
        times = {name: value for name in ("start_time", "end_time") if (value := getattr(self, name, None))}
        return {"deep_copy": deep, **times}

    def splits(self) -> bool:
        """Whether what is below is copied by requests of its own."""
        return False

    def parts_below(self) -> Iterable[Part]:
        """The requests that copy what is below into the copy; the first one has made that."""
        return ()

    def outline(self) -> tuple[Part, ...]:
        """A copy that delivers is switched on last, when all of it is there and as it was asked for."""
        split = self.splits()
        last = self.later()
        held = self.turns_on and (bool(last) or split)
        deep = getattr(self, "deep_copy", False) and not split
        first = self.top(deep=deep, status="PAUSED" if held else self.status_option)
        parts = [first, *(self.parts_below() if split else ())]
        last |= {"status": "ACTIVE"} if held else {}
        if last:
            path = f"/{made_by(1, first.keep[0])}"
            named = ", ".join(last)
            reads = {self.belongs_to: made_by(1, first.keep[0]), "fields": [*last]}
            values = ", ".join(
                f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in last.items()
            )
            shown = Shown(self.entity, "get", reads, f"it shows {values}", last)
            request = Request("POST", path, body=last, risk="write")
            parts.append(Part(request, f"sets {named}", ("success",), shown=shown))
        return tuple(parts)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answers: list[Any] = []
        for part in self.outline():
            answers.append((yield filled(part.request, answers)))
            if part.keep == ("success",) and answers[-1].get("success") is not True:
                raise OutcomeUnknown("the platform answered, and not that the copy was changed")
        first = self.outline()[0].keep[0]
        return Result(
            {"id": answers[0].get(first), "made": [pair for answer in answers for pair in _made(answer)]}
        )

    def remark(self, answer: Any) -> str:
        pairs = [f"{kind} {new} of {old}" for kind, old, new in answer.get("made", ())]
        more = f" and {len(pairs) - MOST_TOLD} more" if len(pairs) > MOST_TOLD else ""
        return f"made: {', '.join(pairs[:MOST_TOLD])}{more}" if pairs else ""


def _made(answer: Any) -> Iterable[tuple[str, str, str]]:
    """What an answer says was copied: kind, id of the source, id of the copy."""
    pairs = answer.get("ad_object_ids") if isinstance(answer, dict) else None
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, dict) and str(pair.get("copied_id", "")).isdecimal():
            kind, old = str(pair.get("ad_object_type", "object"))[:20], str(pair.get("source_id", ""))[:20]
            yield kind.replace("_", " "), old, str(pair["copied_id"])
