"""Google Translate on loopback, as the tests have it, 80 ms away; runs until its input ends.

Prints as JSON what leads a program to it. An argument is how many seconds a new connection takes.
"""

import json
import sys

from tests.fakes.google import FakeGoogle

LATENCY_S = 0.08

if __name__ == "__main__":
    with FakeGoogle() as google:
        google.latency_s = LATENCY_S
        google.connecting_s = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
        print(json.dumps(google.environment), flush=True)
        sys.stdin.read()
