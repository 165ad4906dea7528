"""The pages a browser sees while somebody signs in: no script, nothing from elsewhere, never cached. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from mcp_ads.errors import AdsError

# With "no-referrer" browsers would send the page's own form with "Origin: null".
HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Connection": "close",
}
STYLE = "body{font:16px/1.5 sans-serif;max-width:40em;margin:3em auto}label,input{display:block}"
SHELL = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">{more}<title>{title}</title>'
    "<style>{style}</style></head><body><h1>{title}</h1>{body}</body></html>"
)


@dataclass(frozen=True)
class Page:
    """What a browser is answered."""

    html: str = field(repr=False)
    status: int = 200

    @property
    def headers(self) -> Mapping[str, str]:
        return HEADERS


def page(title: str, *lines: str, status: int = 200) -> Page:
    """A page of text."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return Page(SHELL.format(more="", title=escape(title), style=STYLE, body=body), status)


def failed(error: AdsError, *more: str) -> Page:
    """What a browser is answered where no sign-in came of it: why, and what to do."""
    fix = (f"What to do: {error.fix}.",) if error.fix else ()
    return page("Not signed in", f"{error}.", *fix, *more, status=400)


def onward(title: str, url: str, line: str) -> Page:
    """A page that goes on to another address by itself, or by its link.

    A redirect in answer to a form would be stopped by `form-action 'self'`.
    """
    there = escape(url, quote=True)
    more = f'<meta http-equiv="refresh" content="0; url={there}">'
    body = f'<p>{escape(line)}</p><p><a href="{there}" rel="noreferrer">Go on</a></p>'
    return Page(SHELL.format(more=more, title=escape(title), style=STYLE, body=body))


def form(title: str, lines: tuple[str, ...], fields: Mapping[str, tuple[str, str, str]], hidden: str) -> Page:
    """A page with a form: fields by name, each its label, its type and what stands in it at first."""
    rows = "".join(
        f'<label>{escape(label)}<input name="{name}" type="{kind}" value="{escape(value, quote=True)}" '
        'autocomplete="off" spellcheck="false" required></label>'
        for name, (label, kind, value) in fields.items()
    )
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    check = f'<input type="hidden" name="check" value="{escape(hidden, quote=True)}">'
    body += f'<form method="post">{check}{rows}<p><button>Go on</button></p></form>'
    return Page(SHELL.format(more="", title=escape(title), style=STYLE, body=body))
