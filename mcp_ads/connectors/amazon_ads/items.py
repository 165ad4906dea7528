"""Verdicts per item, in a 207 or a 200: what became of each, by its index, or its place in a bare array."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic.alias_generators import to_camel

from mcp_ads.core import Reply, Request
from mcp_ads.core.statuses import REFUSED, TIMED_OUT
from mcp_ads.errors import ApiError, AuthError, NotFound, PartlyDone, PlatformDown, RateLimited, Rejected

from .fixes import ITEM_FIXES, TEST_ACCOUNTS, by_words

MOST_TOLD = 10
TOLD = (200, 207)
"""Statuses under which an answer says what became of its items."""
REQUEST_IDS = ("x-amzn-requestid", "x-amz-rid", "x-amz-request-id")
SUCCESS = "SUCCESS"
SAYS = ("message", "details", "description")
INDEXES = ("index", "targetRequestIndex", "negativeTargetRequestIndex")
DEPENDENCY = 424
RULES, RULE_SUCCESS = "/budgetRules", "Ok"
"""Where budget rules are changed: their answers are lists in the order of the request, and say Ok."""
STATUS_KINDS: Mapping[int, type[ApiError]] = {
    401: AuthError,
    403: AuthError,
    404: NotFound,
    DEPENDENCY: PlatformDown,
    429: RateLimited,
    **dict.fromkeys(TIMED_OUT, PlatformDown),
}
CODE_KINDS: Mapping[str, type[ApiError]] = {
    "INVALID_ARGUMENT": Rejected,
    "NOT_FOUND": NotFound,
    "UNAUTHORIZED": AuthError,
    "ACCESS_DENIED": AuthError,
    "THROTTLED": RateLimited,
    **{str(status): STATUS_KINDS.get(status, Rejected) for status in REFUSED},
}
"""Codes of an item in a bare array that say it was refused; the specification calls them HTTP statuses."""
ITEM_KINDS: Mapping[str, type[ApiError]] = {
    **CODE_KINDS,
    **dict.fromkeys(("internalServerError", "INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"), PlatformDown),
    **dict.fromkeys(("500", "502", "503", "504"), PlatformDown),
    "throttledError": RateLimited,
    **dict.fromkeys(("entityNotFoundError", "ENTITY_NOT_FOUND"), NotFound),
}
"""Kinds and codes of an item in a list of errors; any other is a refusal."""
SENTENCES: Mapping[type[ApiError], str] = {
    AuthError: "Amazon does not accept the credentials for this",
    NotFound: "no such object, or it belongs to another profile",
    RateLimited: "Amazon asks to slow down",
    PlatformDown: "Amazon failed to answer",
    Rejected: "Amazon refused this",
}
CLAUSES = {
    "targets": "targetingClauses",
    "negativeTargets": "negativeTargetingClauses",
    "campaignNegativeTargets": "campaignNegativeTargetingClauses",
    **dict.fromkeys(("video", "brandVideo", "storeSpotlight", "manualCollection", "autoCollection"), "ads"),
    **dict.fromkeys(("productCollection", "productCollectionExtended"), "ads"),
}
"""What answers call what is sent to these paths; elsewhere it is the path's last name."""
CREATIVES = "/sb/ads/creatives/"
"""Where ads are sent and their versions are answered."""
_PLACE = re.compile(r"^\$(\[\d+\])?\.(\w+\[\d+\]\.?)?")
Verdict = dict[str, Any] | ApiError
"""The entry of an item that was done, or why it was not."""


WHOLE = re.compile(
    rf"{TEST_ACCOUNTS}|/reporting/reports(/[^/]+)?|/(campaigns|adGroups|ads|targets)/export"
    r"|/insights/brandMetrics/report|/recommendations/(?!apply$)[^/]+|/assets/register"
    r"|/sb/ads/creatives/(video|brandVideo|storeSpotlight|productCollection(Extended)?)"
)
"""Where an answer is about one thing, and no list of what became of items."""


