"""One step of a plan: a validated write with what it changes, what it costs and what was there before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from mcp_ads.core import Account
from mcp_ads.core.money import plain
from mcp_ads.core.write import Does

from .references import refs_in
from .sent import Sent

State = Literal["ready", "sending", "done", "failed", "unknown"]
REQUEST = ("method", "url", "body")
"""What every request of a step has, as text."""
MOST_NAME = 60
LIMIT = "limit"
"""The role of an amount that only limits what others let be spent."""
PEAK = "peak"
"""The role of what an amount comes to for some time; only caps count it."""
_BREAK = re.compile(r"[^\S ]+")
_ID = re.compile(r"[A-Za-z0-9:_@.-]{0,80}", re.ASCII)


@dataclass(frozen=True)
class Budget:
    """What a step does to one amount, in major units; None before is a new one, None after is none any more.

    `given` says that the call sets it; otherwise it begins or ceases to be spent because delivery does.
    `live` says that it is spent at once. `whose` is the parent it belongs to, when it is not the object's
    own or its children's. `role` is what the amount is: a budget, a cap on one, a floor under one. `pace` is
    what an amount for the whole run comes to a day, rounded up, where the step raises that, and `paced` what
    it came to before. `inherited` says whose the amount before is, when the object had none of its own,
    `then` is the amount that counts where the call sets none, or takes it away. `counted` is how much of what
    begins to be spent earlier steps have added. `owner` is the object whose daily budget another one raises.
    `from_live`: the amount after was worked out of the one before.
    """

    field: str
    per: str
    currency: str
    before: str | None = None
    after: str | None = None
    given: bool = True
    live: bool = False
    whose: str = ""
    role: str = "budget"
    pace: str | None = None
    inherited: str = ""
    paced: str | None = None
    counted: str | None = None
    then: str | None = None
    owner: str = ""
    from_live: bool = False

    @property
    def rise(self) -> Decimal:
        """How much more may be spent after the step than before."""
        return Decimal(self.after or 0) - Decimal(self.before or 0)

    @property
    def hurry(self) -> Decimal:
        """How much more of an amount for a whole run is spent in a day than before."""
        return Decimal(self.pace) - Decimal(self.paced or 0) if self.pace else Decimal(0)

    @property
    def pays(self) -> bool:
        """Whether it is a budget; spend caps, minimum spends and bids only limit one."""
        return self.per in ("day", "lifetime") and self.role == "budget"

    @property
    def unlimited(self) -> bool:
        """Whether a spend cap is taken away, after which anything may be spent."""
        return self.per != "bid" and self.role == "cap" and self.before is not None and self.after is None

    @property
    def frees(self) -> bool:
        """Whether a limit is taken away from what others let be spent."""
        return self.role == LIMIT and self.after is None

    @property
    def amount(self) -> str:
        """The amount after, or before where there is none after, with its currency and period."""
        return f"{self.after or self.before or '0'} {self.currency}{' a day' if self.per == 'day' else ''}"

    def text(self) -> str:
        if self.then and not self.given:
            return f"{self.then} {self.currency}{f' ({self.inherited})' if self.inherited else ''}"
        if self.after is None:
            later = f"{self.then} {self.currency} (inherited)" if self.then else "none"
            return f"{self.amount} → {later}"
        if self.inherited:
            return f"{self.before} ({self.inherited}) → {self.amount}"
        return f"{self.before} → {self.amount}" if self.before else self.amount


@dataclass
class Step:
    """A write of one object, ready to be sent; JSON through and through, never with credentials.

    `asked` are the parameters as the agent gave them, `params` the validated ones with money settled,
    `before` the watched fields as the platform had them, `requests` what will be sent, without headers,
    `sent` what of several requests was sent, in order. `lost` is what goes because a whole object is
    replaced. `spend_unknown` says why its spend is unknown; `item` is its index in the call, `label` what its
    errors call it. `ending` is what puts the object away (archive, delete, cancel), `switches` are the fields
    with its state, `pauses` says that switching it off is all it does, `place` is what its plan's id calls an
    account, `holder` what it calls the page or the like that owns the object in an account's place. `raw`
    says that somebody wrote the request out, and `moves` what in it may deliver or move money. `does` and
    `effect` are what the write says of itself. `prominent` stands in its plan whole. `stays` is what no undo
    takes back although it is not final. `connection` are the hosts it is for, `connection_name` whose
    credentials it is sent with: empty for those of the base variables. `signed_in` is who had signed in
    there, on which app. `along` goes with the object; None is not known. `within` are its parents. `waits`
    are warnings, each with the entity and the ids of which another step may switch one on. `decided_by` are
    the values that decided in a selection, one by one. `proven` says that reading has shown what it made.
    """

    connector: str
    connection: str
    entity: str
    action: str
    noun: str
    asked: dict[str, Any]
    params: dict[str, Any]
    account: dict[str, Any] | None
    subject: str
    name: str
    before: dict[str, Any]
    changes: dict[str, Any]
    requests: list[dict[str, Any]]
    budgets: list[Budget] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    delivers: bool = False
    irreversible: str = ""
    spend_unknown: str = ""
    item: int = 0
    label: str = ""
    does: Does | Literal[""] = ""
    effect: str = ""
    stays: list[str] = field(default_factory=list)
    waits: dict[str, list[str]] = field(default_factory=dict)
    along: Sequence[str] | None = field(default_factory=list)
    prominent: list[str] = field(default_factory=list)
    ending: str = ""
    switches: list[str] = field(default_factory=list)
    pauses: bool = False
    place: str = ""
    holder: str = ""
    connection_name: str = ""
    signed_in: dict[str, str] = field(default_factory=dict)
    within: list[str] = field(default_factory=list)
    raw: bool = False
    moves: list[str] = field(default_factory=list)
    decided_by: list[str] = field(default_factory=list)
    state: State = "ready"
    id: str = ""
    error: dict[str, Any] | None = None
    proven: bool = False
    sent: list[Sent] = field(default_factory=list)

    @property
    def decided(self) -> str:
        """The values that decided, in one line."""
        return ", ".join(self.decided_by)

    @property
    def begun(self) -> bool:
        """Whether some of its requests were sent, and others are to follow."""
        return self.state == "ready" and bool(self.sent)

    @property
    def put_off(self) -> bool:
        """Whether nothing of it was done for a reason that passes: it waits for another call."""
        return self.state == "ready" and self.error is not None

    @property
    def resumable(self) -> bool:
        """Whether it can go on although its process ended while it was being sent."""
        known = not self.sent or self.sent[-1].state == "done" or bool(self._last.get("resumes"))
        return len(self.requests) > 1 and known

    @property
    def _last(self) -> dict[str, Any]:
        return self.requests[self.sent[-1].part - 1]

    @property
    def doubtful(self) -> dict[str, Any]:
        """The request of unknown outcome after others of its step, where another call shows it."""
        unknown = len(self.sent) > 1 and self.sent[-1].state == "sending" and "shown" in self._last
        return self._last if unknown else {}

    def forget_addresses(self) -> None:
        """Keep no address and no token an answer gave: they open a place to write to, which nobody needs."""
        for sent in self.sent:
            sent.kept = {
                name: value
                for name, value in sent.kept.items()
                if "://" not in str(value) and not name.lower().endswith("token")
            }

    @property
    def files(self) -> dict[str, int]:
        """The kept files it sends: their hashes, and how many bytes each has."""
        return {file["sha256"]: file["size"] for sent in self.requests for file in sent.get("files", ())}

    def __post_init__(self) -> None:
        self.does = self.does or ("changes" if self.subject else "makes")

    @property
    def makes(self) -> bool:
        """Whether there is an object more after it."""
        return self.does == "makes"

    @property
    def erases(self) -> bool:
        """Whether the object is not there any more after it, rather than in another state."""
        return self.ending == "delete" and not self.changes and not self.raw

    @property
    def shows(self) -> bool:
        """Whether reading the object can show that it was done."""
        return self.makes or self.erases or (self.does == "changes" and bool(self.changes))

    @property
    def owner(self) -> Account | None:
        return Account(**self.account) if self.account else None

    @property
    def object_id(self) -> str:
        """The id of the object, once there is one."""
        return self.id or self.subject

    @property
    def target(self) -> str:
        """The object, named so that a person knows it."""
        return " ".join(word for word in (self.noun, shown_id(self.object_id), self.quoted) if word)

    @property
    def quoted(self) -> str:
        """The object's name as the data it is."""
        return quoted(self.name) if self.name else ""

    @property
    def raises(self) -> bool:
        return (
            self.delivers
            or bool(self.spend_unknown)
            or any(
                budget.rise > 0 or budget.unlimited or budget.pace or budget.frees
                for budget in self.budgets
                if budget.per != "bid"
            )
        )

    @property
    def raises_bid(self) -> bool:
        """Whether a bid is higher after the step than before, or there was none."""
        return any(budget.given and budget.per == "bid" and budget.rise > 0 for budget in self.budgets)

    @property
    def lowers(self) -> bool:
        """Whether less may be spent after the step than before, in sum."""
        return sum(budget.rise for budget in self.budgets if budget.pays) < 0

    @property
    def sends(self) -> str:
        """A hash that two raw steps share when they send the same requests; empty for any other step."""
        text = json.dumps([self.connection, self.requests], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32] if self.raw else ""

    @property
    def refs(self) -> list[int]:
        """The steps whose new ids this one needs."""
        return refs_in(self.params)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def quoted(text: str, most: int = MOST_NAME) -> str:
    """Text that advertisers wrote, with all its spaces: in quotes, on one line, cut."""
    line = _BREAK.sub(" ", text)
    return json.dumps(line if len(line) <= most else f"{line[:most]}…", ensure_ascii=False)


def shown_id(text: str) -> str:
    """An id as part of a sentence; quoted and cut when it is none that a platform gives."""
    return text if _ID.fullmatch(text) else quoted(text)


def money(amount: Decimal, currency: str) -> str:
    return plain(amount, currency)
