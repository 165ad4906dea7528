"""Airbyte's API below a connection: the platform's requests travel as executions of its connector there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from mcp_ads.auth.hosted import Host, TooLarge, hosted_client
from mcp_ads.auth.hosted_connectors import CONNECTORS, is_known, look_up
from mcp_ads.core import Connector, Reply, Request
from mcp_ads.core.carried import Carrier, Execution
from mcp_ads.errors import ApiError, Rejected

from .airbyte_answers import Asked, result_of, too_large
from .carried import carrier_of
from .heard import hear
from .intents import intent
from .unproven import doubted

if TYPE_CHECKING:
    from mcp_ads.platforms import Airbyte

AT_ONCE = 8
"""Executions that one request for several objects may be at the same time."""


class AirbyteConnector(httpx.Auth):
    """One connector in Airbyte's cloud, found when it is first used. As credentials it adds none of ours."""

    def __init__(self, known: Airbyte, connector: Connector, learned: Callable[[str], None]) -> None:
        self.connector, self._workspace = connector, known.workspace
        self.host = Host(known.base, known.client_id, known.client_secret, known.organization_id)
        self.client = hosted_client(self.host, learned)
        self._given, self._id, self._looking = known.connector_id, known.connector_id, asyncio.Lock()

    async def token(self) -> str:
        """The connector's id, known before anything of the platform's is sent. Raises AdsError."""
        async with self._looking:
            if not self._id:
                self._id = await look_up(self.client, self.host, self.connector.name, self._workspace)
        return self._id

    @property
    def found(self) -> str:
        """The id that was looked up; empty where it is configured, or before it was."""
        return "" if self._given else self._id

    def _forget(self, gone: str) -> None:
        """Look for the connector again when it is next used; one that is configured stays what it is."""
        if not self._given and self._id == gone:
            self._id = ""

    async def reached(self) -> str:
        """The connector's id, with a token that was got for it. Raises AdsError."""
        auth: Any = self.client.auth
        await auth.token()
        return await self.token()

    async def execute(self, execution: Execution) -> tuple[Any, dict[str, Any]]:
        """What the connector there answers, and what it says beside that. Raises AdsError.

        Where a connector that was looked up is gone, reads go to the one that is there now.
        """
        there = await self.token()
        response, asked = await self._sent(execution, there)
        if asked.known is False:
            self._forget(there)
            if not asked.change and (other := await self.token()) != there:
                response, asked = await self._sent(execution, other)
        return result_of(asked, response)

    async def _sent(self, execution: Execution, there: str) -> tuple[httpx.Response, Asked]:
        operation, request = execution.operation, execution.request
        body = {
            "entity": operation.entity,
            "action": operation.action,
            "params": dict(execution.params),
            "skip_truncation": True,
        }
        change = request.risk != "read"
        body |= {"intent": intent()} if change else {}
        path = f"{CONNECTORS}/{quote(there, safe='')}/execute"
        try:
            response = await self.client.post(path, json=body, extensions={"once": change})
        except TooLarge as error:
            raise too_large(request, error) from None
        missing = response.status_code == httpx.codes.NOT_FOUND
        known = await is_known(self.client, there) if missing else True
        return response, Asked(self.host, self.connector, request, known, bool(self._given))


class AirbyteTransport(httpx.AsyncBaseTransport):
    """Has Airbyte carry out what a platform is asked, and answers as the platform does."""

    def __init__(self, carrier: Carrier, connector: AirbyteConnector) -> None:
        self._carrier, self._connector = carrier, connector

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked: Request = request.extensions["asked"]
        executions = self._carrier.executions(asked)
        hear(dict.fromkeys(remark for execution in executions for remark in execution.remarks))
        if self._carrier.joined is None or (len(executions) == 1 and executions[0].request == asked):
            reply = await self._one(executions[0])
        else:
            reply = self._carrier.joined(asked, await self._each(executions))
        return httpx.Response(reply.status, headers=reply.headers, content=reply.content, request=request)

    async def _one(self, execution: Execution) -> Reply:
        for proof, found in zip(execution.proofs, await self._each(execution.proofs), strict=True):
            if isinstance(found, ApiError):
                found.args = (f"it is not known to be there, {proof.request.call}: {found}",)
                raise found
        result, meta = await self._connector.execute(execution)
        request = execution.request
        if request.risk != "read" and not self._carrier.shown(execution, result, meta):
            doubted(request.call)
        return self._carrier.reply(execution, result, meta)

    async def _each(self, executions: Sequence[Execution]) -> list[Reply | ApiError]:
        """What each read answers, or why it is refused; what else goes wrong with one does with all."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(execution: Execution) -> Reply | ApiError:
            async with room:
                try:
                    return await self._one(execution)
                except Rejected as error:
                    return error

        return list(await asyncio.gather(*map(one, executions)))

    async def aclose(self) -> None:
        await self._connector.client.aclose()


def airbyte_client(known: Airbyte, connector: Connector, learned: Callable[[str], None]) -> httpx.AsyncClient:
    """A client whose requests of the platform's go to Airbyte, without any of the platform's credentials."""
    there = AirbyteConnector(known, connector, learned)
    return httpx.AsyncClient(auth=there, transport=AirbyteTransport(carrier_of(connector), there))
