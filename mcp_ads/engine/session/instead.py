"""What may stand in place of a write's ids and amounts: a condition, and a bid that is worked out."""

from __future__ import annotations

from collections.abc import Mapping

from mcp_ads.core import Action, Connector, Offer, Write, describe
from mcp_ads.core.action import money_of
from mcp_ads.core.bid_to import EXAMPLE
from mcp_ads.core.figures import SELECTING

BID_TO = "bid_to"
STEPS = "steps=[{…}]"


def found_by(connector: Connector, entity: str, action: str, kind: type[Write]) -> str:
    """The parameter whose ids a condition on the entity's list may find; empty where there is none."""
    actions = connector.entity(entity).actions
    lists, get = actions.get("list"), actions.get("get")
    if lists is None or lists.private or action not in SELECTING or entity == connector.accounts.entity:
        return ""
    model = get.subject if get and kind.does == "makes" else ""
    return kind.subject or (model if model in kind.model_fields else "")


def bid_of(kind: type[Write]) -> str:
    """The one parameter of a write that is a bid; empty where it has none, or several."""
    names = [name for name, spend in money_of(kind).items() if spend.per == "bid"]
    return names[0] if len(names) == 1 else ""


def told(connector: Offer, entity: str, name: str) -> Mapping[str, str]:
    """What the page of an action says of it; nothing where no bid is paid by the click."""
    kind = connector.action(entity, name)
    figures = connector.figures.get(entity) if isinstance(connector, Connector) else None
    if not (figures and figures.per_click and issubclass(kind, Write) and kind.does == "changes"):
        return {}
    said = f"{EXAMPLE.removeprefix('such as ')}, or roas, or cost_per_conversion: instead of"
    return {BID_TO: f"{said} {bid}, worked out of the days in over"} if (bid := bid_of(kind)) else {}


def signature(connector: Offer, entity: str, name: str, kind: type[Action]) -> str:
    """An action's line with all that its page names, so that an error tells no less."""
    line = describe.signature(entity, name, kind)
    more = [*told(connector, entity, name), STEPS] if issubclass(kind, Write) else []
    return f"{line.removesuffix(')')}{''.join(f', {one}' for one in more)})"
