"""Runs one of the flows of a script: the arguments are the issuer, the name of the flow,
and what else that needs."""

import json
import sys
import urllib.request
from urllib.parse import parse_qs, urlsplit

ISSUER, FLOW, *MORE = sys.argv[1:]


def parameters(url):
    """The parameters of a URL, none of them twice."""
    found = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values()), found
    return {name: value for name, [value] in found.items()}


def control(path, body=None):
    """Asks the server about itself, or has it do something."""
    request = urllib.request.Request(
        f"{ISSUER}/_control/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def registrations():
    """How many clients have registered themselves."""
    return control("requests?endpoint=register")["count"]


def refused(call, error):
    """Whether a call ends with an OAuth error of this code, and nothing else."""
    try:
        call()
    except Exception as e:
        assert getattr(e, "error", None) == error, repr(e)
    else:
        raise AssertionError(f"no {error}")


def run(*flows):
    {flow.__name__: flow for flow in flows}[FLOW]()
