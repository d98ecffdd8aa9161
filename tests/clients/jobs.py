"""The protocol of the scripts beside this one: a job a line in, an answer a line out, in JSON.

{"alg", "key": PATH, "kid", "claims"} is answered with {"token"}, and {"alg", "key", "token"} with
{"claims"}; either with {"error"}. The name of a key's file says what is in it (see keys.py).
"""

import json
import sys
from pathlib import Path


def serve(issue, verify):
    for line in sys.stdin:
        job = json.loads(line)
        alg, key = job["alg"], Path(job["key"])
        try:
            if "token" in job:
                answer = {"claims": verify(alg, key, job["token"])}
            else:
                answer = {"token": issue(alg, key, job["kid"], job["claims"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
