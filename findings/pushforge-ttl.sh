#!/bin/sh
# @pushforge/builder 2.0.5 (npm) lets the VAPID token expire with the message, and keeps a message with TTL 0 for a day.
#
# RFC 8030 section 5.2 has in TTL how long the push service keeps the message, 0 for one that is delivered at once or never,
# and no limit but the service's own. RFC 8292 section 2 has in `exp` how long the token is good, 24 hours at most. The
# library has one number for both: a TTL of 10 makes a token of ten seconds, which a clock a little slow or a second attempt
# finds expired; 0 becomes 86400, for message and token; and a week is refused, though it is fine for a TTL, because it is
# not for a token. web-push 3.6.7 (npm) keeps the two apart.
#
# Seen on 2026-11-28: TTL and lifetime 10 and 10, 86400 and 86400 for 0; "TTL must be less than 24 hours" for 604800.
#
# Needs node 20 with npm, and npm. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @pushforge/builder@2.0.5 web-push@3.6.7
node --input-type=module - <<'NODE'
import assert from "node:assert";
import { createECDH, generateKeyPairSync } from "node:crypto";
import { buildPushHTTPRequest } from "@pushforge/builder";
import webPush from "web-push";

const CONTACT = "mailto:admin@example.com";
const receiver = createECDH("prime256v1");
const subscription = { endpoint: "https://push.example/1",
  keys: { p256dh: receiver.generateKeys("base64url"), auth: Buffer.alloc(16).toString("base64url") } };
const privateJWK = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
const { publicKey, privateKey } = webPush.generateVAPIDKeys();

/** TTL of the request, and seconds until its token expires. */
function times(headers) {
  const token = new Headers(headers).get("Authorization").match(/t=([^,]+)/)[1];
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  return [Number(new Headers(headers).get("TTL")), exp - Math.floor(Date.now() / 1000)];
}

const near = (seen, wanted) => assert(seen.every((value, index) => Math.abs(value - wanted[index]) <= 5), String(seen));
const pushforge = (ttl) => buildPushHTTPRequest({ privateJWK, subscription,
  message: { payload: "hello", adminContact: CONTACT, options: { ttl } } });
for (const [ttl, wanted] of [[10, [10, 10]], [3600, [3600, 3600]], [0, [86400, 86400]]]) {
  const seen = times((await pushforge(ttl)).headers);
  console.log(`@pushforge/builder, ttl ${ttl}: TTL ${seen[0]}, token good for ${seen[1]}`);
  near(seen, wanted);
}
await assert.rejects(pushforge(604800), (error) => (console.log(error.message), error.message === "TTL must be less than 24 hours"));
for (const TTL of [0, 10, 604800]) {
  const { headers } = webPush.generateRequestDetails(subscription, "hello",
    { TTL, vapidDetails: { subject: CONTACT, publicKey, privateKey } });
  near(times(headers), [TTL, 12 * 3600]);
}
NODE
