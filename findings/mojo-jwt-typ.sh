#!/bin/sh
# Mojo::JWT 0.09 (Perl, Debian 12) writes `"typ":"JWT"` whatever `typ` it is given, and leaves it out when it reads.
#
# RFC 8725 section 3.11 advises a type of its own for each kind of token, and RFC 9068 section 2.1 requires "at+jwt" of an access
# token, RFC 9449 section 4.2 "dpop+jwt" of a proof. `header` takes such a value and keeps `kid` beside it, and `encode` then
# puts JWT over it without a word. `decode` takes `typ` out of the header, so a reader cannot check it, and what is read and
# written again has another type. jose 6.2.18 (npm), asked for "at+jwt", refuses the token: unexpected "typ" JWT header value.
#
# Seen on 2026-11-28: {"alg":"HS256","kid":"1","typ":"JWT"} for typ "at+jwt"; none in the header after decode.
#
# Needs Debian 12 with perl and apt, node with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq libmojo-jwt-perl=0.09-1 libmojolicious-perl=9.31+dfsg-1 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
npm install --silent --no-audit --no-fund --ignore-scripts jose@6.2.18
node --input-type=module -e 'import { SignJWT } from "jose";
  const token = new SignJWT({ sub: "alice" }).setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "1" });
  process.stdout.write(await token.sign(new TextEncoder().encode("0123456789abcdef".repeat(2))))' > right
cat > made.pl <<'PERL'
use strict;
use warnings;
use Mojo::JWT;
use Mojo::JSON 'encode_json';

my $secret = "0123456789abcdef" x 2;
open my $file, "<", "right";
my $read = Mojo::JWT->new(secret => $secret);
$read->decode(scalar <$file>);
print STDERR encode_json($read->header), "\n";
die unless encode_json($read->header) eq '{"kid":"1"}';
for my $jwt ($read, Mojo::JWT->new(secret => $secret, claims => {sub => "alice"}, header => {typ => "at+jwt", kid => "1"})) {
    print $jwt->encode, "\n";
}
PERL
perl -I usr/share/perl5 made.pl > made
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { jwtVerify } from "jose";

const key = new TextEncoder().encode("0123456789abcdef".repeat(2));
const want = { typ: "at+jwt" };
await jwtVerify(readFileSync("right", "utf8"), key, want);
for (const token of readFileSync("made", "utf8").trim().split("\n")) {
  const { protectedHeader } = await jwtVerify(token, key);
  console.log(protectedHeader);
  assert.deepEqual({ ...protectedHeader }, { alg: "HS256", kid: "1", typ: "JWT" });
  await assert.rejects(jwtVerify(token, key, want),
    (error) => (console.log(error.message), error.message === 'unexpected "typ" JWT header value'));
}
NODE
