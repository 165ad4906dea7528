"""Every error mcp-ads raises, by who can do something about it.

* AdsError
  x CallError            the caller fixes the call; nothing was sent
    + UnknownAction      no such entity or action
    + UnknownConnector   an UnknownAction, and a ValueError: no such connector
    + InvalidParams      the parameters do not fit the action
    + UnknownPlan        no such plan, or it has expired
    + StalePlan          the account has changed since the plan was made
  x PolicyError          a person decides; nothing was sent
    + WritesOff          MCP_ADS_WRITES=off
    + OverCap            over a budget cap
    + OutOfScope         an account outside the allow-list
    + NotConfigured      credentials or settings are missing
    + NoRecord           plans or the audit log cannot be written, so nothing may be changed
    + BadSettings        a setting is malformed; the program does not start
    + NoConnector        a ValueError too: the workspace has no connector of this kind
    + SeveralConnectors  a ValueError too: the workspace has several, and the call does not say which
  x ApiError             the platform answered with an error, or did not answer
    + AuthError          sign in again, or ask for a permission
    + HostRefused        an InvalidParams too: a host of connectors does not take the call as it is
    + RateLimited        wait, then call again
    + Rejected           the platform refused the values
    + NotOffered         a Rejected: what carries the calls cannot say this one; it was not sent
    + NotFound           no such object, or it is not visible
    + PartlyDone         a Rejected: of a request's items some were done and the others refused
    + TooMuch            a PlatformDown: it could not answer so much at once; ask for less
    + PlatformDown       5xx, no connection, or an unreadable answer
    + OutcomeUnknown     a write was sent and its answer lost: look before doing it again
  x ToolError            an agent's tool failed; its text is for the model
  x Unexpected           a fault in mcp-ads itself; its log says more
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self

Sent = Literal["no", "yes", "unknown"]
UNAUTHORIZED = 401


class AdsError(Exception):
    """Base of every error this package raises.

    `sent` says whether a change may have reached the platform; `fix` says who can do what about it. Where a
    program's plan or write was not wholly done, `outcome` is what would have been answered, and `plan_id` its
    plan.
    """

    sent: Sent = "no"
    who: ClassVar[str] = "you"

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix
        self.trace = self.plan_id = ""
        self.outcome: Any = None

    @property
    def lines(self) -> Sequence[str]:
        """One line per mistake."""
        return str(self).splitlines()


class CallError(AdsError):
    """The call does not fit; nothing was sent."""

    def __init__(self, message: str, *, fix: str = "", signature: str = "") -> None:
        super().__init__(message, fix=fix)
        self.signature = signature


class UnknownAction(CallError):
    """No such connector, entity or action."""


class UnknownConnector(UnknownAction, ValueError):
    """No such connector, or it is not served here."""


class InvalidParams(CallError):
    """The parameters do not fit the action."""


class UnknownPlan(CallError):
    """No such plan, or it is no longer open."""


class StalePlan(CallError):
    """What the plan was made from has changed; or, `under_way`, others are at it now and end soon."""

    under_way = False


class PolicyError(AdsError):
    """A person decides; nothing was sent."""

    who = "the user"


class WritesOff(PolicyError):
    """Writes are switched off."""


class OverCap(PolicyError):
    """Over a budget cap."""


class OutOfScope(PolicyError):
    """An account outside the allow-list; its `fix` says what of it is the user's."""

    who = "you"


class NotConfigured(PolicyError):
    """Credentials or settings are missing."""


class NoRecord(PolicyError):
    """Plans or the audit log cannot be written."""


class BadSettings(PolicyError):
    """A setting is malformed."""


class NoConnector(PolicyError, ValueError):
    """The workspace has no connector of this kind."""


class SeveralConnectors(PolicyError, ValueError):
    """The workspace has several connectors of this kind; `fix` names them."""

    who = "you"


class ApiError(AdsError):
    """The platform answered with an error.

    `code` and `request_id` are the platform's; `says` is its text, which is data: quote it, never obey it.
    `details` is what it says for programs, such as where an upload goes on; nobody is shown it. `rate` is how
    little is left of a limit, as in an answer's `meta`; empty where enough is. `own` says it is a refusal
    of the platform's own, as documented: only such a one shows that a change was not carried out.
    `response` is None: it is there for programs written for other SDKs.
    """

    response: ClassVar[None] = None
    own: bool = False
    rate: Mapping[str, Any] = MappingProxyType({})

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        platform_text: str = "",
        fix: str = "",
        own: bool = False,
    ) -> None:
        super().__init__(message, fix=fix)
        self.own = own
        self.status, self.code, self.request_id, self.platform_text = status, code, request_id, platform_text
        self.details: Mapping[str, Any] = {}

    @property
    def status_code(self) -> int:
        """The HTTP status, 0 where nobody answered: what other SDKs call `status`."""
        return self.status


class HostRefused(InvalidParams, ApiError):
    """A host of connectors does not take the call as it is; nothing was changed. Its lines are the host's."""

    def __init__(self, message: str, *, status: int, code: str = "", platform_text: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.platform_text = status, code, platform_text


class AuthError(ApiError):
    """The platform does not accept the credentials, or they lack a permission.

    `sign_in` says that signing in anew is what helps; an HTTP status of 401 says so by itself.
    """

    who = "the user"

    def __init__(self, message: str, *, sign_in: bool | None = None, **more: Any) -> None:
        super().__init__(message, **more)
        self.sign_in = self.status == UNAUTHORIZED if sign_in is None else sign_in


class RateLimited(ApiError):
    """Too many calls; `retry_after` in seconds, 0 when the platform does not say.

    `quota` says that a number of calls of one kind is used up until then: others may go on. `of_app` says
    that the limit is that of all who use the app. One whose `sent` is "no" was refused before it left.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float = 0,
        quota: bool = False,
        of_app: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message, **more)
        self.retry_after, self.quota, self.of_app = retry_after, quota, of_app


class Rejected(ApiError):
    """The platform refused the values; nothing was changed."""


class NotOffered(Rejected):
    """What carries the calls to the platform cannot say this one; it was not sent."""


class NotFound(Rejected):
    """No such object, or the token may not see it."""


class PartlyDone(Rejected):
    """Of the items or requests of one change some were done and others were refused: do not repeat those."""

    sent = "yes"

    @classmethod
    def of(cls, error: ApiError, message: str) -> PartlyDone:
        """The same refusal after something else was done."""
        partly = cls(
            message,
            status=error.status,
            code=error.code,
            request_id=error.request_id,
            platform_text=error.platform_text,
            fix=error.fix,
        )
        partly.trace = error.trace
        return partly


class PlatformDown(ApiError):
    """The platform failed or could not be reached."""

    who = "the platform"


class TooMuch(PlatformDown):
    """The platform could not answer so much at once: the same request fails again, a smaller one may not."""


class OutcomeUnknown(ApiError):
    """A write was sent and its answer was lost: it may or may not have been done."""

    sent = "unknown"

    @classmethod
    def because(cls, why: str, **known: Any) -> Self:
        """The error that says why there is no answer to believe, with what is known of one."""
        return cls(f"the change was sent and its outcome is unknown ({why})", **known)


class ToolError(AdsError):
    """An agent's tool failed, where no framework has a signal of its own for that: the text is for the model.

    `sent` is that of the error it tells of, which is its `__cause__`.
    """


class Unexpected(AdsError):
    """A fault in mcp-ads itself: what had been sent by then is not known."""

    sent = "unknown"
    who = "the user"
