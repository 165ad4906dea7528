"""Calls as attributes, made from the declarations: `connector.campaigns.list(account_id=…)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Entity, describe
from mcp_ads.core.door import with_records
from mcp_ads.errors import UnknownAction
from mcp_ads.sdk.record import ExecuteResult

from .parameters import SDK, signature_of

if TYPE_CHECKING:
    from .base import AdsConnector


class EntityCalls:
    """The actions of one entity."""

    def __init__(self, connector: AdsConnector, entity: Entity) -> None:
        self._connector, self._entity = connector, entity
        self.__doc__ = entity.doc

    def __getattr__(self, action: str) -> ActionCall:
        if action.startswith("_"):
            raise AttributeError(action)
        offer = self._connector.offer()
        meant = offer.meant(self._entity.name, action, {})
        try:
            self._entity.action(meant, offer.name)
        except UnknownAction as error:
            raise AttributeError(str(error)) from None
        return ActionCall(self._connector, self._entity, meant)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._entity.actions]

    def __repr__(self) -> str:
        return f"<{self._connector.connector_name} {self._entity.name}: {', '.join(self._entity.actions)}>"


class ActionCall:
    """One action: await it with its parameters; of a list, `pages` and `rows` go on by themselves."""

    def __init__(self, connector: AdsConnector, entity: Entity, action: str) -> None:
        self._connector, self._entity, self._action = connector, entity, action
        self._kind = entity.actions[action]
        self.__name__, self.__qualname__ = action, f"{entity.name}.{action}"
        with with_records():
            named, account = connector.connector_name, connector.offer().accounts.param
            self.__doc__ = describe.page(named, entity.name, action, self._kind, account=account)
        self.__signature__ = signature_of(connector.offer(), entity.name, action)

    async def __call__(self, **params: Any) -> Any:
        asked, beside = self._split(params)
        return await self._connector.execute(self._entity.name, self._action, asked, **beside)

    def pages(self, **params: Any) -> AsyncIterator[ExecuteResult]:
        """Every page of a list; `limit` is the most records in all."""
        asked, beside = self._split(params)
        return self._connector.iterate_pages(self._entity.name, self._action, asked, **beside)

    def rows(self, **params: Any) -> AsyncIterator[Any]:
        """Every record of a list over all its pages; a page that fails raises."""
        asked, beside = self._split(params)
        return self._connector.iterate(self._entity.name, self._action, asked, **beside)

    def __repr__(self) -> str:
        with with_records():
            signature = describe.signature(self._entity.name, self._action, self._kind)
        return f"<{self._connector.connector_name} {signature}>"

    def _split(self, params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The action's parameters without those that are None, and the keywords of every call."""
        given = {name: value for name, value in params.items() if value is not None}
        ours = [name for name in SDK if name in given and name not in self._kind.model_fields]
        beside = {name: given.pop(name) for name in ours}
        return given, beside
