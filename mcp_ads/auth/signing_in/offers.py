"""Sign-in pages of a running server, on this machine alone: a link that works once, for ten minutes.

A form takes the id and secret of the user's app, the platform's page the consent; what comes back is kept as
`mcp-ads login` keeps it. Where nobody is expected, nothing listens.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs

from mcp_ads.auth.tokens import VISIBLE
from mcp_ads.auth.vault import vault
from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.platforms import Platform
from mcp_ads.situation import login_command

from . import protocol, signing_in
from .consent import PATH, App, Consent, code_in, redirect_at
from .giving_way import GIVES, REFUSES, Way
from .giving_way import PATH as GIVE_WAY
from .keeping import keep
from .loopback import HOSTS, Loopback, Visit
from .pages import Page, failed, form, onward, page

PLACE = "/sign-in/"
LIVES = 600.0
"""Seconds a link is good for."""
SOON = 30.0
"""Seconds for which the port is kept after an answer, for whoever opens the link again."""
AGAIN = 5.0
"""Seconds after which a port that was given up is tried again, while a link is good."""
GONE = page("This link has ended", "Ask again where you got it, and use the new one.", status=410)
ELSEWHERE = page("Not from here", "The form of this page was not sent by this page.", status=403)


@dataclass
class Offer:
    """A connection's link: until when it is good, and the consent its form has led to."""

    platform: Platform
    ends: float
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    check: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    app: App | None = None
    consent: Consent | None = None


