"""Sponsored Brands keywords and negative keywords: still v3, bare arrays and lists by query.

Objects are kept as v4 has them, ids as text and words in capitals, so that what ends with an ad group ends
here too; they are spelt where they come in and go out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import items
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields, Verb, check_shape
from mcp_ads.sandbox.amazon_ads.resources import Draft, Resource

from . import named

WRONG = "One or more fields of the keyword are not valid"
ERRORS = {"bid": "bidError", "campaignId": "campaignError", "adGroupId": "adGroupError"}
"""What an error is called by its field; any other is a keyword's."""
IDS = ("keywordId", "adGroupId", "campaignId")
FIXED_FIELD = "The noted field is not allowed with this API endpoint : {}"
WORDS = {
    word: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()
    for word in (
        *("enabled", "paused", "archived", "draft"),
        *("broad", "exact", "phrase", "negativeExact", "negativePhrase"),
    )
}
SPELT = {kept: word for word, kept in WORDS.items()}
MOST_WORDS, MOST_IN_PHRASE, MOST_LETTERS, LARGEST_PAGE = 10, 4, 80, 500
IN_BODY: Fields = {"adGroupId": Field("id", need=True), "campaignId": Field("id", need=True)}


def _fields(matches: tuple[str, ...], states: tuple[str, ...], more: Fields) -> Fields:
    return {
        **IN_BODY,
        "keywordText": Field(need=True, on="create", high=MOST_LETTERS, named=True),
        "matchType": Field("enum", need=True, on="create", values=tuple(WORDS[word] for word in matches)),
        "state": Field("enum", on="update", values=tuple(WORDS[word] for word in states)),
        **more,
    }


def _words(draft: Draft) -> Iterator[Problem]:
    text, match = draft.item.get("keywordText", ""), draft.new.get("matchType")
    most = MOST_IN_PHRASE if match == "NEGATIVE_PHRASE" else MOST_WORDS
    if len(text.split()) > most:
        yield draft.problem("", "", f"at most {most} words", "keywordText")


def _placed(draft: Draft) -> Iterator[Problem]:
    """A change of what is bid on names where it is."""
    for name in draft.resource.parents if draft.old else ():
        if name not in draft.item:
            yield draft.problem("", "", f"{name} is required", name)


def _again(draft: Draft) -> Iterator[Problem]:
    """What was archived in a campaign is never made there again."""
    if draft.old:
        return
    sought = [_plain(draft.new, name) for name in ("campaignId", "keywordText", "matchType")]
    for found in items.owned(draft.call, draft.resource.kind):
        same = [_plain(found, name) for name in ("campaignId", "keywordText", "matchType")] == sought
        if found["state"] == "ARCHIVED" and same:
            yield draft.problem("", "", "was archived in this campaign before", "keywordText")
            return


def _plain(found: Body, name: str) -> str:
    return " ".join(str(found.get(name)).casefold().split())


def _new(draft: Draft) -> Body:
    """A keyword is enabled from the beginning, and shown with the ads of its ad group."""
    first = {"state": "ENABLED", "_creative": named.creative_of(draft)}
    return {**named.rounded_bid(draft), **({} if draft.old else first)}


PARENTS = {"campaignId": "amazon.sb.campaigns", "adGroupId": "amazon.sb.adGroups"}
KEYWORDS = Resource(
    path="/sb/keywords",
    key="keywords",
    noun="brands keyword",
    id="keywordId",
    family="amazon.sb",
    media="sbkeyword",
    fields=_fields(
        ("broad", "exact", "phrase"),
        ("enabled", "paused", "archived", "draft"),
        {
            "bid": Field("number", need=True),
            "nativeLanguageKeyword": Field(on="create"),
            "nativeLanguageLocale": Field(on="create"),
        },
    ),
    unique=("adGroupId", "keywordText", "matchType"),
    batch=100,
    parents=PARENTS,
    rules=(_words, named.running, named.fixed, _placed, named.bid),
    completed=_new,
)
NEGATIVE_KEYWORDS = Resource(
    path="/sb/negativeKeywords",
    key="negativeKeywords",
    noun="brands negative keyword",
    id="keywordId",
    family="amazon.sb",
    media="sbnegativekeyword",
    fields=_fields(("negativeExact", "negativePhrase"), ("enabled", "archived", "draft"), {}),
    unique=("adGroupId", "keywordText", "matchType"),
    batch=100,
    parents=PARENTS,
    rules=(_words, named.running, named.fixed, _again),
    completed=_new,
)
RESOURCES = (KEYWORDS, NEGATIVE_KEYWORDS)
TOLD, OLD = "application/vnd.sbkeywordresponse.v3+json", "application/vnd.{}.v3+json"


def _kept(item: Body) -> Body:
    """An item as it is kept."""
    ids = {name: str(item[name]) for name in IDS if item.get(name) is not None}
    return {**item, **ids, **{name: WORDS.get(str(item[name]), item[name]) for name in _worded(item)}}


def _told(found: Body) -> Body:
    """An object as it is answered."""
    shown = items.shown(found)
    ids = {name: int(shown[name]) for name in IDS}
    return {**shown, **ids, **{name: SPELT[shown[name]] for name in _worded(shown)}}


def _worded(item: Body) -> list[str]:
    return [name for name in ("state", "matchType") if item.get(name) is not None]


def _write(resource: Resource, verb: Verb, call: Call) -> Response:
    sent = call.body
    if not isinstance(sent, list) or not 1 <= len(sent) <= resource.batch:
        raise Refused(400, f"The body must be an array of 1 to {resource.batch}")
    known = {name for name, field in resource.fields.items() if verb in field.on}
    known |= {resource.id} if verb == "update" else set()
    for at, item in enumerate(sent):
        _check(resource, verb, known, item, f"$[{at}]")
    with call.store.transaction():
        answers = [_one(resource, verb, call, f"$[{at}]", item, known) for at, item in enumerate(sent)]
    return reply(answers, 207, TOLD)


