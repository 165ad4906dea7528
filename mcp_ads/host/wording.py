"""What the engine says, with the requests that a caller of the REST API can make. Pure."""

from __future__ import annotations

from mcp_ads.engine.answers.plan_text import CARRIES_OUT
from mcp_ads.sdk.words import Words

EXECUTE = "POST …/execute"
PLANS = "…/plans"


class RestWords(Words):
    """Plans are applied and looked at under the address of their connector."""

    def plan(self, text: str, plan_id: str) -> str:
        """A plan's text with the request that carries it out; the rest stays letter by letter."""
        request = CARRIES_OUT.replace("ads_apply(plan_id)", self._applied(plan_id))
        return self._pages(text.replace(CARRIES_OUT, request, 1), plan_id)

    def _applied(self, plan_id: str | None) -> str:
        return f"POST {PLANS}/{_bare(plan_id) or '{plan_id}'}/apply"

    def _described(self, arguments: str) -> str:
        _, _, query = arguments.partition("query=")
        if query:
            return f"GET {PLANS}/{_bare(query.partition(' ')[0])}"
        return f"GET {PLANS}" if not arguments.strip() else "GET …/inspect"


def _bare(word: str | None) -> str:
    plain = (word or "").strip().strip("\"'")
    return "" if plain == "plan_id" else plain


REST = RestWords(execute=EXECUTE, account_ids="")