class Offers:
    """The links of one server; it listens while one of them is good."""

    def __init__(
        self,
        home: Path,
        keyring: str,
        port: int,
        clock: Callable[[], float] = time.monotonic,
        *,
        scopes: str = "all",
    ) -> None:
        self._home, self._keyring, self._port, self._clock = home, keyring, port, clock
        self._wanted = scopes
        self._lock = threading.RLock()
        self._open: list[Offer] = []
        self._loopback: Loopback | None = None
        self._way = Way(home)

    def link(self, platform: Platform) -> str:
        """The link of a connection, good for ten minutes from now, for somebody may be filling in its form.

        Empty where the port is taken, so that only the command line is left.
        """
        with self._lock:
            self._forget_old()
            if not self._listen():
                return ""
            whose = (platform.name, platform.label)
            known = [offer for offer in self._open if (offer.platform.name, offer.platform.label) == whose]
            offer = known[0] if known else Offer(platform, 0.0)
            offer.platform, offer.ends = platform, self._clock() + LIVES
            if not known:
                self._open.append(offer)
            self._later(LIVES + 1, self._close_if_over)
            return f"http://localhost:{self._at}{PLACE}{offer.token}"

    def close(self) -> None:
        """Take every link back, and stop listening."""
        with self._lock:
            self._open = []
        self._stop()

    def answer(self, visit: Visit) -> Page:
        """What a browser gets."""
        with self._lock:
            self._forget_old()
            known = list(self._open)
        if visit.path == GIVE_WAY:
            return self._give_way(visit)
        if visit.path == PATH and visit.method == "GET":
            return self._back(visit, known)
        if not visit.path.startswith(PLACE):
            return page("Nothing here", "Ask for a link where you were told to sign in.", status=404)
        offer = _of(known, visit.path.removeprefix(PLACE))
        if offer is None:
            return GONE
        return self._form(offer) if visit.method == "GET" else self._sent(offer, visit)

    def _form(self, offer: Offer, *mistakes: str) -> Page:
        signing = signing_in(offer.platform.name)
        lines = (
            *mistakes,
            f"What is entered here becomes the connection {offer.platform.label}.",
            f"Your app at {signing.title} has to have this redirect URI, letter by letter: {self._redirect}",
            f"It is registered at {signing.redirects}. {signing.caution}",
            f"Client id and secret are shown at {signing.app_page}.",
        )
        known = offer.platform.client_id or offer.platform.credentials.get("CLIENT_ID", "")
        fields = {
            "client_id": ("Client id", "text", known),
            "client_secret": ("Client secret", "password", ""),
        }
        return form(f"Sign in to {signing.title}", lines, fields, offer.check)

    def _sent(self, offer: Offer, visit: Visit) -> Page:
        ours = {f"http://{host}:{self._at}" for host in HOSTS}
        if visit.origin not in ("", *ours) or not _same(visit.form.get("check", ""), offer.check):
            return ELSEWHERE
        app = App(visit.form.get("client_id", "").strip(), visit.form.get("client_secret", "").strip())
        if not app.client_id or not app.client_secret:
            return self._form(offer, "Both are needed: the client id and the client secret.")
        if not VISIBLE.fullmatch(app.client_secret):
            return self._form(offer, "The client secret has no spaces and plain letters only: copy it whole.")
        signing = signing_in(offer.platform.name)
        try:
            signing.check_id(app.client_id)
        except BadSettings as error:
            return self._form(offer, f"{error}.")
        consent = signing.consent(offer.platform, app, self._redirect, signing.scopes(self._wanted))
        with self._lock:
            offer.app, offer.consent = app, consent
        return onward(f"On to {signing.title}", consent.url, "You agree there, and come back here.")

    def _back(self, visit: Visit, known: list[Offer]) -> Page:
        """The answer to one of the consents: exchanged once, kept, and the link is over."""
        state = next(iter(parse_qs(visit.query).get("state", [])), "")
        for offer in known:
            app, consent = offer.app, offer.consent
            if app and consent and _same(state, consent.state):
                with self._lock:
                    if offer not in self._open:
                        return GONE
                    self._open.remove(offer)
                    self._later(SOON, self._close_if_over)
                return self._kept(offer, app, consent, visit)
        return GONE

    def _kept(self, offer: Offer, app: App, consent: Consent, visit: Visit) -> Page:
        signing, label = signing_in(offer.platform.name), offer.platform.label
        try:
            code = code_in(f"{consent.redirect_uri}?{visit.query}", consent, signing.title)
            with protocol.talking() as http:
                signed_in = signing.signed_in(http, offer.platform, app, consent, code)
            written = keep(self._home, vault(self._home, keyring=self._keyring), label, signed_in)
        except AdsError as error:
            return failed(error)
        refused = ", ".join(signed_in.refused)
        more = [f"Not allowed, and will not work: {refused}."] if refused else []
        who = f" as {signed_in.who}" if signed_in.who else ""
        if not written.accounts and not offer.platform.account_ids:
            again = login_command(replace(offer.platform, signed_in=signed_in))
            way = f"`{again}` asks, or connections.toml says it"
            more.append(f"Every account it sees may be used. To allow some alone: {way}.")
        return page(f"Signed in{who}", "Close this window and ask again where you were.", *more)

    @property
    def _at(self) -> int:
        return self._loopback.port if self._loopback else self._port

    @property
    def _redirect(self) -> str:
        return redirect_at(self._at)

    def _forget_old(self) -> None:
        now = self._clock()
        self._open = [offer for offer in self._open if offer.ends > now]

    def _listen(self) -> bool:
        """Whether we listen now; begun where we do not."""
        with self._lock:
            if self._loopback is None:
                try:
                    self._loopback = Loopback(self._port, self.answer)
                except OSError:
                    return False
                self._way.say(self._loopback.port)
            return True

    def _give_way(self, visit: Visit) -> Page:
        """Leave the port to a login, and come back to it when that is over."""
        if not self._way.is_asked_by(visit):
            return REFUSES
        self._port = self._at
        self._later(0, self._stop)
        self._later(AGAIN, self._come_back)
        return GIVES

    def _come_back(self) -> None:
        with self._lock:
            self._forget_old()
            if self._open and not self._listen():
                self._later(AGAIN, self._come_back)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        later = threading.Timer(seconds, act)
        later.daemon = True
        later.start()

    def _close_if_over(self) -> None:
        """Stop listening, unless a link is good."""
        with self._lock:
            self._forget_old()
            if self._open:
                return
        self._stop()

    def _stop(self) -> None:
        with self._lock:
            loopback, self._loopback = self._loopback, None
        if loopback:
            self._way.unsay()
            loopback.close()


def _of(offers: list[Offer], token: str) -> Offer | None:
    """The offer of a link; each is compared, in a time that tells nothing."""
    found = [offer for offer in offers if _same(token, offer.token)]
    return found[0] if found else None


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
