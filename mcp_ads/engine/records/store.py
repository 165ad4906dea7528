"""Everything that outlives a call, behind one protocol: private files, or what stands for them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, runtime_checkable

from mcp_ads.auth.tokens import Tokens, fingerprint
from mcp_ads.core import Recalled
from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import NoRecord
from mcp_ads.files.lock import locked, wait_for
from mcp_ads.files.places import FolderPlace
from mcp_ads.files.unwritten import remedy
from mcp_ads.settings import Settings

from .audit import AuditLog, Who
from .blobs import Blob, Blobs
from .cache import Cache
from .lately import Lately
from .notes import Notes
from .plan_store import PlanStore
from .remembered import Memory
from .results import Kept, Results, Source
from .sheet import FileSheet
from .shelf import Shelf

if TYPE_CHECKING:
    from .spool import Spool


class Plans(Protocol):
    """Plans: made in one process, applied in another, never applied twice. All raise NoRecord."""

    def keep(
        self,
        steps: list[Step],
        owner: str,
        excluded: list[dict[str, Any]],
        instead_of: Plan | None = None,
        selections: Sequence[str] = (),
    ) -> Plan:
        """A new plan of these steps, in the place of an open one if named. Raises StalePlan."""

    def add(self, plan: Plan) -> None:
        """Keep a new plan."""

    def get(self, plan_id: str) -> Plan:
        """A plan in whatever state, with what its journal says. Raises UnknownPlan."""

    def all(self) -> list[Plan]:
        """Every plan that is open or was applied, oldest first."""

    def claim(self, plan_id: str) -> contextlib.AbstractContextManager[Plan]:
        """The plan for this holder alone. Raises StalePlan while another has it, UnknownPlan."""

    def release(self, plan: Plan) -> None:
        """Give back a claimed plan nothing was done of."""

    def succeed(self, old: Plan, new: Plan) -> None:
        """Keep a plan in the place of one that is held."""

    def void(self, plan: Plan) -> None:
        """Close an open plan that no other plan replaces."""

    def journal(self, plan: Plan, *indexes: int) -> None:
        """Write down a step's state before going on."""

    def journal_part(self, plan: Plan, index: int, part: int, state: str, kept: Mapping[str, Any]) -> None:
        """Write down that a part of a step is "sending", or "done" with what is kept, or was "refused"."""

    def finish(self, plan: Plan, state: PlanState) -> None:
        """Write down what the plan became."""

    def lost(self, plan: Plan) -> list[int]:
        """The steps that were being sent when their process died, by index: unknown from now on."""


class Audit(Protocol):
    """The log of changes; where it cannot be written, nothing is changed."""

    @property
    def place(self) -> str:
        """Where the log is, for people to read."""

    def check(self) -> None:
        """Raise NoRecord when a line could not be written."""

    def note(self, step: Step, who: Who, plan_id: str = "", ref: str = "") -> None:
        """Write down one step that is about to be sent, or was done, refused or lost. Raises NoRecord."""

    def note_all(self, steps: Iterable[tuple[Step, str]], who: Who, plan_id: str = "") -> None:
        """Write down several steps at once, each with its `ref`. Raises NoRecord."""

    def size(self) -> int:
        """A number that is the same while nobody has changed anything."""

    def changed(self) -> dict[tuple[str, str], float]:
        """When something was last changed in 24 hours, or may have been, by connector and account."""

    def lately(self) -> Lately:
        """What the log knows of the last 24 hours, in one reading."""

    def gap(self) -> str:
        """Why what was changed in the last 24 hours may not all be in this log; empty when it is."""


class KeptFiles(Protocol):
    """Files that plans will send, by the SHA-256 of their content."""

    def put(self, content: bytes | BinaryIO, most: int = ...) -> Blob:
        """Keep a file, read in pieces. Raises InvalidParams when it is over `most` bytes, or NoRecord."""

    def open(self, sha256: str) -> BinaryIO:
        """The file's content from its beginning. Raises StalePlan when it is not there any more."""

    def check(self, sha256: str) -> Blob:
        """The file, read whole and found as it was kept. Raises StalePlan when it is gone or differs."""

    def forget(self, sha256: str) -> None:
        """Keep a file no longer; nothing happens where there is none."""


