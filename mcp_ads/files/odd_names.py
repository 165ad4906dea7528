"""Names that an operating system takes for something else than a file of a folder."""

from __future__ import annotations

import os
import re
from pathlib import PureWindowsPath

ON_WINDOWS = os.name == "nt"
DEVICE = re.compile(r"(con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE)


def is_odd(name: str) -> bool:
    """Whether a name may lead to another computer, or on Windows to a device or a hidden part of a file.

    On Windows to look where a share leads is to sign in there as this user: it is refused before that.
    """
    path = PureWindowsPath(name)
    if path.drive.startswith("\\\\"):
        return True
    return ON_WINDOWS and any(
        DEVICE.fullmatch(part) or ":" in part or part.endswith((".", " "))
        for part in path.parts
        if part not in (path.anchor, "..")
    )
