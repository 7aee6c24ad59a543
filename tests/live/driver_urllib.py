"""Takes a trial a line as JSON, runs it with urllib.request, answers each with a line."""

import json
import sys
import urllib.request

for line in sys.stdin:
    trial = json.loads(line)
    body = trial["body"].encode() if trial["body"] is not None else None
    request = urllib.request.Request(trial["url"], data=body, headers=dict(trial["fields"]), method=trial["method"])
    try:
        urllib.request.urlopen(request, timeout=20).read()
        print("ok", flush=True)
    except Exception as error:
        print("error", str(error).replace("\n", " "), flush=True)
