"""People who must not show: marked rows in every shape, what they become, and a search for them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

AUDIENCE = "1202150000000000001"
FIRST, LAST, PHONE, CRM = "marker7f3a", "marker8e4b", "15557301234", "Crm-marker9d5c"
EMAIL = f"{FIRST}@example.com"
ROW = {"email": f" {EMAIL.title()} ", "phone": "+1 (555) 730-1234", "ln": LAST.title(), "extern_id": CRM}
MARKS = (FIRST, LAST, "730-1234", PHONE, CRM)
"""What is looked for, in lower case, as it is written in rows and as it is sent."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


HASHES = (digest(EMAIL), digest(PHONE), digest(LAST))
SHAPES: dict[str, dict[str, Any]] = {
    "list": {"audience_id": AUDIENCE, "users": [ROW]},
    "one": {"audience_id": AUDIENCE, "users": ROW},
    "JSON text": {"audience_id": AUDIENCE, "users": json.dumps([ROW])},
    "the vendor's": {"audienceId": AUDIENCE, "payload": {"schema": list(ROW), "data": [list(ROW.values())]}},
    "items": {"items": [{"audience_id": AUDIENCE, "users": [ROW]}]},
    "items, as a text": {"items": json.dumps([{"customAudienceId": AUDIENCE, "data": [ROW]}])},
    "a default of items": {"users": [ROW], "items": [{"audience_id": AUDIENCE}]},
}
"""Calls that mean the same."""
WRONG: dict[str, dict[str, Any]] = {
    "no address": {"users": [{"email": FIRST}]},
    "no number": {"users": [{"phone": f"{PHONE} {FIRST}"}]},
    "a year": {"users": [{"doby": FIRST}]},
    "in the place of a column": {"users": [{EMAIL: "x", LAST: "y"}]},
    "an object": {"users": [{"email": {"is": EMAIL}}]},
    "no object": {"users": [EMAIL]},
    "text": {"users": EMAIL},
    "half of JSON": {"users": json.dumps([ROW])[:-3]},
    "too few cells": {"users": {"schema": ["EMAIL", "PHONE"], "data": [[EMAIL]]}},
    "a name nobody knows": {"people": [ROW]},
    "half of items": {"items": json.dumps([{"users": [ROW]}])[:-3]},
    "items that are none": {"items": [EMAIL]},
    "items in items": {"items": {"users": [ROW]}},
    "a wrong neighbour": {"users": [ROW], "audience_id": "x"},
    "given twice": {"users": [ROW], "data": [{"email": f"other-{EMAIL}"}]},
    "as what was kept": {"users": {"kept": EMAIL, "rows": 1, "columns": ["EMAIL"]}},
    "too deep": {
        "users": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[EMAIL]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    },
    "in a number": {"users": [ROW], "session_id": EMAIL},
    "in the place of an id": {"users": [ROW], "audience_id": EMAIL},
    "an object in the place of an id": {"users": [ROW], "audience_id": {"email": EMAIL}},
    "a list in the place of an id": {"users": [ROW], "audience_id": [{"email": EMAIL}, EMAIL]},
    "in the place of an account": {"users": [ROW], "account_id": EMAIL},
    "in the place of a plan": {"users": [ROW], "append_to": EMAIL},
    "in the place of a format": {"users": [ROW], "format": EMAIL},
    "as a name": {"users": [ROW], EMAIL: "x"},
    "a neighbour that is too deep": {
        "users": [ROW],
        "fields": json.loads("[" * 50 + f'"{EMAIL}"' + "]" * 50),
    },
    "a neighbour in items": {"items": [{"users": [ROW], "session_id": EMAIL}, {EMAIL: [ROW]}]},
    "a path": {"users": f"/home/{FIRST}.csv"},
}
"""Calls that are refused."""


def astray(said: str, home: Path) -> list[str]:
    """Where people are beside the one place that keeps their hashes, for what an undo would send."""
    return [place for place in found(said, home) if "blobs/" not in place]


def found(said: str, home: Path, marks: tuple[str, ...] = (*MARKS, *HASHES)) -> list[str]:
    """Where one of the marks is: in what was said or logged, or in which file."""
    places = {"said": said.encode(errors="replace")}
    files = (path for path in home.rglob("*") if path.is_file())
    places |= {str(path.relative_to(home)): path.read_bytes() for path in files}
    wanted = [mark.lower().encode() for mark in marks]
    lower = {place: content.lower() for place, content in places.items()}
    return [place for place, content in lower.items() if any(mark in content for mark in wanted)]
