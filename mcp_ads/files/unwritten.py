"""What a person does about a file that cannot be written."""

from __future__ import annotations

import errno
from pathlib import Path

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def remedy(error: OSError, place: Path | str) -> str:
    """What makes writing there possible: room where there is none, else the permission."""
    if error.errno in FULL:
        return f"free space on the disk that has {place}"
    if error.errno == errno.EROFS:
        return f"{place} is on a disk that can only be read: mount it for writing"
    return f"make {place} writable"
