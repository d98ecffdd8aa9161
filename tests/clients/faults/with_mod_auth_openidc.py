"""mod_auth_openidc, before a page that Apache serves; control.py says what is printed. Its error is the
first that it writes into its log."""

import re
import subprocess
import tempfile
import time
from html import unescape
from pathlib import Path
from shutil import rmtree
from socket import create_server

import requests

from control import ISSUER, Answered, Refused, later, run

MODULES = Path("/usr/lib/apache2/modules")
NAMES = "mpm_event authn_core authz_core authz_user headers alias dir auth_openidc"

REASON = re.compile(r"\[auth_openidc:error\] .*?\[client [^]]*\] (.*)")


def free_port():
    with create_server(("127.0.0.1", 0)) as socket:
        return socket.getsockname()[1]


def configuration(folder, port):
    load = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NAMES.split())
    return f"""
{load}
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
LogLevel warn
DocumentRoot {folder}/pages
OIDCProviderMetadataURL {ISSUER}/.well-known/openid-configuration
OIDCClientID demo-web
OIDCClientSecret demo-web-secret
OIDCRedirectURI /callback
OIDCCryptoPassphrase of-a-test
OIDCScope "openid email items:read"
OIDCPKCEMethod S256
OIDCProviderMetadataRefreshInterval 1
OIDCCacheType file
OIDCCacheDir {folder}/cache
OIDCHTTPTimeoutLong 5
OIDCHTTPTimeoutShort 5
<Location />
  AuthType openid-connect
  Require valid-user
  Header set Access-Token "%{{OIDC_access_token}}e"
</Location>
"""


class Apache:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        for name in ["pages", "cache"]:
            (self.folder / name).mkdir()
        (self.folder / "pages/index.html").write_text("welcome")
        file = self.folder / "conf"
        file.write_text(configuration(folder, self.port))
        # It leaves its user alone where it is not root; root's folders are not www-data's.
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", file, "-DFOREGROUND"])
        for _ in range(200):
            if (self.folder / "pid").exists():
                break
            time.sleep(0.05)

    def forget(self):
        """Metadata, keys and sessions are as new."""
        rmtree(self.folder / "cache")
        (self.folder / "cache").mkdir()
        (self.folder / "cache").chmod(0o777)
        self.read = len(self.log())

    def log(self):
        return (self.folder / "log").read_text()

    def reason(self):
        """The first error since it forgot."""
        found = REASON.search(self.log()[self.read :])
        return found and re.sub(r", referer: .*", "", found[1])

    def stop(self):
        self.process.terminate()
        self.process.wait()


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
    Path(folder).chmod(0o755)
    apache = Apache(folder)
    try:
        package = ["dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-auth-openidc"]
        version = subprocess.run(package, check=True, capture_output=True, text=True).stdout
        run(re.match(r"[0-9.]+", version)[0].rstrip("."), flow)
    finally:
        apache.stop()
