"""What an HTTP status proves of a change that was sent."""

REFUSED = frozenset({
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 422, 426, 428, 429, 431,
})  # fmt: skip
"""Answers that say that nothing was done. Any other 4xx may come after the change was carried out."""
TIMED_OUT = frozenset({408, 499})
"""Somebody on the way gave up waiting: a read is asked again."""


def proves_refusal(status: int) -> bool:
    """Whether a refusal with this status shows that nothing was done."""
    return status in REFUSED or not 400 <= status < 500  # noqa: PLR2004
