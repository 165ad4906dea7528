"""An error as a model is told it, in few characters: what is wrong, what was sent, who can do what."""

from __future__ import annotations

from mcp_ads.engine.answers.error_text import render_error
from mcp_ads.engine.wire.redaction import Secrets
from mcp_ads.errors import AdsError, CallError, Rejected
from mcp_ads.sdk.noted import came_to_nothing

MOST, HEAD = 2_000, 600
"""Characters in all, and those the message has at least where fix and signature are long."""
SENT = "sent: "
BEFORE = "before that, something was planned or changed in the same call: do not make the whole call again"
UNSEEN = "whether anything was planned or changed in the same call is not known: look before making it again"


def told(error: AdsError, *, before: bool = False, unseen: bool = False) -> str:
    """Its kind and message, `sent:`, `fix:` and `signature:` lines, without secrets, at most `MOST`.

    `before` says that something else was changed in the call, `unseen` that nobody knows whether it was.
    """
    Secrets().clean(error)
    lines = render_error(error).removeprefix("ERROR ").splitlines()
    facts = next(number for number, line in enumerate(lines) if line.startswith(SENT))
    lines[facts + 1 : facts + 1] = [BEFORE] if before else [UNSEEN] if unseen else []
    head, tail = "\n".join(lines[:facts]), "\n".join(lines[facts:])
    tail = within(tail, MOST - 1 - min(len(head), HEAD))
    return f"{within(head, MOST - 1 - len(tail))}\n{tail}"


def within(text: str, most: int) -> str:
    """The text, or so much of it that it ends in "…" within that many characters."""
    return text if len(text) <= most else f"{text[: max(most - 1, 0)]}…"


def is_mendable(error: AdsError) -> bool:
    """Whether another call of the model's can help: the call is the fault, and nothing came of it."""
    return isinstance(error, CallError | Rejected) and came_to_nothing(error)
