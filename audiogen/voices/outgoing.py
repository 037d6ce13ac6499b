"""Environment -> a session of requests that takes from it how to reach a host and whom to trust, and nothing else.

By itself, requests would also send the logins of `~/.netrc`.
"""

import importlib.util
import os
import ssl
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from audiogen.errors import Barred, Problem, Remedy, VoiceError
from audiogen.voices.deadline import CuttableAdapter
from audiogen.voices.google_faults import without_logins
from audiogen.voices.speaking import network_forbidden

AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")  # the first that is set is used, alone
PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
KINDS = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
_BUILTIN = (Remedy("builtin-voice", "voice", "builtin"),)


def open_session(host: str, connections: int) -> requests.Session:
    """Return a session for one host, with at most this many connections at once.

    Proxies are those of HTTPS_PROXY, ALL_PROXY and NO_PROXY, on macOS and Windows also the system's. Trusted are the
    authorities in the file that the environment names; where it names none, those of certifi and of the system.

    Raises: VoiceError where the user forbids the network, Barred where a proxy or the authorities cannot be used.
    """
    if forbidden := network_forbidden():
        raise VoiceError(forbidden)
    session = requests.Session()
    session.trust_env = False
    session.proxies.update(_proxies(f"https://{host}/"))
    named = _authorities()
    session.verify = named or True  # certifi's
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    system = None if named else ssl.create_default_context()
    adapter = CuttableAdapter(system, pool_connections=1, pool_maxsize=connections, pool_block=True)
    session.mount("https://", adapter)
    return session


def _proxies(url: str) -> dict[str, str]:
    """Return the proxies for an address, after a look at the one that will be used.

    Raises: Barred.
    """
    written = {kind: proxy for kind, proxy in get_environ_proxies(url).items() if proxy}
    proxies = {kind: proxy if "://" in proxy else f"http://{proxy}" for kind, proxy in written.items()}
    chosen, proxy = select_proxy(url, written), select_proxy(url, proxies)
    if proxy and (fault := _fault_of_proxy(proxy)):
        variable = next((name for name in PROXIES if os.environ.get(name) == chosen), "The proxy of this system")
        raise Barred(replace(fault, subject=variable, found=without_logins(str(chosen)), remedies=_BUILTIN))
    return proxies


def _fault_of_proxy(proxy: str) -> Problem | None:
    """Return what is wrong with a proxy; None where nothing is."""
    bad = Problem("voices.bad-proxy")
    try:
        parts = parse_url(proxy)
    except (ValueError, HTTPError):
        return bad
    labels = (parts.host or "").rstrip(".").split(".")
    if parts.scheme not in KINDS or not all(0 < len(label) < 64 for label in labels):
        return bad
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        return Problem("voices.socks-proxy")
    return None


def _authorities() -> str | None:
    """Return the file or folder of trusted authorities that the environment names, if it names any.

    Raises: Barred where it cannot be read, or has no certificates.
    """
    for name in AUTHORITIES:
        if path := os.environ.get(name, "").strip():
            try:
                if not Path(path).is_dir():  # of a folder, files are read when they are needed
                    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
            except OSError as error:
                found = "no certificates in it" if isinstance(error, ssl.SSLError) else error.strerror or str(error)
                problem = Problem("voices.bad-authorities", subject=name, found=f"{path} ({found})", remedies=_BUILTIN)
                raise Barred(problem) from error
            return path
    return None
