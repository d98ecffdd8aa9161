"""What Apache with mod_auth_openidc does with a server that speaks TLS; flows.py has the arguments. The
authority is the one that JOTT_CA_FILE names."""

import tempfile

import requests

from apache import Apache
from browser import answer, fill
from flows import ISSUER, run


def started(flow):
    def flow_of_apache():
        with tempfile.TemporaryDirectory() as folder:
            apache = Apache(folder, ISSUER)
            try:
                flow(apache)
            finally:
                apache.stop()

    flow_of_apache.__name__ = flow.__name__
    return flow_of_apache


def login(apache):
    """A page leads to the log-in, and the log-in back to the page."""
    with requests.Session() as browser:
        login = answer(browser, browser.get(f"{apache.url}/", allow_redirects=False))
        consent = fill(browser, login, username="alice", password="wonderland")
        page = fill(browser, consent, decision="allow")
        assert (page.url, page.text) == (f"{apache.url}/", "welcome"), apache.log()
        assert page.headers["Access-Token"].startswith("eyJ")
        assert apache.reason() is None, apache.reason()


def api(apache):
    """As an API it takes the keys of the server, and with them its tokens alone."""
    service = ("demo-service", "demo-service-secret")
    form = {"grant_type": "client_credentials"}

    def ask():
        token = requests.post(f"{ISSUER}/token", data=form, auth=service).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{apache.url}/api/", headers=headers)

    good = ask()
    assert (good.status_code, good.text) == (200, "welcome"), apache.log()
    for fault in ["expired", "bad-signature", "alg-none", "wrong-iss"]:
        rule = {"fault": fault, "count": 1, "endpoint": "token"}
        requests.post(f"{ISSUER}/_control/faults", json=rule).raise_for_status()
        assert ask().status_code in (401, 403), fault
    assert ask().status_code == 200
    assert requests.get(f"{apache.url}/api/").status_code == 401


run(started(login), started(api))
