"""Runs one of the flows of a script: the arguments are the issuer, the name of the flow,
and what else that needs."""

import sys
from urllib.parse import parse_qs, urlsplit

ISSUER, FLOW, *MORE = sys.argv[1:]


def parameters(url):
    """The parameters of a URL, none of them twice."""
    found = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values()), found
    return {name: value for name, [value] in found.items()}


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
