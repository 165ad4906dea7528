"""`python -m docs_site [OUT]`: builds the documentation as a site, into site/ unless another folder is named."""

from __future__ import annotations

import sys
from pathlib import Path

from docs_site.build import Broken, build
from docs_site.staging import ROOT


def main(words: list[str]) -> int:
    """Build, or say what is wrong."""
    to = Path(words[0]).resolve() if words else ROOT / "site"
    try:
        build(to)
    except (Broken, ValueError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    sys.stdout.write(f"{to / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
