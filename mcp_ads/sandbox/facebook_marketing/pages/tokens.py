"""Tokens of pages: given to whoever has a role on one, and demanded by what is the page's alone.

A user's token with `stranger` in it has no role on any page. What a page's token lacks is what the user's
lacked.
"""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing import auth
from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, dead_token
from mcp_ads.sandbox.facebook_marketing.objects import Answer, node
from mcp_ads.sandbox.facebook_marketing.params import Body

LIKE_THE_USER = ("proof", *auth.LACKS)


def page(call: Call) -> Body:
    """GET a page; its token goes to those who have a role on it."""
    shown = node(call)
    if "access_token" in shown:
        shown["access_token"] += "".join(f"-{word}" for word in LIKE_THE_USER if word in call.token)
    if "stranger" in call.token:
        shown.pop("access_token", None)
    return shown


def as_page(answer: Answer, *scopes: str) -> Answer:
    """What only the page itself may ask for, with these permissions."""

    def guarded(call: Call) -> Body:
        page_id = call.node["id"] if call.kind == "page" else call.node["page_id"]
        if not call.token.startswith(f"sandbox-page-{page_id}-"):
            raise GraphError(190, "(#190) This method must be called with a Page Access Token")
        turn = (call.state.get("page", page_id) or {}).get("_turn")
        if call.token.split("-")[3] != str(turn):
            raise dead_token("revoked")
        return permitted(answer, *scopes)(call)

    return guarded


def permitted(answer: Answer, *scopes: str) -> Answer:
    """What takes these permissions."""

    def guarded(call: Call) -> Body:
        granted = auth.scopes(call.state.store, call.token)
        if lacking := next((scope for scope in scopes if scope not in granted), ""):
            text = f"(#200) Requires {lacking} permission to manage the object"
            raise GraphError(200, text, status=403)
        return answer(call)

    return guarded
