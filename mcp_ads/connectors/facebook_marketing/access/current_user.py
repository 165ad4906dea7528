"""The user or system user the token belongs to."""

from mcp_ads.connectors.facebook_marketing.types import GraphRead
from mcp_ads.core import GET, NONE, Entity


class GetCurrentUser(GraphRead):
    """Read who the access token belongs to."""

    http, whose = GET("/me"), NONE
    node, lean = "User", ("id", "name")


current_user = Entity(get=GetCurrentUser)
