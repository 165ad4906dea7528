"""`mcp-ads` and `python -m mcp_ads`: serving starts without the command line library."""

from __future__ import annotations

import sys

SERVE = "serve"


def main() -> None:
    """Run the command in sys.argv; without one, serve over stdio."""
    words = sys.argv[1:]
    if not words or (words[0] == SERVE and not {"-h", "--help"} & set(words)):
        from .serving import serve

        raise SystemExit(serve(words[1:]))
    from .cli import run

    run(words)


if __name__ == "__main__":
    if not sys.flags.safe_path:  # `python -m` would look for every module in the folder it works in first
        del sys.path[0]
    main()
