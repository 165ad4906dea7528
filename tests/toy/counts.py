"""Counts: asked for, and fetched when they are there."""

from mcp_ads.core import GET, Context, Entity, Flow, Read, Request, Result


class RunCounts(Read):
    """Count the people who came by one stall."""

    stall_id: str

    http, lean = GET("/stalls/{stall_id}/counts"), ("hour", "people")

    def flow(self, context: Context) -> Flow:
        order = yield self.to_request()
        sheet = yield Request("GET", f"/counts/{order['slip']['number']}")
        return Result([{"hour": row["h"], "people": row["n"] + 0} for row in sheet["rows"]])


counts = Entity(run=RunCounts)
