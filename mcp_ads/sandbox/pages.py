"""The pages on which somebody agrees that an app acts for them, as plain HTML, and the way back to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

WEB = "https://example.com/connector/callback"
LOCAL = re.compile(r"http://localhost(:[0-9]{1,5})?/connector/callback")
AGREE, REFUSE, LEAVE = "agree", "refuse", "leave"
"""Values of the buttons called `answer`; the checkboxes are called `scope`."""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<title>{title}</title></head>
<body><h1>{title}</h1>
{body}
<p><small>This is the sandbox of mcp-ads: nobody real is asked, and nothing here leads to a real
account.</small></p>
</body></html>
"""


def is_registered(redirect_uri: str, more: Collection[str] = ()) -> bool:
    """Whether the make-believe apps have this redirect URI: one on the web, and localhost at any port.

    `more` are those that whoever runs the sandbox has registered, letter by letter.
    """
    return redirect_uri == WEB or redirect_uri in more or LOCAL.fullmatch(redirect_uri) is not None


def host(uri: str) -> str:
    """The host of a redirect URI; empty where it has none."""
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""


def page(title: str, *texts: str, status: int = 400) -> Response:
    """A page that says why there is nothing to agree to; nobody is sent anywhere."""
    body = "\n".join(f"<p>{escape(text)}</p>" for text in texts)
    return _answer(PAGE.format(title=escape(title), body=body), status)


def consent(
    title: str, scopes: Iterable[str], buttons: Mapping[str, str], *, single: bool = False
) -> Response:
    """A form with the scopes, each with a checkbox where single ones can be refused, and the buttons."""
    box = '<input type="checkbox" name="scope" value="{0}" id="{0}" checked> <label for="{0}">{0}</label>'
    rows = "\n".join(f"<li>{box.format(escape(name)) if single else escape(name)}</li>" for name in scopes)
    answers = "\n".join(
        f'<button name="answer" value="{value}">{escape(text)}</button>' for value, text in buttons.items()
    )
    form = f'<form method="post"><ul>\n{rows}\n</ul>\n{answers}</form>'
    return _answer(PAGE.format(title=escape(title), body=form), 200)


async def pressed(request: Request) -> tuple[str, list[str]]:
    """The button that was pressed, and the scopes that were ticked."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    return form.get("answer", [""])[0], form.get("scope", [])


def back(redirect_uri: str, answer: Mapping[str, str], fragment: str = "") -> Response:
    """Send the browser back to the app; what is empty is left out."""
    parts = urlsplit(redirect_uri)
    query = parse_qsl(parts.query) + [(name, value) for name, value in answer.items() if value]
    url = urlunsplit(parts._replace(query=urlencode(query), fragment=fragment))
    return RedirectResponse(url, 302, {"Cache-Control": "no-store"})


def _answer(text: str, status: int) -> Response:
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})