def of_items(answer: Any, reply: Reply, request: Request) -> dict[str, Any]:
    """The entry of the one item a change carries, or those of several: {"items": […]}.

    Raises the error of what was not done, PartlyDone where others were, or PlatformDown where one of them is
    not told of.
    """
    if WHOLE.fullmatch(request.path) and isinstance(answer, dict):
        if isinstance(refused := _placed(answer, reply), ApiError):
            raise refused
        return answer
    count, found = _count(request.body), verdicts(answer, reply, request)
    known: dict[str, Any] = {"status": reply.status, "request_id": request_id(reply)}
    done = {index: verdict for index, verdict in found.items() if not isinstance(verdict, ApiError)}
    errors = {index: verdict for index, verdict in found.items() if isinstance(verdict, ApiError)}
    lost = "; ".join(f"items[{index}]: {error}" for index, error in [*errors.items()][:MOST_TOLD])
    if found.keys() != {*range(count)}:
        which = f"each item ({len(done)} of {count} done; not done: {lost or 'none'})"
        what = which if count > 1 else "the one item"
        known["platform_text"] = unread(answer)
        raise PlatformDown(f"the answer does not say what became of {what}", **known)
    if done and errors:
        raise PartlyDone(f"PARTIAL: {len(done)} of {count} items done; not done: {lost}", own=True, **known)
    if len({type(error) for error in errors.values()}) == 1:
        raise errors[0]
    if unsure := [error for error in errors.values() if isinstance(error, PlatformDown)]:
        raise PlatformDown(f"{len(unsure)} of {count} items may have been done: {lost}", **known)
    if errors:
        raise Rejected(f"none of {count} items done: {lost}", own=True, **known)
    return {"items": [done[index] for index in sorted(done)]} if count > 1 else done[0]


def unread(answer: Any) -> str:
    """What an answer of another shape says, as far as there are codes and texts in it."""
    return "; ".join(islice(_words(answer), MOST_TOLD))


def _words(answer: Any) -> Iterator[str]:
    if isinstance(answer, list):
        for entry in answer:
            yield from _words(entry)
    elif isinstance(answer, Mapping):
        words = [str(answer["code"])] if answer.get("code") not in (None, SUCCESS, RULE_SUCCESS) else []
        if words := [*words, *filter(None, [_says(answer)])]:
            yield ": ".join(words)
        for inner in answer.values():
            yield from _words(inner)


def _count(body: Any) -> int:
    """How many items a change carries: a list, alone or under its only name, also as what to include."""
    found = next(iter(body.values())) if isinstance(body, dict) and len(body) == 1 else body
    if isinstance(found, dict) and found.keys() == {"include"}:
        found = found["include"]
    return max(1, len(found)) if isinstance(found, list) else 1


def verdicts(answer: Any, reply: Reply, request: Request) -> dict[int, Verdict]:
    """What the answer says of each item, by its index in the request; what it does not say is left out.

    An item is told of where the answer has the documented shape, and says one thing of it. What a path names
    is answered like one item of a bare array.
    """
    if reply.status not in TOLD:
        return {}
    if request.method == "DELETE" and request.body is None:
        told_of = {} if RULES in request.path and answer == {} else _placed(answer, reply)
        return {} if told_of is None else {0: told_of}
    if isinstance(request.body, list) or RULES in request.path:
        entries = (answer.get("responses") if isinstance(answer, dict) else answer) or ()
        placed = isinstance(entries, list) and len(entries) == _count(request.body)
        other = Rejected if RULES in request.path else None
        pairs = [
            (index, _placed(entry, reply, other)) for index, entry in enumerate(entries if placed else ())
        ]
    else:
        pairs = list(_listed(answer, reply, request))
    told = Counter(index for index, _ in pairs)
    return {index: verdict for index, verdict in pairs if verdict is not None and told[index] == 1}


def request_id(reply: Reply) -> str:
    """What Amazon's support asks for."""
    return next((reply.headers[name] for name in REQUEST_IDS if reply.headers.get(name)), "")


def _placed(entry: Any, reply: Reply, otherwise: type[ApiError] | None = None) -> Verdict | None:
    """One entry of a bare array: {"campaignId": 1, "code": "SUCCESS"}, or a code and a description.

    A code that is not known is what `otherwise` says: budget rules have no list of theirs.
    """
    code = entry.get("code") if isinstance(entry, dict) else None
    if code == SUCCESS or (code == RULE_SUCCESS and entry.get("ruleId")):
        return dict(entry)
    kind = CODE_KINDS.get(str(code), otherwise if code and code != RULE_SUCCESS else None)
    if kind is None:
        return None
    faults = [*_reasons(entry)]
    reasons = dict.fromkeys(reason for _, reason, _, _ in faults if reason)
    places = ", ".join(dict.fromkeys(where for _, _, where, _ in faults if where))
    says = "; ".join(dict.fromkeys(filter(None, [_says(entry), *(text for *_, text in faults)])))
    known = [name for kind, reason, _, _ in faults for name in (f"{kind}.{reason}", reason)]
    return kind(
        f"{SENTENCES[kind]}: {', '.join([str(code), *reasons])}{f' ({places})' if places else ''}",
        status=reply.status,
        code="/".join([str(code), *reasons]),
        request_id=request_id(reply),
        platform_text=says,
        own=True,
        fix=by_words(says)
        or next((ITEM_FIXES[name] for name in (*known, str(code)) if name in ITEM_FIXES), ""),
    )


