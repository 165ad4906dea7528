"""Calls as attributes, made from the declarations: `connector.campaigns.list(account_id=…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base import AdsConnector


class EntityCalls:
    """The actions of one entity."""

    def __init__(self, connector: AdsConnector, entity: str) -> None:
        self._connector, self._entity = connector, entity

    def __getattr__(self, action: str) -> ActionCall:
        return ActionCall(self._connector, self._entity, action)


class ActionCall:
    """One action: await it with its parameters."""

    def __init__(self, connector: AdsConnector, entity: str, action: str) -> None:
        self._connector, self._entity, self._action = connector, entity, action

    async def __call__(self, **params: Any) -> Any:
        return await self._connector.execute(self._entity, self._action, params)
