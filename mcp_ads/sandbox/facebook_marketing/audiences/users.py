"""People for a custom audience: counted, never kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_int, as_list, checked
from mcp_ads.sandbox.facebook_marketing.writes import note, require

from .audiences import FLAGGED, POPULATING, check_terms

HASHED = frozenset({
    "EMAIL", "PHONE", "FN", "LN", "FI", "GEN", "DOBY", "DOBM", "DOBD", "CT", "ST", "ZIP", "COUNTRY",
    "EMAIL_SHA256", "PHONE_SHA256",
})  # fmt: skip
ALONE = frozenset({"EMAIL_SHA256", "PHONE_SHA256", "MOBILE_ADVERTISER_ID"})
"""Keys that are a schema by themselves: a row is one value."""
TOGETHER = HASHED - ALONE | {
    "MADID", "EXTERN_ID", "PAGEUID", "LOOKALIKE_VALUE", "DATA_PROCESSING_OPTIONS",
    "DATA_PROCESSING_OPTIONS_COUNTRY", "DATA_PROCESSING_OPTIONS_STATE",
}  # fmt: skip
TYPED: dict[str, Callable[[Any], bool]] = {
    "LOOKALIKE_VALUE": lambda value: bool(re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(value))),
    "DATA_PROCESSING_OPTIONS": lambda value: value in ([], ["LDU"]),
}
PAYLOAD = frozenset({"schema", "is_raw", "data", "page_ids"})
SESSION = frozenset({"session_id", "batch_seq", "last_batch_flag", "estimated_num_total"})
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_ROWS, MOST_SAMPLES = 10_000, 100
FEWEST = 100
"""People an audience keeps."""
MOST_ID = 2**63
PATIENCE = 90 * 60


def add(call: Call) -> Body:
    """POST people as rows of a schema, in sessions of batches; what is hashed badly is left out."""
    sent = checked(call.edge, call.params)
    require(sent, "payload")
    check_terms(call.state.account_of(call.node))
    if call.node["operation_status"]["code"] == FLAGGED:
        raise refused(1713230, "Audience flagged", "Its content may violate the terms: edit or delete it.")
    return _received(call, sent, "add users")


def remove(call: Call) -> Body:
    """DELETE people as they are added; an audience that would be left with too few keeps them."""
    sent = checked(call.edge, call.params)
    require(sent, "payload")
    known = call.node["approximate_count_lower_bound"]
    if 0 <= known < len(as_list("payload[data]", sent["payload"].get("data") or [])) + FEWEST:
        text = "(#200) The audience would be too small after this removal"
        raise GraphError(200, text, subcode=1870047, status=403)
    return _received(call, sent, "remove users")


def _received(call: Call, sent: Body, what: str) -> Body:
    if call.node["subtype"] != "CUSTOM":
        raise invalid("People can be added to and removed from audiences of subtype CUSTOM only")
    rows, wrong = _judged(sent["payload"])
    session = _session(call, sent.get("session") or {})
    if not session["closed"]:
        session |= {
            "num_received": session["num_received"] + rows,
            "num_invalid_entries": session["num_invalid_entries"] + len(wrong),
        }
    last = str((sent.get("session") or {}).get("last_batch_flag")).lower() == "true"
    _keep(call, session, what, last=last)
    return {
        "audience_id": call.node["id"],
        "session_id": session["session_id"],
        "num_received": session["num_received"],
        "num_invalid_entries": session["num_invalid_entries"],
        "invalid_entry_samples": wrong[:MOST_SAMPLES],
    }


def remove_everywhere(call: Call) -> Body:
    """DELETE people from every audience of the account at once."""
    sent = checked(call.edge, call.params)
    require(sent, "payload")
    rows, wrong = _judged(sent["payload"])
    note(call, "remove users", call.node["id"])
    return {"num_received": rows, "num_invalid_entries": len(wrong), "invalid_entry_samples": []}


def _judged(payload: Body) -> tuple[int, list[str]]:
    """How many rows there are, and the values that are not hashed as they should be, one a row."""
    if unknown := set(payload) - PAYLOAD:
        raise invalid(f"Param payload has unknown keys: {', '.join(sorted(unknown))}")
    require(payload, "schema", "data")
    schema, rows = payload["schema"], as_list("payload[data]", payload["data"])
    keys, known = (schema, TOGETHER) if isinstance(schema, list) else ([schema], ALONE)
    if not keys or not set(map(str, keys)) <= known:
        raise invalid(f"Param payload[schema] must be of {{{', '.join(sorted(known))}}} - got {schema!r}")
    if len(rows) > MOST_ROWS:
        raise invalid(f"Param payload[data] may hold at most {MOST_ROWS} rows")
    columns = [row if isinstance(schema, list) else [row] for row in rows]
    for number, row in enumerate(columns):
        if not isinstance(row, list) or len(row) != len(keys):
            raise invalid(f"Param payload[data][{number}] must have one value for each of {len(keys)} keys")
    if "PAGEUID" in keys and len(as_list("page_ids", payload.get("page_ids"))) != 1:
        raise invalid("Param payload[page_ids] must name the page of the schema's PAGEUID")
    for name, fits in TYPED.items():
        at = keys.index(name) if name in keys else None
        if at is not None and not all(row[at] == "" or fits(row[at]) for row in columns):
            raise invalid(f"Param payload[data] has a {name} that is none")
    return len(rows), [wrong for row in columns if (wrong := _unhashed(keys, row)) is not None]


def _unhashed(keys: list[str], row: list[Any]) -> str | None:
    """The first value of a row that ought to be a digest and is none; a row of nothing is wrong too."""
    if not any(row):
        return ""
    values = (str(value) for key, value in zip(keys, row, strict=True) if key in HASHED and value != "")
    return next((value for value in values if not DIGEST.fullmatch(value)), None)


def _session(call: Call, asked: Body) -> Body:
    """The upload this batch belongs to; batches come in order, without gaps."""
    if unknown := set(asked) - SESSION:
        raise invalid(f"Param session has unknown keys: {', '.join(sorted(unknown))}")
    if not asked:
        return _opened(call, call.state.new_id())
    require(asked, "session_id", "batch_seq")
    number, batch = as_int("session_id", asked["session_id"]), as_int("batch_seq", asked["batch_seq"])
    if not 0 < number < MOST_ID:
        raise invalid("Param session[session_id] must be a positive 64-bit integer")
    found = call.state.get("session", f"{call.node['account_id']}/{number}") or _opened(call, str(number))
    if found["audience_id"] != call.node["id"]:
        raise invalid(f"The session {number} is another audience's: ids are unique in the ad account")
    late = found["closed"] or time.time() - found["start_time"] > PATIENCE
    if batch != found["batch_seq"] + 1 and not late:
        raise invalid(f"Param session[batch_seq] must be {found['batch_seq'] + 1} - got {batch}")
    return {**found, "batch_seq": batch, "closed": late}


def _opened(call: Call, id: str) -> Body:
    return {
        "id": f"{call.node['account_id']}/{id}",
        "audience_id": call.node["id"],
        "session_id": id,
        "batch_seq": 0,
        "num_received": 0,
        "num_invalid_entries": 0,
        "start_time": int(time.time()),
        "closed": False,
    }


def _keep(call: Call, session: Body, what: str, *, last: bool) -> None:
    now = int(time.time())
    changed = {"operation_status": POPULATING, "time_updated": now, "time_content_updated": now}
    with call.state.store.transaction():
        call.state.put("session", {**session, "closed": session["closed"] or last})
        if not session["closed"]:
            call.state.put("audience", {**call.node, **changed})
            note(call, what, call.node["id"])


def sessions(call: Call) -> Body:
    """GET what became of the uploads of an audience."""
    wanted = checked(call.edge, call.params).get("session_id")
    rows = [row for row in call.state.all("session") if row["audience_id"] == call.node["id"]]
    shown = ("session_id", "num_received", "num_invalid_entries", "start_time")
    return {
        "data": [
            {**{name: row[name] for name in shown}, "stage": "processing" if row["closed"] else "uploading"}
            for row in rows
            if wanted in (None, row["session_id"])
        ]
    }