def _reasons(entry: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Name, reason, field and text of each error inside: {"keywordError": {"reason": …}} of keywords."""
    listed = entry.get("errors")
    for error in listed if isinstance(listed, list) else ():
        for name, value in _object(error).items():
            of = _object(value)
            says = str(of.get("message") or "")
            yield _word(name), _word(of.get("reason") or ""), _field(of.get("location")), says


def _listed(answer: Any, reply: Reply, request: Request) -> Iterator[tuple[int, Verdict]]:
    """The entries of {"campaigns": {"success": […], "error": […]}}, each with its index.

    The unified API and the themes of Sponsored Brands have the two lists without a name around them, the
    targets of Sponsored Brands as createTargetSuccessResults and createTargetErrorResults.
    """
    name = request.path.removesuffix("/delete").rpartition("/")[2]
    known = answer if isinstance(answer, dict) else {}
    own = known.get("creatives" if request.path.startswith(CREATIVES) else CLAUSES.get(name, name))
    lists = own if isinstance(own, dict) else known
    for told, entries in lists.items():
        failed = told == "error" or told.endswith("ErrorResults")
        if not (failed or told == "success" or told.endswith("SuccessResults")):
            continue
        for entry in entries if isinstance(entries, list) else ():
            at = next((name for name in INDEXES if isinstance(entry, dict) and name in entry), "")
            index = f"{entry[at]}".removesuffix(".0") if at else ""
            if not (index.isascii() and index.isdigit()):
                yield -1, {}
            elif failed:
                yield int(index), _item_error(entry, reply)
            else:
                yield int(index), {name: value for name, value in entry.items() if name != at}


def _item_error(entry: Mapping[str, Any], reply: Reply) -> ApiError:
    """The error of one item; of several the first decides."""
    listed = entry.get("errors")
    faults = [fault(error) for error in (listed if isinstance(listed, list) and listed else [entry])]
    kind, reason = faults[0][:2]
    error = ITEM_KINDS.get(kind) or ITEM_KINDS.get(reason, Rejected)
    places = ", ".join(dict.fromkeys(where for _, _, where, _ in faults if where))
    named = ", ".join(dict.fromkeys(f"{kind} {reason}".strip() for kind, reason, _, _ in faults))
    return error(
        f"{SENTENCES[error]}: {named}{f' ({places})' if places else ''}",
        status=reply.status,
        code="/".join(filter(None, [kind, reason])),
        request_id=request_id(reply),
        own=True,
        platform_text=" ".join(dict.fromkeys(says for *_, says in faults if says)),
        fix=ITEM_FIXES.get(reason, ITEM_FIXES.get(kind, "")),
    )


def fault(error: Any) -> tuple[str, str, str, str]:
    """Kind, reason, field and text of one error: an errorType with its value, or a code with a text.

    Sponsored TV writes BUDGET_ERROR and keeps the value under budgetError; the DSP's errors have no value.
    """
    known = error if isinstance(error, dict) else {}
    if "errorType" not in known and known.get("code"):
        return "", _word(known["code"]), _field(known.get("fieldLocation")), _says(known)
    kind, values = str(known.get("errorType") or "otherError"), _object(known.get("errorValue"))
    named = next(iter(values)) if kind not in values and len(values) == 1 else kind
    value, camel = _object(values.get(named)), to_camel(kind.lower()) if kind.isupper() else kind
    if ITEM_KINDS.get(kind, Rejected) is Rejected:
        # Sponsored Brands has a code for a type: of a refusal the value's own name says more
        kind = camel if named == kind and camel in ITEM_FIXES else named
    place = _object(value.get("cause")).get("location") or known.get("fieldName") or known.get("field")
    says = str(value.get("message") or known.get("message") or "")
    return _word(kind), _word(value.get("reason") or "OTHER_ERROR"), _field(place), says


def _says(entry: Mapping[str, Any]) -> str:
    return next((str(entry[name]) for name in SAYS if entry.get(name)), "")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _field(location: Any) -> str:
    """Where in an item something is, without the item's own place: $.campaigns[0].budget is budget."""
    return _word(_PLACE.sub("", str(location or "")))


def _word(value: Any) -> str:
    """A name as part of our sentence: nothing but what names are made of."""
    return re.sub(r"[^\w.\[\]]", "", str(value))[:80]
