"""Makes the cases of x509-limbo, whose package has to be importable, as the test of jott reads them: one a line, with
certificates in base64. With `kept` as its argument it leaves out what README.md says."""

import json
import os
import sys

from limbo import testcases
from limbo.testcases import online

PURPOSES = {"serverAuth": "1.3.6.1.5.5.7.3.1", "clientAuth": "1.3.6.1.5.5.7.3.2"}

# What `kept` leaves out: much of the same, what is large, and rules for the certificates of web sites alone.
ONLINE = ("online::apple.com",)
GROUPS = ("online::", "webpki::aki::", "webpki::cn::")
FEATURES = ("denial-of-service", "pedantic-")


def der(pem):
    return "".join(line for line in pem.splitlines() if not line.startswith("-"))


def is_kept(case):
    is_left = case.id.startswith(GROUPS) or any(feature.startswith(FEATURES) for feature in case.features)
    return not is_left or case.id in ONLINE


def line(case):
    names = [case.expected_peer_name] if case.expected_peer_name else case.expected_peer_names
    return {
        "id": case.id,
        "good": case.expected_result == "SUCCESS",
        "chain": [der(pem) for pem in [case.peer_certificate, *case.untrusted_intermediates]],
        "roots": [der(pem) for pem in case.trusted_certs],
        "lists": [der(pem) for pem in case.crls],
        "names": [name.value for name in names],
        "purposes": [PURPOSES[purpose] for purpose in case.extended_key_usage],
        "at": case.validation_time and case.validation_time.isoformat(),
    }


sys.stdout, out = open(os.devnull, "w"), sys.stdout  # the package prints what it does
online.register_testcases()
for make in testcases.registry.values():
    case = make()
    # A depth of chains cannot be asked for.
    if case.max_chain_depth is None and (sys.argv[1:] != ["kept"] or is_kept(case)):
        print(json.dumps({k: v for k, v in line(case).items() if v not in ([], None)}, separators=(",", ":")), file=out)
