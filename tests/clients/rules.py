"""The rules of `jott verify`, as its contract has them: why a token is refused, and the status."""

from decimal import Decimal, getcontext

from lossless import Members, Number, read, repeats_a_name, same

# No sum of times may be rounded.
getcontext().prec = 1000

ALGORITHMS = {
    "secret": {"HS256", "HS384", "HS512"},
    "RSA": {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
    "P-256": {"ES256"},
    "Ed25519": {"EdDSA", "Ed25519"},
}
STATUSES = {"malformed": 4, "expired": 6}
SEVERITY = [5, 3, 4, 1, 6]


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


def by_family(alg):
    """The name that PyJWT has for an algorithm."""
    return "EdDSA" if alg == "Ed25519" else alg


def media_type(text):
    text = text.lower()
    short = text.removeprefix("application/")
    return text if "/" in short else short


def reasons(case, policy, now):
    """Why a token is refused."""
    if case.respelt:
        return ["malformed"]
    try:
        header = read(case.header)
    except ValueError:
        return ["malformed"]
    if not isinstance(header, Members) or repeats_a_name(header) or not is_text(header.get("alg")):
        return ["malformed"]
    if any(name in header and not is_text(header.get(name)) for name in ("kid", "typ")):
        return ["malformed"]
    found = []
    if header.get("alg") not in ALGORITHMS[case.kind]:
        found.append("alg_refused")
    if "crit" in header:
        found.append("crit_unknown")
    checkable = not found
    if policy.typ and media_type(header.get("typ") or "") != media_type(policy.typ):
        found.append("wrong_typ")
    if not checkable:
        return found
    if case.forged or by_family(header.get("alg")) != by_family(case.signed_as):
        return ["bad_signature"]
    try:
        claims = read(case.payload)
    except ValueError:
        return [*found, "malformed"]
    if not isinstance(claims, Members) or repeats_a_name(claims):
        return [*found, "malformed"]
    return [*found, *of_claims(claims, policy, now)]


def of_claims(claims, policy, now):
    yield from of_times(claims, policy, now)
    yield from of_names(claims, policy)
    for name, (text, value) in policy.claims.items():
        if name not in claims:
            yield "missing_claim"
        elif not meets(name, claims.get(name), text, value):
            yield "wrong_claim"
    for name in policy.require:
        if name not in claims:
            yield "missing_claim"


def of_times(claims, policy, now):
    times = {}
    for name in ("exp", "nbf", "iat"):
        if name in claims:
            value = claims.get(name)
            if isinstance(value, Number) and -(2**63) <= Decimal(value) < 2**63:
                times[name] = Decimal(value)
            else:
                yield "malformed"
    if "exp" not in claims and not policy.allow_no_exp:
        yield "missing_claim"
    if "exp" in times and now >= times["exp"] + policy.leeway:
        yield "expired"
    if "nbf" in times and times["nbf"] > now + policy.leeway:
        yield "not_yet_valid"
    if policy.max_age is not None:
        if "iat" not in claims:
            yield "missing_claim"
        elif "iat" in times and times["iat"] > now + policy.leeway:
            yield "issued_in_future"
        elif "iat" in times and now - times["iat"] > policy.max_age + policy.leeway:
            yield "too_old"


def of_names(claims, policy):
    for name, asked in (("iss", policy.iss), ("sub", policy.sub), ("jti", [])):
        if name not in claims:
            if asked:
                yield "missing_claim"
        elif not is_text(claims.get(name)):
            yield "malformed"
        elif asked and claims.get(name) not in asked:
            yield f"wrong_{name}"
    if "aud" not in claims:
        if policy.aud:
            yield "missing_claim"
        return
    aud = claims.get("aud")
    audiences = aud if isinstance(aud, list) else [aud]
    if not all(is_text(one) for one in audiences):
        yield "malformed"
    elif policy.aud and not set(policy.aud) & set(audiences):
        yield "wrong_aud"


def meets(name, found, text, value):
    if text is None:
        return same(found, value)
    words = found.split(" ") if is_text(found) and name in ("scope", "scp") else []
    options = found if isinstance(found, list) else [found]
    return text in words or any(is_text(one) and one == text for one in options)


def status(of_token):
    """The status of one token, by the reasons."""
    own = {STATUSES.get(reason, 1) for reason in of_token}
    return next((status for status in SEVERITY if status in own), 0)


def status_of_all(statuses):
    failed = set(statuses) - {0}
    return 0 if not failed else failed.pop() if len(failed) == 1 else 1
