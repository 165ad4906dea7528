"""Sponsored Brands of before v4, as far as it takes named lists and answers 200 with verdicts inside.

Objects are kept as v4 has them, so that what ends with an ad group ends here too; ids that v3 writes as
numbers, and its states in lower case, are spelt where they come in and go out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import items
from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Verb, check_shape
from mcp_ads.sandbox.amazon_ads.lists import list_objects
from mcp_ads.sandbox.amazon_ads.market import rounded, table, today
from mcp_ads.sandbox.amazon_ads.resources import Draft, Resource

WORDS = {word.lower(): word for word in ("ENABLED", "PAUSED", "ARCHIVED", "DRAFT")}
LARGEST_PAGE = 5000
KINDS = ("keywords", "targets", "themes")
"""What is bid on in an ad group."""


@dataclass(frozen=True)
class Spelling:
    """How one of these resources is written: which ids are numbers, what its verdicts are called.

    `done` and `failed` are the names of the two lists, {verb} in them being create or update.
    """

    numbers: tuple[str, ...]
    index: str
    done: str
    failed: str


def kept(item: Body) -> Body:
    """An item as it is kept: ids as text, its state in capitals where it is one of Amazon's."""
    ids = {name: str(value) for name, value in item.items() if name.endswith("Id") and value is not None}
    state = {"state": WORDS.get(item["state"], item["state"].lower())} if item.get("state") else {}
    return {**item, **ids, **state}


def told(record: Body, spelling: Spelling) -> Body:
    """A record as it is answered."""
    shown = items.shown(record)
    ids = {name: int(shown[name]) for name in spelling.numbers if name in shown}
    return {**shown, **ids, "state": shown["state"].lower()}


def write(resource: Resource, spelling: Spelling, verb: Verb, media: str, call: Call) -> Response:
    """What became of each item, by its index; all of it in an answer of 200."""
    body = call.body
    sent = body.get(resource.key) if isinstance(body, dict) and body.keys() == {resource.key} else None
    if not isinstance(sent, list) or not 1 <= len(sent) <= resource.batch:
        raise Refused(400, f"The body must have {resource.key}, an array of 1 to {resource.batch}")
    for index, item in enumerate(sent):
        _check(resource, spelling, verb, item, f"$.{resource.key}[{index}]")
    one = items.create if verb == "create" else items.update
    lists: dict[str, list[Body]] = {name.format(verb=verb): [] for name in (spelling.done, spelling.failed)}
    done, failed = lists.values()
    with call.store.transaction():
        for index, item in enumerate(sent):
            outcome = one(resource, call, f"$.{resource.key}[{index}]", kept(item))
            place = {spelling.index: index}
            if isinstance(outcome, list):
                code = "NOT_FOUND" if outcome[0].kind == "entityNotFoundError" else "INVALID_ARGUMENT"
                failed.append(
                    {"code": code, "details": f"{outcome[0].location} {outcome[0].message}"} | place
                )
            else:
                done.append({resource.id: told(outcome, spelling)[resource.id]} | place)
    return reply(lists, media=media)


def _check(resource: Resource, spelling: Spelling, verb: Verb, item: Any, at: str) -> None:
    rest = item
    if verb == "update" and isinstance(item, dict):
        kind = int if resource.id in spelling.numbers else str
        if type(item.get(resource.id)) is not kind:
            raise Refused(400, f"{at}.{resource.id} must be of type {kind.__name__}")
        rest = {name: value for name, value in item.items() if name != resource.id}
    check_shape(rest, resource.fields, verb, at)


def listed(
    resource: Resource, spelling: Spelling, filters: Mapping[str, list[str]], media: str, call: Call
) -> Response:
    """A page of what passes these filters, by the names v4 has for them; how many there are is not told."""
    size = call.body.get("maxResults")
    if size is not None and not (type(size) is int and 1 <= size <= LARGEST_PAGE):
        raise Refused(400, f"maxResults must be 1 to {LARGEST_PAGE}")
    paging = {name: call.body[name] for name in ("maxResults", "nextToken") if name in call.body}
    asked = {name: {"include": values} for name, values in filters.items()}
    answer: Body = json.loads(bytes(list_objects(resource, replace(call, body={**paging, **asked})).body))
    rows = [told(row, spelling) for row in answer[resource.key]]
    more = {"nextToken": answer["nextToken"]} if "nextToken" in answer else {}
    return reply({resource.key: rows, **more}, media=media)


def found(resource: Resource, call: Call) -> Body:
    """The object that the path names."""
    record = items.find(resource, call, call.params["id"])
    if record is None:
        raise Refused(404, f"Could not find {resource.noun} {call.params['id']}")
    return record


def running(draft: Draft) -> Iterator[Problem]:
    """Nothing is added or changed in a campaign that has ended."""
    end = (draft.parent("campaignId") or {}).get("endDate")
    if end and end < today(draft.call.profile).isoformat():
        yield draft.problem("", "", "the campaign has ended", "campaignId")


def fixed(draft: Draft) -> Iterator[Problem]:
    """Where something is never changes; a change names its ad group, and maybe its campaign, again."""
    for name in draft.resource.parents if draft.old else ():
        if name in draft.item and draft.item[name] != (draft.old or {})[name]:
            yield draft.problem("", "", "is not where it is", name, draft.item[name])


def bid(draft: Draft) -> Iterator[Problem]:
    """Within what the marketplace takes for a click or for a thousand views, of an image or of a video."""
    campaign, amount = draft.parent("campaignId") or {}, draft.item.get("bid")
    kind = f"{'video ' if creative_of(draft) == 'brandVideo' else ''}{campaign.get('costType', 'CPC')}"
    low, high = table("sponsored_brands/bids")[draft.call.profile["countryCode"]][kind]
    if amount is not None and not low <= amount <= high:
        yield draft.problem("", "", f"must be {low:g} to {high:g}", "bid", amount)


def creative_of(draft: Draft) -> str:
    """What an ad group's ads show, as what is bid on there says."""
    group = draft.new.get("adGroupId")
    rows = [row for kind in KINDS for row in items.owned(draft.call, f"amazon.sb.{kind}")]
    shown = (row.get("_creative") for row in rows if row["adGroupId"] == group)
    return next(filter(None, shown), "productCollection")


def rounded_bid(draft: Draft) -> Body:
    """The object with a bid of its currency's decimals."""
    new, currency = draft.new, draft.call.profile["currencyCode"]
    return {**new, "bid": rounded(new["bid"], currency)} if new.get("bid") is not None else new
