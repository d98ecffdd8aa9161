#!/bin/sh
# What keytar (npm) keeps in the Secret Service, other keyring libraries do not find: it calls the user `account`.
#
# The Secret Service finds an item by its attributes, and leaves their names to the programs. Python's keyring
# 25.7.0 and the keyring of Rust (here as @napi-rs/keyring 2.1.2) write and ask for `service` and `username`,
# keytar (here as @github/keytar 7.10.6) for `service` and `account`. So the token that an Electron program has
# saved is "not there" for a tool that is asked for the same service and user, and the other way round.
#
# Seen on 2026-11-27 with gnome-keyring 42.1: Python and Rust read each other's, and nobody reads across to keytar.
#
# Needs Debian 12 with gnome-keyring and dbus, node with npm, python3 with venv, npm and PyPI.
# Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keyring==25.7.0 secretstorage==3.5.0
npm install --silent --no-audit --no-fund --ignore-scripts @napi-rs/keyring@2.1.2 @github/keytar@7.10.6
cat > across.sh <<'SHELL'
set -eu
printf password | gnome-keyring-daemon --unlock --components=secrets > /dev/null
venv/bin/python -c '
import keyring
keyring.set_password("of-python", "alice", "secret")'
node -e '
const { Entry } = require("@napi-rs/keyring");
new Entry("of-rust", "alice").setPassword("secret");
require("@github/keytar").setPassword("of-keytar", "alice", "secret");'
venv/bin/python -c '
import keyring, secretstorage
bus = secretstorage.dbus_init()
for item in secretstorage.get_default_collection(bus).get_all_items():
    attributes = item.get_attributes()
    print(attributes["service"], "has", *sorted(name for name in attributes if name in ("username", "account")))
for service in "of-rust", "of-keytar":
    print("Python reads", service, keyring.get_password(service, "alice") == "secret")' | sort
node -e '
const { Entry } = require("@napi-rs/keyring");
const keytar = require("@github/keytar");
(async () => {
  for (const service of ["of-python", "of-keytar"])
    console.log("Rust reads", service, new Entry(service, "alice").getPassword() === "secret");
  for (const service of ["of-python", "of-rust"])
    console.log("keytar reads", service, (await keytar.getPassword(service, "alice")) === "secret");
})();'
SHELL
mkdir -m 700 run
HOME=$folder XDG_DATA_HOME=$folder/data XDG_RUNTIME_DIR=$folder/run dbus-run-session -- sh across.sh 2> errors | tee seen
cmp - seen <<'SEEN'
Python reads of-keytar False
Python reads of-rust True
of-keytar has account
of-python has username
of-rust has username
Rust reads of-python true
Rust reads of-keytar false
keytar reads of-python false
keytar reads of-rust false
SEEN
