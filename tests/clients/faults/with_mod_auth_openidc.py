"""mod_auth_openidc, before a page that Apache serves; control.py says what is printed. Its error is the
first that it writes into its log."""

import re
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

import requests

sys.path.append(str(Path(__file__).parent.parent))

from apache import Apache
from control import ISSUER, Answered, Refused, later, run


def browse(apache, browser, url):
    """Goes on until there is a page."""
    for _ in range(10):
        answer = browser.get(url, allow_redirects=False)
        if "Location" not in answer.headers:
            return answer
        url = requests.compat.urljoin(url, answer.headers["Location"])
    raise Refused("log-in: it leads on and on")


def is_in(apache, step, answer):
    if answer.status_code != 200 or answer.text != "welcome":
        reason = apache.reason() or re.sub(r"<(title|style).*?</\1>|<[^>]*>", " ", unescape(answer.text), flags=re.S)
        raise Refused(f"{step}: {reason}")


def flow(fault):
    apache.forget()
    with requests.Session() as browser:
        page = browse(apache, browser, f"{apache.url}/")
        is_in(apache, "log-in", page)
        later(fault)
        token = page.headers["Access-Token"]
        place = f"{apache.url}/callback"
        asked = {"refresh": f"{apache.url}/", "access_token": token}
        answer = browser.get(place, params=asked, allow_redirects=False)
        if "error_code=" in answer.headers["Location"]:
            raise Refused(f"refresh: {apache.reason()}")
    # What it only notes in its log, it notes of what it takes.
    if reason := apache.reason():
        raise Answered(f"its log says {reason}")


with tempfile.TemporaryDirectory() as folder:
    apache = Apache(folder, ISSUER)
    try:
        package = ["dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-auth-openidc"]
        version = subprocess.run(package, check=True, capture_output=True, text=True).stdout
        run(re.match(r"[0-9.]+", version)[0].rstrip("."), flow)
    finally:
        apache.stop()
