"""Everything that outlives a call, in the database: for the engine of one workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from mcp_ads.auth.tokens import fingerprint
from mcp_ads.engine.records.audit import AuditLog
from mcp_ads.engine.records.cache import Cache
from mcp_ads.engine.records.notes import Notes
from mcp_ads.engine.records.results import Results
from mcp_ads.engine.records.shelf import Shelf
from mcp_ads.engine.records.spool import Spool
from mcp_ads.files.lock import wait_for
from mcp_ads.host.keys import Keys
from mcp_ads.host.store.database import Database
from mcp_ads.host.store.tables import TOKENS

from .audit import TableSheet
from .blobs import SqlBlobs
from .papers import SqlPlace
from .plans import SqlPlans
from .recording import recorded
from .spool import SharedSpool
from .tokens import SqlTokens

UNUSED = 60 * 86_400.0
"""Seconds after which facts and tokens that were not written anew are of connectors as they once were."""
MOST_BYTES, MOST_KEPT = 64 * 2**20, 2_000


class SqlRecords:
    """The records of one workspace; its audit log and its turns at accounts are those of its organization.

    `folder` is the host's data folder, for what only this machine needs. `redact` takes secrets out of what
    is written down of changes; the engine that these records are given to sets its own.
    """

    def __init__(
        self,
        database: Database,
        keys: Keys,
        organization_id: str,
        workspace_id: str,
        folder: Path,
        redact: Callable[[str], str] = str,
    ) -> None:
        self._database, self._keys, self.redact = database, keys, redact
        self._organization, self._workspace = organization_id, workspace_id
        self._folder = folder / "workspaces" / workspace_id
        self._locks = database.locks(folder / "locks")

    @cached_property
    def plans(self) -> SqlPlans:
        return SqlPlans(self._database, self._locks, self._workspace, self._redacted)

    @cached_property
    def audit(self) -> AuditLog:
        sheet = TableSheet(self._database, self._organization, self._workspace)
        return AuditLog(sheet, self._redacted)

    def _redacted(self, text: str) -> str:
        return self.redact(text)  # whatever it is by now

    @cached_property
    def blobs(self) -> SqlBlobs:
        return SqlBlobs(self._database, self._workspace)

    @cached_property
    def spool(self) -> Spool:
        folder = self._folder / "spool"  # which all workers have where the database is a file beside it
        if self._database.is_sqlite:
            return Spool(folder)
        return SharedSpool(folder, self._database, self._workspace)

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self._place("lists"))

    @cached_property
    def results(self) -> Results:
        return Results(self._place("results"))

    @cached_property
    def notes(self) -> Notes:
        return Notes(self._place("notes"))

    def facts(self, name: str, seconds: float) -> Cache:
        return Cache(self._tidied("facts"), name, seconds)

    def tokens(self, *identity: str) -> SqlTokens:
        whose = self._organization, self._workspace
        return SqlTokens(self._tidied(TOKENS), self._keys, self._locks, whose, fingerprint(*identity))

    def _place(self, kind: str) -> SqlPlace:
        return SqlPlace(self._database, self._workspace, kind)

    def _tidied(self, kind: str) -> SqlPlace:
        """A place without what was of credentials that nobody has any more."""
        place = self._place(kind)
        place.tidy(seconds=UNUSED, most_bytes=MOST_BYTES, most_files=MOST_KEPT)
        return place

    async def hold(self, stack: contextlib.ExitStack, name: str, seconds: float) -> None:
        with recorded("turns at accounts"):
            await wait_for(stack, lambda: self._locks.locked("account", self._organization, name), seconds)
