"""Lead forms and leads: what Facebook demands of a form, and who gets the answers."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid, missing
from mcp_ads.sandbox.facebook_marketing.lists import listed
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, convert
from mcp_ads.sandbox.facebook_marketing.writes import DONE, keep


def check(call: Call, sent: Body) -> None:
    """The page's terms first, then every question, the policy and the last page."""
    if not call.node.get("leadgen_tos_accepted"):
        raise GraphError(100, "(#100) The page has not accepted the Lead Generation Terms of Service")
    for number, question in enumerate(sent["questions"]):
        kind = question.get("type") if isinstance(question, dict) else None
        convert(f"questions[{number}][type]", "one:question_type", kind or "none")
        if kind == "CUSTOM" and not question.get("label"):
            raise missing(f"questions[{number}][label]")
    if not str((sent.get("privacy_policy") or {}).get("url", "")).startswith("http"):
        raise missing("privacy_policy[url]")
    for name in ("title", "button_type") if sent.get("thank_you_page") else ():
        if not sent["thank_you_page"].get(name):
            raise missing(f"thank_you_page[{name}]")


def fresh(call: Call, sent: Body) -> Body:
    """What a new form has: its page, and the address of its policy by itself."""
    page = {name: call.node[name] for name in ("id", "name")}
    return {"page": page, "privacy_policy_url": sent["privacy_policy"]["url"]}


def of_page(call: Call) -> Body:
    """GET /{page}/leadgen_forms: archived ones too."""
    checked(call.edge, call.params)
    forms = [form for form in call.state.all("form") if form["page_id"] == call.node["id"]]
    return shown(call, "form", forms[::-1])


def update(call: Call) -> Body:
    """POST a form: its status and nothing else; deleting one is not possible."""
    sent = checked(call.edge, call.params)
    if sent.get("status") not in ("ACTIVE", "ARCHIVED"):
        raise invalid("Param status must be one of {ACTIVE, ARCHIVED}")
    keep(call, "form", "update", {**call.node, "status": sent["status"]})
    return DONE


def leads(call: Call) -> Body:
    """GET /{form}/leads or /{ad}/leads, filtered by time_created."""
    params = checked(call.edge, call.params)
    rows = [row for row in call.state.all("lead") if row.get(f"{call.kind}_id") == call.node["id"]]
    return shown(call, "lead", listed(call, "lead", rows, params))
