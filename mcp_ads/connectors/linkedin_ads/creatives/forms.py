"""The lead form that an ad opens: one of its account's own, and published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.leads.owners import Owned
from mcp_ads.errors import InvalidParams

FORMS = "lead forms of its account"
MOST = 500
SHUT = ("DRAFT", "ARCHIVED")
"""The states of a form that no ad can open."""
NONE_SUCH = "leadgen_call_to_action: form {} is none of this account's; `lead_forms list` has them"
NOT_OPEN = "leadgen_call_to_action: form {} {!r} is {}, and an ad opens one that is PUBLISHED"


class FormsOfAccount(Owned):
    """The first 500 lead forms of an account in one request, so that they are known all or not at all."""

    q: Literal["owner"] = "owner"
    count: int = MOST

    http, records, lean = FINDER("/leadForms"), "elements", ("id", "name", "state")

    def to_query(self) -> Mapping[str, Any]:
        return {"q": self.q, "owner": self.owned_by(), "count": self.count}


def named(call_to_action: Mapping[str, Any] | None, live: Mapping[str, Any]) -> Iterable[str]:
    """The form that the ad opens, by the name that people know."""
    forms = {str(record.get("id")): record for record in live.get(FORMS) or ()}
    if found := forms.get(_form_of(call_to_action)):
        yield f"its leads go into form {found.get('id')} {json.dumps(found.get('name'), ensure_ascii=False)}"


def check_form(call_to_action: Mapping[str, Any] | None, live: Mapping[str, Any] | None) -> None:
    """Raises InvalidParams where the ad would open another account's form, or one that is not published.

    `live` has the forms that a plan has read; nothing is concluded where these could not be read.
    """
    forms: Iterable[Mapping[str, Any]] | None = (live or {}).get(FORMS)
    form = _form_of(call_to_action)
    if forms is None or not form.isdecimal():
        return
    known = {str(record.get("id")): record for record in forms}
    if form not in known and len(known) < MOST:
        raise InvalidParams(NONE_SUCH.format(form))
    if (state := known.get(form, {}).get("state")) in SHUT:
        raise InvalidParams(NOT_OPEN.format(form, known[form].get("name"), state))


def _form_of(call_to_action: Mapping[str, Any] | None) -> str:
    return str((call_to_action or {}).get("destination") or "").rpartition(":")[2]
