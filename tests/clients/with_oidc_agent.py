"""What oidc-agent makes of the server, as man/recipes.md has it; flows.py has the arguments."""

import os
import subprocess
import tempfile

import jwt

from flows import ISSUER, run

PASSWORD = ["--flow=password", "--op-username=alice", "--op-password=wonderland"]
CLIENT = ["--manual", "--client-id=demo-web", "--client-secret=demo-web-secret"]


def with_a_client_that_is_there():
    token = fetched(CLIENT)
    assert (token["client_id"], token["sub"]) == ("demo-web", "alice"), token


def with_a_client_that_it_registers():
    token = fetched([])
    assert token["client_id"].startswith("client-"), token
    assert token["sub"] == "alice", token


def fetched(client):
    """The claims of the token that the agent gives for a new account."""
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home, OIDC_ENCRYPTION_PW="of-a-test")

        def said(*command):
            done = subprocess.run(
                command, env=environment, text=True, timeout=60, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
            assert done.returncode == 0, (command[0], done.stdout)
            return done.stdout

        for line in said("oidc-agent").split(";"):
            name, _, value = line.strip().partition("=")
            if name in ("OIDC_SOCK", "OIDCD_PID"):
                environment[name] = value
        try:
            said(
                "oidc-gen", "demo", "--issuer", ISSUER, *PASSWORD, *client, "--pw-env", "--confirm-yes",
                "--prompt=none", "--scope=openid offline_access items:read",
            )
            token = said("oidc-token", "demo").strip()
        finally:
            said("oidc-agent", "-k")
    return jwt.decode(token, options={"verify_signature": False})


run(with_a_client_that_is_there, with_a_client_that_it_registers)
