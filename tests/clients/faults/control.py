"""What a client makes of faults: each line of standard input is a rule for `/_control/faults`, and each
line of the output has the name of the fault, a tab, and what the client made of it:

- `not met`: the client asks for nothing that the fault is in;
- `refused at STEP: ERROR`: the client ends with an error;
- `accepted`, where it saw nothing wrong, with what came of it afterwards.

Before them comes the version of the client. The argument is the issuer of a server with
`--auto-login`, so that no browser is needed.
"""

import json
import re
import sys
from urllib.parse import urljoin

import requests

ISSUER = sys.argv[1]
LONGEST = 160


class Refused(Exception):
    """A step at which the client ended, and its error."""


class Answered(Exception):
    """What came of a step that the client saw nothing wrong in."""


def step(name, call, *arguments, **named):
    try:
        return call(*arguments, **named)
    except Exception as error:
        raise Refused(f"{name}: {type(error).__name__}: {error}") from error


def control(path, body=None):
    place = f"{ISSUER}/_control/{path}"
    answer = requests.get(place) if body is None else requests.post(place, json=body)
    answer.raise_for_status()
    return answer.json()


def redirected(url):
    """Where the browser is sent from the authorization endpoint."""
    answer = requests.get(url, allow_redirects=False)
    return urljoin(url, answer.headers["Location"])


def api(answer):
    """An answer of the API, which the client hands on."""
    if answer.status_code != 200:
        raise Answered(f"the API answers {answer.status_code}")


def seen(method, path, status):
    """How often something was asked for, and answered so."""
    wanted = (method, path, status)
    requests = control("requests")["requests"]
    return sum((one["method"], one["path"], one["status"]) == wanted for one in requests)


def plain(text):
    """A text without what differs from run to run."""
    text = " ".join(text.split()).replace(ISSUER, "ISSUER")
    text = re.sub(r"127\.0\.0\.1:\d+|port=\d+", "HOST", text)
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", text)
    text = re.sub(r"[A-Za-z0-9_-]{40,}", "…", text)
    text = re.sub(r"\d+ (bytes|more|seconds ago)", r"N \1", text)
    text = re.sub(r"(line|column|char) \d+", r"\1 N", text)
    text = re.sub(r"\d{5,}", "N", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def outcome(rule, flow):
    control("reset", {})
    control("clock", {"reset": True})
    control("faults", rule)
    try:
        flow(rule["fault"])
        result = "accepted"
    except Answered as end:
        result = f"accepted; {end}"
    except Refused as end:
        result = f"refused at {end}"
    active = control("faults")["active"]
    if active and not active[0]["acted"]:
        return "not met"
    if seen("POST", "/token", 503) > 1:
        result = f"tries again; {result}"
    if seen("POST", "/elsewhere", 404):
        result = f"posts what it sent to where that leads; {result}"
    return result


def later(fault):
    """Lets a minute go by, where a fault wants it to."""
    if fault == "lying-expires-in":
        control("clock", {"advance": "1m"})


def run(version, flow):
    print(f"version\t{version}", flush=True)
    for line in sys.stdin:
        rule = json.loads(line)
        print(f"{rule['fault']}\t{plain(outcome(rule, flow))}", flush=True)
