"""The names under which clients may reach a server over HTTP: each one, and none that stands for all."""

from __future__ import annotations

import re

from .settings_values import Values, shown

KEY = "MCP_ADS_HTTP_ALLOWED_HOSTS"
_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_PORT = r"(?::(?:\d{1,5}|\*))?"
_HOST = re.compile(rf"(?:(?:\*\.{_NAME}\.)?{_NAME}(?:\.{_NAME})*|\[[0-9A-Fa-f:.]+\]){_PORT}", re.ASCII)
"""A name, one of whose own parts may be any (`*.example.com`), or an address; and a port."""


def allowed_hosts(values: Values) -> tuple[str, ...]:
    """The hosts that are listed; those that are none, and `*`, are noted as mistakes."""
    listed = values.list(KEY)
    for host in listed:
        if "*" in host and not _HOST.fullmatch(host):
            values.wrong(
                KEY, f"{shown(host)}: lets in whoever names it; write names, such as ads.example.com"
            )
        elif not _HOST.fullmatch(host):
            values.wrong(KEY, f"{shown(host)} is no host: write ads.example.com, without https:// and path")
    return tuple(listed)
