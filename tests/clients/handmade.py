"""Tokens put together by hand, so that any bytes can be in them."""

import base64
import json

import jwt


def b64(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(header, payload, alg, key):
    """The token of a header and a payload in bytes, under an algorithm that may not be theirs."""
    message = f"{b64(header)}.{b64(payload)}"
    signature = jwt.get_algorithm_by_name(alg).sign(message.encode(), key)
    return f"{message}.{b64(signature)}"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
