"""Random tokens, judged by jott and by the rules written down again here.

`differential.py JOTT SEED COUNT` prints every disagreement and fails if there is one: in what
verify says and returns, and in what decode shows.
"""

import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from handmade import b64
from lossless import Members, read
from random_tokens import Case, Keys, Policy, Writer
from rules import ALGORITHMS, reasons, status, status_of_all

# What must never reach a terminal: C0 but the line break, DEL, C1, bidi controls, zero width
# characters, tags.
MISREAD = re.compile(
    "[\0-\t\v-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)


def run(jott, *args):
    done = subprocess.run(
        [jott, *args], stdin=subprocess.DEVNULL, capture_output=True, env={}, check=False
    )
    for stream in (done.stdout, done.stderr):
        if misread := MISREAD.search(stream.decode()):
            yield f"{misread[0]!a} reaches the terminal: {stream!r}"
    lines = [read(line) for line in done.stdout.splitlines()]
    return done.returncode, lines


def compare(jott, keys, cases, policy, now):
    """Yields where jott and the rules differ."""
    tokens = [case.token for case in cases]
    options = [*policy.options(), f"--at={now}"]
    code, verdicts = yield from run(
        jott, "verify", "--json", "--key", str(keys.file), *options, "--", *tokens
    )
    expected = [sorted(reasons(case, policy, now)) for case in cases]
    if len(verdicts) != len(cases):
        yield f"{len(verdicts)} verdicts for {len(cases)} tokens"
    for case, verdict, due in zip(cases, verdicts, expected):
        found = sorted(refusal.get("reason") for refusal in verdict.get("refusals"))
        if found != due or verdict.get("valid") is not (not due):
            yield f"{case.token}\n  under {options}\n  is {found}, not {due}"
        if not due and verdict.get("claims") != read(case.payload):
            yield f"{case.token}\n  has other claims in {verdict}"
    if code != status_of_all(map(status, expected)):
        yield f"{options} {tokens}\n  status {code}"
    yield from compare_shown(jott, [case for case in cases if not case.respelt])


def compare_shown(jott, cases):
    shown, statuses = [], []
    for case in cases:
        try:
            header = read(case.header)
        except ValueError:
            continue
        if not isinstance(header, Members):
            continue
        try:
            claims = read(case.payload)
        except ValueError:
            claims = None
        is_object = isinstance(claims, Members)
        payload = None if is_object else b64(case.payload)
        shown.append((case.token, header, claims if is_object else None, payload))
        statuses.append(0 if is_object else 4)
    tokens = [token for token, *_ in shown]
    code, lines = yield from run(jott, "decode", "--json", "--", *tokens)
    if len(lines) != len(shown):
        yield f"{len(lines)} lines for {len(shown)} tokens: {tokens}"
    for (token, *parts), line in zip(shown, lines):
        found = [line.get(name) for name in ("header", "claims", "payload")]
        if found != parts:
            yield f"{token}\n  shows {found}, not {parts}"
    if code != status_of_all(statuses):
        yield f"decode {tokens}\n  status {code}"


def main(jott, seed, count):
    rng = random.Random(int(seed))
    disagreements = 0
    with tempfile.TemporaryDirectory() as folder:
        rings = [Keys(kind, rng, Path(folder)) for kind in ALGORITHMS]
        for _ in range(0, int(count), 20):
            keys, policy = rng.choice(rings), Policy(rng)
            now = rng.randrange(10**9, 10**10)
            cases = [Case(Writer(rng), keys, policy, now) for _ in range(20)]
            for disagreement in compare(jott, keys, cases, policy, now):
                print(disagreement)
                disagreements += 1
    sys.exit(disagreements > 0)


main(*sys.argv[1:])