def _check(resource: Resource, verb: Verb, known: set[str], item: Any, at: str) -> None:
    """Refuse the whole request where a value is of another type; a strange field is told of by itself."""
    if not isinstance(item, dict):
        raise Refused(400, f"{at} must be an object")
    if wrong := [name for name in IDS if name in item and type(item[name]) is not int]:
        raise Refused(400, f"{at}.{wrong[0]} must be a number")
    rest = {name: value for name, value in item.items() if name in known and name not in IDS}
    check_shape(rest, resource.fields, verb, at)


def _one(resource: Resource, verb: Verb, call: Call, at: str, item: Body, known: set[str]) -> Body:
    """What became of one item: a field that is not of this call refuses it alone."""
    if astray := [name for name in item if name not in known]:
        return {"code": "INVALID_ARGUMENT", "description": FIXED_FIELD.format(astray[0])}
    change = items.create if verb == "create" else items.update
    outcome = change(resource, call, at, _kept(item))
    if isinstance(outcome, list):
        code = "NOT_FOUND" if outcome[0].kind == "entityNotFoundError" else "INVALID_ARGUMENT"
        return {"code": code, "description": WRONG, "errors": [_error(problem) for problem in outcome]}
    return {"keywordId": int(outcome["keywordId"]), "code": "SUCCESS"}


def _error(problem: Problem) -> Body:
    """What is wrong, under a name of what it is wrong with."""
    [value] = problem.body()["errorValue"].values()
    place, trigger = problem.location.rpartition(".")[2], value["cause"].get("trigger")
    error = {
        "reason": problem.reason or "INVALID_VALUE",
        "message": problem.message,
        "location": problem.location,
    }
    return {ERRORS.get(place, "keywordError"): error | ({"trigger": trigger} if trigger else {})}


def _archive(resource: Resource, call: Call) -> Response:
    found = named.found(resource, call)
    with call.store.transaction():
        items.archive(resource, call, "$", found["keywordId"])
    return reply({"keywordId": int(found["keywordId"]), "code": "SUCCESS"}, media=TOLD)


def _get(resource: Resource, call: Call) -> Response:
    """The older type, in which brand videos have nothing."""
    found = named.found(resource, call)
    if found["_creative"] == "brandVideo":
        raise Refused(404, f"Could not find {resource.noun} {call.params['id']}")
    return reply(_told(found), media=OLD.format(resource.media))


def _list(resource: Resource, call: Call) -> Response:
    query = dict(call.request.query_params)
    start, size = (_number(query.pop(name, usual)) for name, usual in (("startIndex", "0"), ("count", "100")))
    new = call.accepts().endswith("v3.2+json")
    media = call.accepts() if new else OLD.format(resource.media)
    usual = {"stateFilter": "enabled,paused"} if resource is KEYWORDS else {}
    tests = [_test(resource, name, text) for name, text in (usual | query).items()]
    found = [
        _told(row)
        for row in items.owned(call, resource.kind)
        if (new or row["_creative"] != "brandVideo") and all(test(row) for test in tests)
    ]
    return reply(found[start : start + min(size, LARGEST_PAGE)], media=media)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Refused(400, f"Invalid value: {text}")
    return int(text)


def _test(resource: Resource, name: str, text: str) -> Callable[[Body], bool]:
    """What an object has to pass for one filter; one that nobody knows refuses the list."""
    of, values = name.removesuffix("Filter"), text.split(",")
    if of in IDS and name != of:
        if not all(value.isdecimal() for value in values):
            raise Refused(400, "Id filter has invalid value")
        return lambda row: row[of] in values
    if name in ("stateFilter", "matchTypeFilter"):
        known = {SPELT[word]: word for word in resource.fields[of].values if word != "DRAFT"}
        single = name == "stateFilter" and resource is NEGATIVE_KEYWORDS
        if not {*values} <= {*known} or (single and values[1:]):
            raise Refused(400, f"{name} must be {'one' if single else 'some'} of {', '.join(known)}")
        return lambda row: SPELT[row[of]] in values
    if name == "creativeType" and text in ("productCollection", "video"):
        return lambda row: (row["_creative"] == "productCollection") == (text == "productCollection")
    fields = {"keywordText": "keywordText", "locale": "nativeLanguageLocale" if resource is KEYWORDS else ""}
    if not (field := fields.get(name)):
        raise Refused(400, f"Invalid query parameter {name}")
    return lambda row: bool(row.get(field) == text)


def _operations(resource: Resource) -> Iterator[Operation]:
    """Who accepts everything gets the older type."""
    old, one = OLD.format(resource.media), f"{resource.path}/{{id}}"
    rows: tuple[tuple[str, str, Callable[[Call], Response], str], ...] = (
        ("GET", resource.path, partial(_list, resource), f"{old} {old.replace('v3', 'v3.2')}"),
        ("GET", one, partial(_get, resource), old),
        ("DELETE", one, partial(_archive, resource), TOLD),
        ("POST", resource.path, partial(_write, resource, "create"), TOLD),
        ("PUT", resource.path, partial(_write, resource, "update"), TOLD),
    )
    for method, path, run, gives in rows:
        takes = "application/json" if method.startswith("P") else ""
        yield Operation(method, path, run, takes=takes, gives=gives, any_accept=True)


OPERATIONS = tuple(row for resource in RESOURCES for row in _operations(resource))
