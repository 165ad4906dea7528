"""`python fast_clock.py FACTOR serve …`: mcp-ads with a wall clock so many times as fast.

Tokens, caches and plans then end after minutes; timeouts are measured by another clock and stay as they are.
"""

from __future__ import annotations

import sys
import time

from mcp_ads.__main__ import main

factor, real = float(sys.argv.pop(1)), time.time
began = real()
time.time = lambda: began + (real() - began) * factor

if __name__ == "__main__":
    main()
