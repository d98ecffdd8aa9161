#!/bin/sh
# jwcrypto 1.6.1 (Python) writes the keys of a set in another order at each start of the program.
#
# RFC 7517 section 5.1 leaves the order of `keys` to the application, and many have one: the newest first, or the
# first one signs. `JWKSet` keeps its keys in a Python set, so an order read from a file is lost on the way to
# the next, and a file under version control changes without a change. `get_key(kid)` finds the right one always.
#
# Seen on 2026-11-27: four keys, read from JSON and exported again in ten programs, came out in several orders.
#
# Needs python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jwcrypto==1.6.1
cat > "$folder/orders.py" <<'PYTHON'
import json

from jwcrypto.jwk import JWKSet

names = ["2026", "2025", "2024", "2023"]
text = json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0LW9mLSUx" + name, "kid": name} for name in names]})
keys = JWKSet.from_json(text)
assert all(keys.get_key(name)["kid"] == name for name in names)
print(*[key["kid"] for key in json.loads(keys.export())["keys"]])
PYTHON
for _ in $(seq 10); do "$folder/venv/bin/python" -W ignore "$folder/orders.py"; done | sort | uniq -c | tee "$folder/orders"
test "$(wc -l < "$folder/orders")" -gt 1
