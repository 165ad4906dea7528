"""What an HTTP status proves: of a change that was sent, and that there is an answer at all."""

from .request import Reply

OK, REDIRECTS = 200, range(300, 400)

REFUSED = frozenset({
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 422, 426, 428, 429, 431,
})  # fmt: skip
"""Answers with which a platform says that nothing was done. Any other may come after it was."""
TOLD = frozenset({200, 207})
"""Answers that may say so of what was asked for in them, such as items of a batch."""
THROTTLED = 429
"""Whoever answers this, the platform or a gateway before it, has not taken the request."""
TIMED_OUT = frozenset({408, 499})
"""Somebody on the way gave up waiting: a read is asked again."""


def proves_refusal(status: int, *, own: bool) -> bool:
    """Whether a refusal shows that nothing was done, so that it may be said, or the change sent again.

    `own` says that it is the platform's own, in a shape and with a code that it documents: what a gateway or
    a proxy says of a change says nothing of what the platform behind it has done.
    """
    return status == THROTTLED or (own and status in REFUSED | TOLD)


def no_answer(reply: Reply, *, read: bool) -> str:
    """Why what came back answers nothing that was asked; empty for an answer.

    An empty 200 is what something on the way sends: no platform answers a read with nothing. Of a change,
    the platform's dialect says whether it is the answer.
    """
    if reply.status in REDIRECTS:
        return "the platform answers with a redirect"
    if read and reply.status == OK and not reply.content and not reply.file:
        return "the answer is empty"
    return ""
