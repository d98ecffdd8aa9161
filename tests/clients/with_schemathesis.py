"""Runs schemathesis over /openapi.json of a server: the arguments are its issuer, and an access token
or nothing. All its checks are on; schemathesis.toml says what it cannot know."""

import os
import sys
import tempfile
from pathlib import Path

from schemathesis.cli import schemathesis

issuer, token = sys.argv[1:]
config = Path(__file__).with_name("schemathesis.toml").read_text()
options = []
if token:
    bearer = f'{{ bearer = "{token}" }}'
    client = '{ username = "demo-service", password = "demo-service-secret" }'
    config += f"\n[auth.openapi]\noauth = {bearer}\nbearer = {bearer}\nclient = {client}\n"
else:
    # Of the tokens that it would make up some are malformed, and rightly refused with 400.
    options += ["--generation-with-security-parameters=false"]

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)  # where it leaves what it remembers
    file = Path(folder, "schemathesis.toml")
    file.write_text(config)
    arguments = ["--config-file", str(file), "run", f"{issuer}/openapi.json", *options]
    arguments += ["--checks=all", "--seed=1", "--max-examples=60", "--no-color"]
    arguments += ["--generation-database=none", "--warnings=off"]
    schemathesis(arguments)
