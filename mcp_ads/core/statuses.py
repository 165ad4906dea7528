"""What an HTTP status proves: of a change that was sent, and that there is an answer at all."""

from .request import Reply

OK, REDIRECTS = 200, range(300, 400)

REFUSED = frozenset({
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 422, 426, 428, 429, 431,
})  # fmt: skip
"""Answers that say that nothing was done. Any other 4xx may come after the change was carried out."""
TIMED_OUT = frozenset({408, 499})
"""Somebody on the way gave up waiting: a read is asked again."""


def proves_refusal(status: int) -> bool:
    """Whether a refusal with this status shows that nothing was done."""
    return status in REFUSED or not 400 <= status < 500  # noqa: PLR2004


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
