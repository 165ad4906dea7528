"""Values that no honest caller writes, of every kind a parameter may take, for hypothesis to choose from."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(
    Path(tempfile.gettempdir()) / "mcp-ads-hypothesis"
)  # nothing is left in the repository

META = "( ) , : ' % & # ? / \\ ; + { } ~ = \" [ ] @ ! $ * | < > ^ `"
"""What has a meaning of its own in URLs, forms, Rest.li and JSON."""
TEXTS = [
    "", " ", "\x00", "a\x00b", "\ud800", "a\udfffb", "\u202etxt", "\u2028", "a\r\nX-Evil: 1",
    "../../etc/passwd",
    "/proc/self/environ", "%2e%2e%2f", META, "List(a,b)", "(a:b)", "@1.id", "@1.id\n", "%401.id",
    "@9999.hash",
    "client:x", "all", "{" * 3_000, "[" * 3_000, "(" * 3_000, "9" * 4_200, "9" * 5_000, "1e999", "NaN",
    "٣", "-0",
    "0000-00-00", "9999-12-31..9999-12-31", "last_7d..", "+1e400%", "nan USD", "1e400 EUR", "$" * 2_000,
    "a," * 2_000,
    "," * 4_000, " " * 4_000, "'" * 999, "not " * 500 + "a = 1", "name like '" + "%a" * 500 + "'",
    "x" * 100_000,
    "#" * 200, "r_" + "x" * 500, "null", "${HOME}", "{0.__class__}",
]  # fmt: skip
DEEP: list[Any] = []
for _ in range(90):
    DEEP = [DEEP]
OTHERS: list[Any] = [
    None, True, -1, 0, 2**53, 10**400, 1.5, 1e308, [], {}, [None], {"": None}, DEEP, ["1"] * 10_000,
    [{"a": 1}] * 10_000, {f"k{number}": number for number in range(10_000)},
]  # fmt: skip


def values() -> st.SearchStrategy[Any]:
    """A hostile value, alone or inside a list or an object, or text of any characters."""
    leaf = st.one_of(
        st.sampled_from(TEXTS), st.sampled_from(OTHERS), st.text(max_size=40), st.floats(), st.integers()
    )
    wrapped = st.one_of(st.lists(leaf, max_size=3), st.dictionaries(st.text(max_size=8), leaf, max_size=3))
    return st.one_of(leaf, leaf, wrapped)


def texts() -> st.SearchStrategy[str]:
    """Text full of signs that mean something somewhere on the way."""
    return st.text(
        st.sampled_from([*META, "a", "é", "😀", "\n", "\r", "\t", "\x00", "0", "%"]), min_size=1, max_size=30
    )
