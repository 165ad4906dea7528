"""Which accounts there are, which may be used, which is meant, and whose an object is."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict, astuple, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action
from mcp_ads.core.action import in_path
from mcp_ads.core.own_records import own_records
from mcp_ads.engine.records.store import Records
from mcp_ads.engine.wire.gathering import at_once
from mcp_ads.errors import ApiError, AuthError, InvalidParams, NotFound, OutOfScope, PlatformDown

from .allowed import Allowed
from .within import keep_within

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection

DAY = 86_400.0
LISTED = 10
MOST_ACCOUNTS = 1000
MOST_NAME = 60
_NAME = re.compile(r"\w+", re.ASCII)


class Accounts(Allowed):
    """The accounts of one connection: an allow-list from the settings, and the platform's facts for a day."""

    def __init__(self, session: Connection, records: Records) -> None:
        super().__init__(session)
        name = f"{session.connector.name}-{session.identity}"
        self._facts = records.facts(f"{name}-accounts", DAY)
        self._owners = records.facts(f"{name}-owners", 30 * DAY)
        self._lock = asyncio.Lock()
        self._known: dict[str, Account] = {}
        self.gaps: list[str] = []
        """Why the accounts last listed are not all there are; empty when they are."""

    async def get(self, account_id: str) -> Account:
        """The account's currency, time zone and region. Raises OutOfScope, NotFound."""
        self.check(account_id)
        if account_id not in self._known:
            self._known[account_id] = await self._look_up(account_id)
        return self._known[account_id]

    async def all(self) -> list[Account]:
        """Every account that may be used."""
        listed = await self._listed()
        return [account for account in listed if self.may_use(account.id)]

    async def default(self) -> str:
        """The account meant when none is named. Raises InvalidParams with the list when there are several."""
        usual = self._session.platform.default_account
        if usual and (not self.allowed or usual in self.allowed):
            return usual
        if len(self.allowed) == 1:
            return self.allowed[0]
        accounts = await self.all()
        if len(accounts) == 1 and not self.gaps:
            return accounts[0].id
        gaps = "".join(f"; {gap}" for gap in self.gaps)
        raise InvalidParams(
            f"{self.param}: missing, required; {choices(accounts)}{gaps}", fix=self._which(accounts)
        )

    def _which(self, accounts: list[Account]) -> str:
        """Advice on which account to name, or on what to check where the credentials see none."""
        if accounts or self.gaps:
            entity = self._session.connector.accounts.entity
            more = f"; {entity}.list has them all" if len(accounts) > LISTED else ""
            return f"name the account that was meant, or ask which{more}"
        listed = f"; {self.listed_in} are others only" if self.allowed else ""
        return f"the user checks what these credentials may see ({self._session.connector.where}){listed}"

    async def owner(self, object_id: str, *, sure: bool = True) -> str:
        """The account that owns an object, asked once; empty when no account does. Raises ApiError.

        That nobody does is believed for as long, and asked again where it has to be `sure`.
        """
        ownership = self._session.connector.owner
        assert ownership
        known = self._owners.get(object_id)
        if isinstance(known, str) and (known or not sure):
            return known
        owner = ""
        for ask in ownership.asks:
            try:
                answer = await self._session.send(ask(object_id))
            except ApiError as error:
                if not ownership.nobody(error):
                    raise
                if ownership.untold(error):
                    self.refuse_strays([f"{object_id}: the platform does not say which account's it is"])
                    return ""
            else:
                plain = self._session.connector.plain_id
                owner = ownership.read(own_records([answer], "id", object_id, plain)[0])
                break
        self._owners.put(object_id, owner)
        return owner

    async def lists(self, account_id: str) -> bool:
        """Whether the platform lists an account to these credentials, and it may be used. Raises AdsError."""
        return any(account.id == account_id for account in await self.all())

    def forget(self) -> None:
        """Have the accounts listed anew: one was made, changed or put away."""
        self._facts.put("all", None)
        self._known.clear()

    def known_owner(self, object_id: str) -> str:
        """The account that is known to own an object, without asking; empty where none is."""
        known = self._owners.get(object_id)
        return known if isinstance(known, str) else ""

    def own(self, object_id: str, account_id: str) -> None:
        """Note the owner of an object we made."""
        self._owners.put(object_id, account_id)

    async def of(self, call: Action) -> Account | None:
        """The account a call is for: named by it, or the owner of its object; None when no account owns it.

        Raises OutOfScope for a foreign one, or one not told, and InvalidParams when the two differ, or it is
        yet to be made.
        """
        self.refuse_strays(call.strays())
        named, ids = call.about(self.param)
        if named.startswith("@"):
            raise InvalidParams(
                f"{self.param}: the account has to be there",
                fix="apply the plan that makes it, then plan this",
            )
        if named:
            self.check(named)
        account = await self._told(call, named, ids)
        apart = call.whose.kind != "parameter" or self.param not in in_path(type(call))
        if self.limited or (named and call.risk == "read" and apart):
            await keep_within(self._session, self, call, named)
        return account

    async def _told(self, call: Action, named: str, ids: list[str]) -> Account | None:
        """The account, by its name or by the objects that the call is about."""
        if not ids or self._session.connector.owner is None:
            return await self._named(call, named)
        if call.whose.kind == "none":
            await self._refuse_owned(call, ids)
            return await self._named(call, named)
        if call.risk == "read" and not self.limited and not named and not self._money(call):
            return None
        owners = [await self.owner(id_, sure=call.risk != "read") for id_ in ids]
        for id_, owner in zip(ids, owners, strict=True):
            if named and owner and named != owner:
                where = f"{call.subject}: " if call.subject else ""
                raise InvalidParams(f"{where}{id_} belongs to account {owner}, not {named}")
        if not all(owners):
            self.refuse_strays(call.strays_from_nobodys())
        found = [await self.get(owner) for owner in dict.fromkeys(owners) if owner]
        return found[0] if len(found) == 1 else None

    async def _refuse_owned(self, call: Action, ids: list[str]) -> None:
        """Raise for an ad account's object under the name of what no ad account owns: OutOfScope for one of
        an account outside the allow-list, else InvalidParams. Without a list, reading is not looked into.
        """
        if call.risk == "read" and not self.limited:
            return
        for object_id in ids:
            if owner := await self.owner(object_id, sure=call.risk != "read"):
                self.check(owner)
                where = f"{call.subject}: " if call.subject else ""
                raise InvalidParams(
                    f"{where}{object_id} belongs to ad account {owner}, and what this is about to none",
                    fix="use the entity for that kind of object",
                )

    async def _named(self, call: Action, account_id: str) -> Account | None:
        """The account that a call names, which has to be one where an account owns what it is about."""
        if account_id:
            return await self.get(account_id)
        if self.limited and call.whose.kind == "parameter":
            which = f": {', '.join(self.allowed)}" if self.allowed else ""
            raise OutOfScope(f"{self.param}: missing, and only some accounts are allowed{which}")
        return None

    def _money(self, call: Action) -> bool:
        """Whether it shows amounts, also inside what it expands."""
        named, kinds = {name for column in call.columns() for name in _NAME.findall(column)}, call.kinds()
        if not named and call.spooled:
            return any(column.kind == "money" for column in kinds.values())
        return any(name.endswith("_major") or f"{name}_major" in kinds for name in named)

    async def _look_up(self, account_id: str) -> Account:
        if known := _accounts([self._facts.get(account_id)]):
            return known[0]
        for account in await self._listed():
            if account.id == account_id:
                return account
        try:
            return await self._read(account_id)
        except (NotFound, PlatformDown):
            if not self.gaps:
                raise
            missing = f"{self.param}: {account_id} was not found, but {'; '.join(self.gaps)}"
            raise PlatformDown(missing, fix="call again in a minute") from None

    async def _read(self, account_id: str) -> Account:
        """An account the platform does not list but may let us see, in whichever region it is."""
        source, session = self._session.connector.accounts, self._session
        action, regions = session.connector.action(source.entity, "get"), [*session.platform.hosts]
        params: dict[str, Any] = {source.param: account_id}
        if source.fields:
            params["fields"] = list(source.fields)
        asked = action.model_validate(params).to_request()
        answers = await at_once(session, [replace(asked, region=region) for region in regions], None)
        for region, row in zip(regions, answers, strict=True):
            if not isinstance(row, ApiError):
                [record] = own_records([row], source.param, account_id, session.connector.plain_id)
                account = replace(source.account(record), region=region)
                self._facts.put(account_id, asdict(account))
                return account
        error = next((answer for answer in answers if not isinstance(answer, NotFound)), answers[0])
        if isinstance(error, NotFound):
            only = f" in {', '.join(regions)}" if len(regions) < len(session.connector.hosts) else ""
            error.args = (f"{self.param}: no account {account_id}{only}, or the credentials may not see it",)
            error.fix = f"unset {session.platform.prefix}_REGION to ask all regions" if only else ""
        raise error

    async def _listed(self) -> list[Account]:
        async with self._lock:
            kept = self._facts.get("all")
            if isinstance(kept, list) and (known := _accounts(kept)) is not None:
                self.gaps = []
                return known
            accounts = await self.ask()
            if not self.gaps:
                self._facts.put("all", [asdict(account) for account in accounts])
            return accounts

    async def ask(self) -> list[Account]:
        """The accounts as the platform lists them now; `gaps` says what is not among them."""
        from mcp_ads.engine.wire.flows import drive, is_recipe
        from mcp_ads.engine.wire.pages import rows_of

        source, session = self._session.connector.accounts, self._session
        action = session.connector.action(source.entity, "list")
        call = action.model_validate({"fields": list(source.fields)} if source.fields else {})
        if is_recipe(call):
            result = await drive(session, call, session.context(None))
            rows, self.gaps = list(result.data), list(result.meta.get("warnings", []))
        else:
            try:
                rows, self.gaps = await rows_of(session, call, MOST_ACCOUNTS), []
            except AuthError as error:
                if (other := call.instead(error)) is None:
                    raise
                result = await drive(session, other, session.context(None))
                rows, self.gaps = list(result.data), list(result.meta.get("warnings", []))
        if len(rows) >= MOST_ACCOUNTS:
            self.gaps.append(f"only the first {MOST_ACCOUNTS} accounts were read")
        return [source.account(row) for row in rows]


def _accounts(kept: list[Any]) -> list[Account] | None:
    """Accounts as they were kept; None when they were written in another shape."""
    try:
        accounts = [Account(**record) for record in kept]
    except TypeError:
        return None
    return (
        accounts if all(isinstance(part, str) for account in accounts for part in astuple(account)) else None
    )


def choices(accounts: list[Account]) -> str:
    """The accounts to choose from, in words."""
    shown = ", ".join(
        f"{account.id} ({', '.join(filter(None, [quoted(account.name), account.country, account.currency]))})"
        for account in accounts[:LISTED]
    )
    more = f" and {len(accounts) - LISTED} more" if len(accounts) > LISTED else ""
    return f"the accounts are {shown}{more}" if accounts else "the credentials see no account"


def quoted(name: str) -> str:
    """A name someone chose, as data."""
    text = json.dumps(name[:MOST_NAME], ensure_ascii=False)
    return text if len(name) <= MOST_NAME else f'{text[:-1]}…"'
