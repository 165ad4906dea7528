"""What the engine says, for who calls over REST: who has no shell, no tools and no variables to set. Pure."""

from __future__ import annotations

import re

from mcp_ads.engine.answers.plan_text import CARRIES_OUT
from mcp_ads.errors import AdsError, AuthError, NotConfigured, WritesOff
from mcp_ads.platforms import PLATFORMS

CONNECTOR = "/api/v1/integrations/connectors/{id}"
RECONNECT = "reconnect: let the user consent anew, or create the connector with credentials that are good"
ASK = "ask who runs this server to"
NO_APP = (
    "create the connector with client_id and client_secret too; or who runs this server sets {app}_CLIENT_ID "
    "and {app}_CLIENT_SECRET, which a refresh token without its own app is used with"
)
NO_CONNECTOR = "this workspace has no connector of that platform that can sign in"
MAKE_ONE = (
    "the organization creates one: POST /api/v1/integrations/connectors, or `mcp-ads host link` for its "
    "owner to sign in with"
)
LOCAL = re.compile(r"mcp-ads |MCP_ADS_|\b(?:" + "|".join(PLATFORMS.values()) + r")_[A-Z]|\bclients\.toml\b")
"""What only who has the server's machine can do anything with."""
_APPLY = re.compile(r"\bads_apply\b(?:\(([^()\s]+)\))?")
_PLAN = re.compile(r'\bads_describe\(query="([^"\s]+)(?: \d+)?"\)')
_DESCRIBE = re.compile(r"\bads_describe\([^()]*\)")
_EXECUTE = re.compile(rf"\b(?:{'|'.join(PLATFORMS)})_execute\b")
_ADDRESS = re.compile(r", or all at ads://plans/\S+")
_OURS = re.compile(r"^(?:undo|each|IN PROGRESS)\b.*", re.MULTILINE)
"""Lines of an outcome that name calls; in the others, what looks like one may be an advertiser's."""
_SET = re.compile(r"\b(?:the user sets|set(?=s? [A-Z]+_))")


def path_of(connector_id: str, plan_id: str) -> str:
    """Where a plan is looked at; with /apply, where it is carried out."""
    return f"{CONNECTOR.format(id=connector_id)}/plans/{plan_id}"


def said(text: str, connector_id: str) -> str:
    """A text of ours with the requests of the REST API in place of the calls of tools."""
    text = _PLAN.sub(lambda found: f"GET {path_of(connector_id, found[1])}", _ADDRESS.sub("", text))
    text = _APPLY.sub(
        lambda found: (
            f"POST {path_of(connector_id, '{plan_id}' if found[1] in (None, 'plan_id') else found[1])}/apply"
        ),
        text,
    )
    return _EXECUTE.sub("execute", _DESCRIBE.sub('the action "describe"', text))


def plan(text: str, connector_id: str, plan_id: str) -> str:
    """A plan's text; what advertisers wrote in it stays letter by letter."""
    how = f"POST {path_of(connector_id, plan_id)}/apply carries it out, as a whole and once."
    return text.replace(CARRIES_OUT, how, 1)


def outcome(text: str, connector_id: str) -> str:
    """The text of what became of a write or of a plan, in the same way."""
    return _OURS.sub(lambda line: said(line[0], connector_id), text)


def mend(error: AdsError, connector_id: str, app: str) -> None:
    """Have an error say what its caller can do; `app` begins the variables of the operator's app."""
    if isinstance(error, WritesOff) and "MCP_ADS_WRITES" in str(error):
        error.args, error.fix = ("writes are switched off for this client",), f"{ASK} change that"
    elif isinstance(error, NotConfigured) and "not configured" in str(error):
        error.args = ("the connector signs in with an app, and there is none: no client id and secret",)
        error.fix = NO_APP.format(app=app)
    elif isinstance(error, AuthError) and (error.sign_in or not error.fix or LOCAL.search(error.fix)):
        error.fix = RECONNECT
    elif LOCAL.search(error.fix):
        error.fix = _SET.sub(f"{ASK} set", error.fix) if _SET.search(error.fix) else f"{ASK} see to it"
    error.fix = said(error.fix, connector_id)


def mend_at_mcp(error: AdsError) -> None:
    """The same for who calls at /mcp, where the calls of tools are right, and a shell's are not."""
    if isinstance(error, NotConfigured) and LOCAL.search(f"{error} {error.fix}"):
        error.args, error.fix = (NO_CONNECTOR,), MAKE_ONE
    elif isinstance(error, AuthError) and LOCAL.search(error.fix):
        error.fix = RECONNECT
    elif LOCAL.search(error.fix):
        error.fix = _SET.sub(f"{ASK} set", error.fix) if _SET.search(error.fix) else f"{ASK} see to it"
