#!/bin/sh
# Net::OAuth2::AuthorizationServer 0.28 (Perl, Debian 12) names the client's redirect_uri as the audience of its access tokens.
#
# RFC 7519 section 4.1.3 has in `aud` whom the token is meant for, and RFC 9068 section 2.2 the resource server. With
# `jwt_secret` the library signs a JWT for each access token, and what stands in its `aud` is the address to which the
# browser was sent back. PyJWT 2.15.1, asked for the API as audience, refuses every one of them. `sub`, `client_id` and
# `scope` are not there either: they are called `user_id`, `client` and `scopes`, the last an array.
#
# Seen on 2026-11-28: {"aud":"https://app.example/callback","client":"app","scopes":["read"],"user_id":"alice",…}.
#
# Needs Debian 12 with perl and apt, python3 with venv, and PyPI. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libnet-oauth2-authorizationserver-perl=0.28-2 libcrypt-jwt-perl=0.034-1 libjson-perl \
    libmojolicious-perl libmoo-perl libtype-tiny-perl libexporter-tiny-perl libtry-tiny-perl librole-tiny-perl \
    libclass-method-modifiers-perl libsub-quote-perl libmodule-runtime-perl libcryptx-perl 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyjwt==2.15.1
perl -I usr/share/perl5 -I usr/lib/x86_64-linux-gnu/perl5/5.36 -MNet::OAuth2::AuthorizationServer -e '
    my $grant = Net::OAuth2::AuthorizationServer->new->auth_code_grant(
        jwt_secret => "0123456789abcdef" x 2, clients => { app => { client_secret => "secret", scopes => { read => 1 } } });
    print $grant->token(client_id => "app", scopes => ["read"], type => "access", user_id => "alice",
        redirect_uri => "https://app.example/callback")' > token
venv/bin/python - <<'PYTHON'
import jwt

SECRET = "0123456789abcdef" * 2
token = open("token").read()
try:
    jwt.decode(token, SECRET, ["HS256"], audience="https://api.example")
    raise SystemExit(1)
except jwt.InvalidAudienceError as error:
    print("PyJWT:", error)
claims = jwt.decode(token, SECRET, ["HS256"], audience="https://app.example/callback")
print(claims)
assert not {"sub", "client_id", "scope"} & set(claims)
assert (claims["user_id"], claims["client"], claims["scopes"]) == ("alice", "app", ["read"])
PYTHON
