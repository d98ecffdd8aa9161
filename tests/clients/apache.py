"""Apache with mod_auth_openidc, which logs in whoever opens its pages, and judges the tokens of `/api`."""

import os
import re
import subprocess
import time
from pathlib import Path
from shutil import rmtree
from socket import create_server

MODULES = Path("/usr/lib/apache2/modules")
NAMES = "mpm_event authn_core authz_core authz_user headers alias dir auth_openidc"

REASON = re.compile(r"\[auth_openidc:error\] .*?\[client [^]]*\] (.*)")


def free_port():
    with create_server(("127.0.0.1", 0)) as socket:
        return socket.getsockname()[1]


def configuration(folder, port, issuer):
    load = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NAMES.split())
    authority = os.environ.get("JOTT_CA_FILE")
    trust = f"OIDCCABundlePath {authority}" if authority else ""
    # It takes keys for the tokens of others from https alone.
    api = f"""
OIDCOAuthVerifyJwksUri {issuer}/jwks.json
<Location /api>
  AuthType oauth20
  Require claim iss:{issuer}
</Location>
"""
    return f"""
{load}
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
LogLevel warn
DocumentRoot {folder}/pages
{trust}
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
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
{api if issuer.startswith("https:") else ""}
"""


class Apache:
    def __init__(self, folder, issuer):
        self.folder = Path(folder)
        self.folder.chmod(0o755)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        for name in ["pages/api", "cache"]:
            (self.folder / name).mkdir(parents=True)
        for name in ["pages", "pages/api"]:
            (self.folder / name / "index.html").write_text("welcome")
        file = self.folder / "conf"
        file.write_text(configuration(folder, self.port, issuer))
        # It leaves its user alone where it is not root; root's folders are not that of its user.
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
        self.process = subprocess.Popen(["/usr/sbin/apache2", "-f", file, "-DFOREGROUND"])
        self.read = 0
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
