"""What every connector class has: calls, pages, descriptions, and a health check."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self, Unpack, cast

from mcp_ads.connectors import connector as known
from mcp_ads.core import Connector, describe
from mcp_ads.core.recipe import Report
from mcp_ads.errors import AdsError, InvalidParams, UnknownAction
from mcp_ads.sdk import all_pages
from mcp_ads.sdk.arguments import check_names, checked_params, checked_plan_id
from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig
from mcp_ads.sdk.backend import Answered, Backend, Shape
from mcp_ads.sdk.noted import note_call
from mcp_ads.sdk.record import CheckResult, ExecuteResult, Record, answer_record, recorded
from mcp_ads.sdk.shaping import check_shape, shape_of
from mcp_ads.sdk.token_news import OnTokenRefresh
from mcp_ads.sdk.wording import in_words
from mcp_ads.version import __version__

from .answering import answered
from .as_tool import AsTool
from .calls import EntityCalls
from .describing import described, listed
from .given import Options, backend_of
from .paging import pages_of
from .parameters import schema_of

DESCRIBE = "describe"


class AdsConnector(AsTool):
    """One connector with its user's credentials, or a host that keeps them. Everything raises AdsError.

    Entities are attributes, and their actions are awaited: `await connector.campaigns.list(account_id="…")`.
    """

    connector_name: ClassVar[str]
    """Its slug: "linkedin-ads"."""
    connector_version: ClassVar[str] = __version__
    sdk_version: ClassVar[str] = __version__
    auth_config_type: ClassVar[type[AuthConfig]]
    """The class of the platform's own credentials."""

    _region: str | None = None

    def __init__(
        self,
        auth_config: AuthConfig | AirbyteAuthConfig | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
        **options: Unpack[Options],
    ) -> None:
        """With the platform's own credentials calls are carried out in this process, with an
        `AirbyteAuthConfig` (or its fields as keywords) by a host that keeps the credentials; with neither, in
        this process with what the environment has. Nothing is sent yet.

        `account_ids` are the only accounts that may be used; left out, those of the environment. `writes` is
        "plan" (a write answers with a plan, which `apply` carries out), "direct" or "off"; left out, what
        MCP_ADS_WRITES says, or "plan". `env_file`, `home` and `connection` are as in `connect`.
        `backend="airbyte"` has Airbyte's cloud send what is planned and shown here.

        `on_token_refresh` is called with `access_token`, `refresh_token` and `expires_in` (seconds, as text)
        each time this process has exchanged a refresh token for an access token: on LinkedIn and Amazon, at
        the first call and when a token ends or is refused; `refresh_token` is the new one where the platform
        gave one. What it gives to await is awaited beside the call, and what it raises ends no call. It is
        not called for a token that another process got, on Facebook, and with a host.

        Raises BadSettings with one line per mistake, TypeError for an auth config of another kind.
        """
        own, region = self.auth_config_type, self._region
        self._backend = backend_of(self.offer().name, own, auth_config, options, on_token_refresh, region)

    @classmethod
    def over(cls, backend: Backend) -> Self:
        """The connector whose calls a backend carries out that is there already."""
        made = cls.__new__(cls)
        object.__setattr__(made, "_backend", backend)
        return made

    @classmethod
    def offer(cls) -> Connector:
        """What it declares: entities, actions and their parameters."""
        return known(cls.connector_name)

    @property
    def backend(self) -> Backend:
        """What carries out its calls."""
        return self._backend

    @property
    def connector_id(self) -> str | None:
        """The id it has at a host; None in this process, and before the first call looked for it."""
        return self._backend.connector_id

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        select_fields: str | Sequence[str] | None = None,
        exclude_fields: str | Sequence[str] | None = None,
        skip_truncation: bool = True,
        progress: Report | None = None,
    ) -> Any:
        """Carry out one action: an `ExecuteResult` of a list, a `Record` of anything else, whose
        `response_meta` has what the `meta` of a list has.

        A write answers with its plan: `{"status": "planned", "plan_id", "plan", "apply"}`. The action
        "describe" of any entity, or of "", answers `{"text"}`: what there is, and what an action takes
        (`{"action": …}`), or what fits a question (`{"query": …}`).
        """
        note_call()
        shape = shape_of(select_fields, exclude_fields, skip_truncation=skip_truncation)
        with in_words(self._backend):
            check_names(entity, action)
            asked = checked_params(params)
            check_shape(shape)
            if action == DESCRIBE and not self._declares(entity, DESCRIBE):
                return await described(self._backend, entity, asked, shape)
            found = await self._backend.execute(entity, action, asked, shape, progress)
        answer = answered(found, self.offer(), entity, action, asked)
        partial = found.meta.get("partial")
        if partial and not isinstance(answer, ExecuteResult):  # who reads a field need not look at meta
            logging.getLogger("mcp_ads").warning("%s.%s: %s", entity, action, partial)
        return answer

    async def iterate_pages(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        select_fields: str | Sequence[str] | None = None,
        exclude_fields: str | Sequence[str] | None = None,
        skip_truncation: bool = True,
        progress: Report | None = None,
    ) -> AsyncIterator[ExecuteResult]:
        """Every page of a list with its own `meta`; `limit` is the most records in all."""
        shape = shape_of(select_fields, exclude_fields, skip_truncation=skip_truncation)
        async for page in self._pages(entity, action, params, shape, progress):
            yield ExecuteResult(data=recorded(all_pages.rows_of(page)), meta=page.meta)

    async def iterate(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        select_fields: str | Sequence[str] | None = None,
        exclude_fields: str | Sequence[str] | None = None,
        skip_truncation: bool = True,
        progress: Report | None = None,
    ) -> AsyncIterator[Record]:
        """Every record of a list over all its pages; `limit` is the most records in all.

        A page that fails raises: what came before it was yielded, and is never taken for the whole.
        """
        shape = shape_of(select_fields, exclude_fields, skip_truncation=skip_truncation)
        async for page in self._pages(entity, action, params, shape, progress):
            for row in all_pages.whole_rows_of(page):
                yield recorded(row)

    async def apply(self, plan_id: str, *, progress: Report | None = None) -> Record:
        """Carry out a plan, once: `{"status": "applied", "plan_id", "text", "undo", "steps"}`.

        Where the account has changed meanwhile nothing is sent, and the answer is a fresh plan, of status
        "planned"; "pending" goes on when it is called again. Raises OutcomeUnknown where the outcome of any
        step is unknown, PartlyDone where only some were done, and the platform's refusal where none was; the
        error has `plan_id`, and what would have been answered as `outcome`.
        """
        note_call()
        with in_words(self._backend):
            found = await self._backend.apply(checked_plan_id(plan_id), progress)
        return cast("Record", answer_record(found.data, found.meta))

    async def plan(self, plan_id: str) -> str:
        """The whole text of a plan that a person approves: each step, the money, and when it expires.

        What a host showed in the answer of its write is remembered by this connector; it is asked for
        others. Raises UnknownPlan, PolicyError.
        """
        with in_words(self._backend):
            return await self._backend.plan(checked_plan_id(plan_id))

    async def plans(self) -> list[Record]:
        """The plans kept of this connector and the accounts that may be used, the oldest first: in this
        process's home, or at the host, where those of its tokens for /mcp are among them.

        Raises NotConfigured where the host lists none, as Airbyte's.
        """
        with in_words(self._backend):
            return cast("list[Record]", recorded(await self._backend.plans()))

    async def check(self) -> CheckResult:
        """Whether the platform gives one account; `error` says what did not answer; raises no AdsError."""
        note_call()
        entity, found = self.offer().accounts.entity, Answered(None)
        try:
            found = await self._backend.execute(entity, "list", {"limit": 1}, Shape())
            error = str(found.meta.get("partial") or found.meta.get("errors") or "")
        except AdsError as failed:
            error = "; ".join(filter(None, [*failed.lines, failed.fix and f"fix: {failed.fix}"]))
        return CheckResult(
            status="healthy" if found.data or not error else "unhealthy",
            error=error or None,
            checked_entity=entity,
            checked_action="list",
        )

    @classmethod
    def list_entities(cls) -> list[dict[str, Any]]:
        """Each entity as `{"entity_name", "description", "available_actions"}`; asks nobody."""
        return listed(cls.offer())

    @classmethod
    def entity_schema(cls, entity: str) -> dict[str, Any]:
        """Each action of an entity as `{"risk", "summary", "params_schema" (JSON Schema)}`; asks nobody.

        Raises UnknownAction with the closest names.
        """
        return {
            name: {"risk": kind.risk, "summary": describe.summary(kind), "params_schema": schema_of(kind)}
            for name, kind in cls.offer().entity(entity).actions.items()
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._backend.close()

    def __getattr__(self, entity: str) -> EntityCalls:
        """The calls of one entity: `connector.campaigns.list(account_id=…)`."""
        if entity.startswith("_"):
            raise AttributeError(entity)
        try:
            return EntityCalls(self, self.offer().entity(entity))
        except UnknownAction as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.offer().names()]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    def _declares(self, entity: str, action: str) -> bool:
        offer = self.offer()
        return entity in offer.names() and action in offer.entity(entity).actions

    async def _pages(
        self,
        entity: str,
        action: str,
        given: Mapping[str, Any] | None,
        shape: Shape,
        progress: Report | None,
    ) -> AsyncIterator[Any]:
        note_call()
        with in_words(self._backend):
            check_names(entity, action)
            params = checked_params(given)
            check_shape(shape)
            offer = self.offer()
            action = offer.meant(entity, action, params)
            kind = offer.action(entity, action)
            if kind.risk != "read":
                raise InvalidParams(f"{entity}.{action} is a write, which has no pages: use execute")
            async for page in pages_of(self._backend, kind, (entity, action, params), shape, progress):
                yield page
