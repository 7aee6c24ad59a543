"""Takes a trial a line as JSON, runs it with requests, answers each with a line."""

import json
import sys

import requests

for line in sys.stdin:
    trial = json.loads(line)
    try:
        requests.request(trial["method"], trial["url"], headers=dict(trial["fields"]), data=trial["body"],
                         auth=tuple(trial["credentials"]) if trial["credentials"] else None, timeout=20,
                         allow_redirects=True)
        print("ok", flush=True)
    except Exception as error:
        print("error", str(error).replace("\n", " "), flush=True)