class Facts(Protocol):
    """Small facts that cost a request to learn, for a while."""

    def get(self, key: str) -> Any:
        """The value, or None when there is none or it is too old."""

    def put(self, key: str, value: Any) -> None:
        """Keep a value under a key."""


class KeptNotes(Protocol):
    """What recipes note between calls, by name, for some days."""

    def put(self, name: str, facts: Mapping[str, Any]) -> None:
        """Keep facts under a name, in the place of what was there."""

    def get(self, name: str) -> Recalled | None:
        """What is kept under a name, or None."""


class KeptResults(Protocol):
    """What answers were computed from, by handles."""

    def put(self, handle: str, source: Source, owner: str) -> bool:
        """Keep a source under a new handle; False where it cannot be."""

    def get(self, handle: str) -> Kept:
        """What a handle names. Raises InvalidParams where there is nothing of today, or nothing readable."""


class Records(Protocol):
    """What is kept between calls and processes."""

    @property
    def plans(self) -> Plans:
        """Plans that are open, or were applied."""

    @property
    def audit(self) -> Audit:
        """The log of changes."""

    @property
    def blobs(self) -> KeptFiles:
        """Files that plans will send."""

    @property
    def spool(self) -> Spool:
        """The rows of reports."""

    @property
    def shelf(self) -> Shelf:
        """What is left of lists that were shown in part."""

    @property
    def results(self) -> KeptResults:
        """What answers were computed from."""

    @property
    def notes(self) -> KeptNotes:
        """What recipes note between calls."""

    async def hold(self, stack: contextlib.ExitStack, name: str, seconds: float) -> None:
        """Hold a name until the stack ends. Raises Busy when others still have it then, NoRecord."""

    def facts(self, name: str, seconds: float) -> Facts:
        """The facts kept under a name, for so many seconds each."""

    def tokens(self, *identity: str) -> Tokens:
        """Where the access token of a connection is kept."""


@runtime_checkable
class Redacting(Protocol):
    """Records that are made before it is known which secrets there are: the engine tells them."""

    redact: Callable[[str], str]


def redacting(records: Records, redact: Callable[[str], str]) -> Records:
    """The records, told how to take secrets out of what they write down of changes."""
    if isinstance(records, Redacting):
        records.redact = redact
    return records


class FileRecords:
    """The private files of one user in `Settings.records`; no other module names a path in there."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._log = settings.records, settings.audit_path
        self.redact: Callable[[str], str] = str
        self._keyring = "off" if settings.sandbox else settings.keyring

    @property
    def trace(self) -> Path:
        """The file of the last exchanges."""
        return self._folder / "trace.jsonl"

    @cached_property
    def plans(self) -> PlanStore:
        return PlanStore(self._folder / "plans")

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(FileSheet(self._log, Memory(self._folder / "audit.mark")), self.redact)

    @cached_property
    def blobs(self) -> Blobs:
        return Blobs(self._folder / "blobs")

    @cached_property
    def spool(self) -> Spool:
        from .spool import Spool  # SQLite is loaded for the first large result, not before

        return Spool(self._folder / "spool")

    @cached_property
    def results(self) -> Results:
        return Results(FolderPlace(self._folder / "results"))

    @cached_property
    def notes(self) -> Notes:
        return Notes(FolderPlace(self._folder / "notes"))

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(FolderPlace(self._folder / "lists"))

    async def hold(self, stack: contextlib.ExitStack, name: str, seconds: float) -> None:
        folder = self._folder / "locks"
        with _held_in(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            await wait_for(stack, lambda: locked(folder / f"{name}.lock"), seconds)

    def facts(self, name: str, seconds: float) -> Cache:
        return Cache(FolderPlace(self._folder / "cache"), name, seconds)

    def tokens(self, *identity: str) -> Tokens:
        from mcp_ads.auth.vault_tokens import tokens

        return tokens(self._folder, self._keyring, fingerprint(*identity))


@contextlib.contextmanager
def _held_in(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRecord(
            f"accounts cannot be held ({error.strerror}), so nothing is changed",
            fix=remedy(error, folder),
        ) from None
