"""The engine with one connector more: `ads`, whose questions are answered from all the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from mcp_ads.core import Offer, Result, describe, validate
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView, result_in, split
from mcp_ads.engine.answers.facts import stated_of_all
from mcp_ads.engine.door import Engine
from mcp_ads.engine.session.depth import check_depth
from mcp_ads.errors import InvalidParams

from . import ads, is_ads

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


class Desk(Engine):
    """An engine that also answers questions over all platforms."""

    beside = (ads.name,)

    @property
    def served(self) -> list[str]:
        """`ads` first, where there is anything to ask about."""
        settings, there = self.settings, super().served
        used = any(platform.configured for name in there for platform in settings.of(name))
        return [ads.name, *there] if used else there

    def offer(self, name: str) -> Offer:
        """What can be asked under a name; it says of an entity of another connector which tool has it."""
        if is_ads(name):
            return replace(ads, gone=_elsewhere(map(super().offer, super().served)))
        known = super().offer(name)
        return replace(known, gone={**_elsewhere([ads]), **known.gone})

    def sessions(self, name: str) -> list[Session]:
        return [] if is_ads(name) else super().sessions(name)

    async def _recorded(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        if is_ads(connector):
            raise InvalidParams("connector: ads has rows of its own, and no platform's records: use execute")
        return await super()._recorded(connector, entity, action, params, report)

    async def _carry_out(
        self, connector: str, entity: str, action: str, params: dict[str, Any], report: Report | None
    ) -> Result:
        if not is_ads(connector):
            return await super()._carry_out(connector, entity, action, params, report)
        from .plans import MakePlan, made
        from .question import Question

        asked = ads.action(entity, action)
        self.look_again()
        if asked is MakePlan:
            return await made(self, entity, action, params)
        kind = cast("type[Question]", asked)
        check_depth(params)
        if result_in(params):
            from .answering import gone_on

            return await gone_on(self, params, report)
        shown, own = split(kind, params)
        mistakes: list[str] = []
        view = call = None
        try:
            view = validate.build(TableView, shown)
        except InvalidParams as wrong:
            mistakes += wrong.lines
        try:
            call = cast("Question", validate.call(entity, action, kind, own))
        except InvalidParams as wrong:
            mistakes += wrong.lines
        if view is None or call is None:
            raise InvalidParams("\n".join(mistakes), signature=describe.signature(entity, action, kind))
        try:
            result = await call.answered(self, view, report)
        except InvalidParams as error:
            raise validate.in_their_words(kind, own, error) from None
        return stated_of_all(self.every_session, result, call)


def _elsewhere(others: Iterable[Offer]) -> dict[str, str]:
    """The entities of other connectors, each with the tools that have it."""
    there = {f"{other.name}_execute": other.names() for other in others}
    found: dict[str, str] = {}
    for entity in dict.fromkeys(name for names in there.values() for name in names):
        having = [tool for tool, names in there.items() if entity in names]
        like = {
            tool: ", ".join(name for name in names if name.endswith(f"_{entity}"))
            for tool, names in there.items()
            if entity not in names
        }
        said = [f"{' and '.join(having)} {'has' if len(having) == 1 else 'have'} it"]
        found[entity] = "; ".join([*said, *(f"{tool} has {names}" for tool, names in like.items() if names)])
    return found
