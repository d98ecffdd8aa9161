"""What the libraries of jobs and workloads make of `jott serve-demo --as`, as the command that it runs; the
argument is which."""

import json
import os
import subprocess
import sys
import urllib.request

AUDIENCE = "https://api.example"


def claims_of(token: str) -> dict:
    jott = [os.environ["JOTT"], "verify", "--key", os.environ["JOTT_KEY_SOURCE"], "--aud", AUDIENCE]
    result = subprocess.run([*jott, "--json"], input=token, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr + result.stdout
    return json.loads(result.stdout)["claims"]


def called(token: str) -> str:
    """What the resource server here says to an access token."""
    request = urllib.request.Request(
        os.environ["JOTT_ISSUER"] + "/protected", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["message"]


def by_id() -> str:
    import id

    return claims_of(id.detect_credential(AUDIENCE))["sub"]


def by_google() -> str:
    import google.auth
    from google.auth.transport.requests import Request

    cloud = "https://www.googleapis.com/auth/cloud-platform"
    credentials, _ = google.auth.default(scopes=[cloud])
    credentials.refresh(Request())
    assert not credentials.expired
    return called(credentials.token)


def by_google_as_an_account() -> str:
    from google.auth import identity_pool
    from google.auth.transport.requests import Request

    account = "shop@example.iam.gserviceaccount.com"
    with open(os.environ["GOOGLE_APPLICATION_CREDENTIALS"]) as file:
        info = json.load(file)
    accounts = os.environ["JOTT_ISSUER"] + "/iam/v1/projects/-/serviceAccounts"
    info["service_account_impersonation_url"] = f"{accounts}/{account}:generateAccessToken"
    cloud = "https://www.googleapis.com/auth/cloud-platform"
    credentials = identity_pool.Credentials.from_info(info, scopes=[cloud])
    credentials.refresh(Request())
    return called(credentials.token)


def by_aws() -> str:
    """What a pod of Amazon EKS finds in its environment is enough."""
    import boto3

    credentials = boto3.Session().get_credentials()
    assert credentials.method == "assume-role-with-web-identity", credentials.method
    frozen = credentials.get_frozen_credentials()
    assert frozen.access_key.startswith("ASIA") and len(frozen.secret_key) == 40
    return called(frozen.token)


def by_aws_by_a_call() -> str:
    import boto3
    from botocore import UNSIGNED
    from botocore.client import Config
    from botocore.exceptions import ClientError

    jott = [os.environ["JOTT"], "fetch", "--ci", "--audience", AUDIENCE]
    token = subprocess.run(jott, capture_output=True, text=True, check=True).stdout.strip()
    client = boto3.client("sts", region_name="eu-west-1", config=Config(signature_version=UNSIGNED))

    def assume(token: str) -> dict:
        return client.assume_role_with_web_identity(
            RoleArn="arn:aws:iam::123456789012:role/demo",
            RoleSessionName="job",
            WebIdentityToken=token,
            DurationSeconds=900,
        )

    answer = assume(token)
    claims = claims_of(token)
    assert answer["SubjectFromWebIdentityToken"] == claims["sub"], answer
    assert answer["Provider"] == claims["iss"], answer
    assert answer["Audience"] == AUDIENCE, answer
    left = answer["Credentials"]["Expiration"].timestamp() - claims["iat"]
    assert 890 <= left <= 960, left
    try:
        assume(token[:-8] + "AAAAAAAA")
    except ClientError as error:
        assert isinstance(error, client.exceptions.InvalidIdentityTokenException), error
    else:
        raise AssertionError("a token with another signature was taken")
    return called(answer["Credentials"]["SessionToken"])


def by_spiffe() -> str:
    from spiffe import JwtBundle, JwtSvid, TrustDomain

    with open(os.environ["SPIFFE_BUNDLE_FILE"], "rb") as file:
        bundle = JwtBundle.parse(TrustDomain("example.org"), file.read())
    with open(os.environ["SPIFFE_JWT_FILE"]) as file:
        svid = JwtSvid.parse_and_validate(file.read(), bundle, {AUDIENCE})
    return str(svid.spiffe_id)


def by_azure() -> str:
    from azure.identity import WorkloadIdentityCredential

    resource = os.environ["JOTT_ISSUER"]
    token = WorkloadIdentityCredential().get_token(f"{resource}/.default")
    import requests

    headers = {"Authorization": f"Bearer {token.token}"}
    return requests.get(resource + "/protected", headers=headers).json()["message"]


def by_msal() -> str:
    import msal
    import requests

    with open(os.environ["AZURE_FEDERATED_TOKEN_FILE"]) as file:
        assertion = file.read()
    resource = os.environ["JOTT_ISSUER"]
    application = msal.ConfidentialClientApplication(
        os.environ["AZURE_CLIENT_ID"],
        authority=f"{resource}/{os.environ['AZURE_TENANT_ID']}",
        client_credential={"client_assertion": assertion},
        instance_discovery=False,
    )
    answer = application.acquire_token_for_client([f"{resource}/.default"])
    assert "access_token" in answer, answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    return requests.get(resource + "/protected", headers=headers).json()["message"]


print(globals()[f"by_{sys.argv[1]}"]())
