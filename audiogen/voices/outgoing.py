"""Environment -> a session of requests that takes from it how to reach a host and whom to trust, and nothing else.

By itself, requests would also send the logins of `~/.netrc`.
"""

import os
import ssl
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.utils import get_environ_proxies

from audiogen.errors import VoiceError
from audiogen.voices.deadline import CuttableAdapter
from audiogen.voices.speaking import network_forbidden

AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")  # the first that is set is used, alone


def open_session(host: str, connections: int) -> requests.Session:
    """Return a session for one host, with at most this many connections at once.

    Proxies are those of HTTPS_PROXY, ALL_PROXY and NO_PROXY, on macOS and Windows also the system's. Trusted are the
    authorities in the file that the environment names; where it names none, those of certifi and of the system.

    Raises: VoiceError where the user forbids the network.
    """
    if forbidden := network_forbidden():
        raise VoiceError(forbidden)
    named = next((path for name in AUTHORITIES if (path := os.environ.get(name, "").strip())), None)
    session = requests.Session()
    session.trust_env = False
    session.proxies.update(get_environ_proxies(f"https://{host}/"))
    session.verify = named or True  # certifi's
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    system = None if named else ssl.create_default_context()
    adapter = CuttableAdapter(system, pool_connections=1, pool_maxsize=connections, pool_block=True)
    session.mount("https://", adapter)
    return session
