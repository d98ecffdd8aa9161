#!/bin/sh
# The `exp` that Poco 1.11.0 (C++) writes is 0 for libjwt 1.10.2 (C): it has a fraction of a second.
#
# RFC 7519 section 2 lets a NumericDate have a fraction, and Poco's JWT::Token writes microseconds for each of its times.
# `jwt_get_grant_int` of libjwt returns 0 for such a number, and `errno` stays 0 (a missing claim gives -1 and ENOENT): a
# program that compares it with the clock finds a token that expired in 1970, under a good signature. PyJWT 2.15.1,
# joserfc 1.8.0 and python-jose 3.5.0 take the same token as it is.
#
# Seen on 2026-11-28: {"exp":1795879794.684576,…} from Poco, and 0 from libjwt; without the fraction libjwt has it.
#
# Needs Debian 12 with apt, g++ and libssl-dev, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
poco=1.11.0-3+deb12u1
apt-get download -qq libpocojwt80=$poco libpocofoundation80=$poco libpocojson80=$poco libpococrypto80=$poco libpoco-dev=$poco \
    libpcre3 libjwt0=1.10.2-1+deb12u1 libjansson4 libb64-0d 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1 joserfc==1.8.0 python-jose==3.5.0
cat > made.cpp <<'CPP'
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <Poco/Timespan.h>
#include <Poco/Timestamp.h>
#include <iostream>

int main() {
    Poco::JWT::Token token;
    token.setSubject("alice");
    token.setExpiration(Poco::Timestamp() + Poco::Timespan(3600, 500));
    std::cout << Poco::JWT::Signer("0123456789abcdef0123456789abcdef").sign(token, Poco::JWT::Signer::ALGO_HS256);
}
CPP
libraries=$folder/usr/lib/x86_64-linux-gnu:$folder/lib/x86_64-linux-gnu
g++ -w -I usr/include made.cpp -o made -L usr/lib/x86_64-linux-gnu -Wl,-rpath-link,"$libraries" \
    -l:libPocoJWT.so.80 -l:libPocoJSON.so.80 -l:libPocoCrypto.so.80 -l:libPocoFoundation.so.80
LD_LIBRARY_PATH=$libraries ./made > token
LD_LIBRARY_PATH=$libraries venv/bin/python -W ignore - <<'PYTHON'
import ctypes
import errno

import jwt
from jose import jwt as python_jose
from joserfc import jwt as joserfc
from joserfc.jwk import OctKey

SECRET = "0123456789abcdef" * 2
libjwt = ctypes.CDLL("libjwt.so.0", use_errno=True)
libjwt.jwt_get_grant_int.restype = ctypes.c_long


def by_libjwt(token, claim):
    read = ctypes.c_void_p()
    assert libjwt.jwt_decode(ctypes.byref(read), token.encode(), SECRET.encode(), len(SECRET)) == 0
    ctypes.set_errno(0)
    return libjwt.jwt_get_grant_int(read, claim), ctypes.get_errno()


token = open("token").read()
claims = jwt.decode(token, SECRET, ["HS256"])
joserfc.JWTClaimsRegistry().validate(joserfc.decode(token, OctKey.import_key(SECRET)).claims)
assert python_jose.decode(token, SECRET, ["HS256"]) == claims
assert claims["exp"] % 1, claims
whole = jwt.encode({**claims, "exp": int(claims["exp"])}, SECRET)
print("Poco:", claims, "libjwt:", by_libjwt(token, b"exp"), "whole:", by_libjwt(whole, b"exp"))
assert by_libjwt(token, b"exp") == (0, 0)
assert by_libjwt(whole, b"exp") == (int(claims["exp"]), 0)
assert by_libjwt(whole, b"nbf") == (-1, errno.ENOENT)
PYTHON
