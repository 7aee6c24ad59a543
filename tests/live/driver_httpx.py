"""Takes a trial a line as JSON, runs it with httpx, answers each with a line."""

import json
import sys

import httpx

for line in sys.stdin:
    trial = json.loads(line)
    try:
        httpx.request(trial["method"], trial["url"], headers=dict(trial["fields"]), content=trial["body"],
                      auth=tuple(trial["credentials"]) if trial["credentials"] else None, timeout=20,
                      follow_redirects=True, trust_env=False)
        print("ok", flush=True)
    except Exception as error:
        print("error", str(error).replace("\n", " "), flush=True)
