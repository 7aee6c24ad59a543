"""What Python drivers share: scenarios in, endings out."""

import json
import sys


def drive(run):
    """Calls `run` with each scenario; it returns the final status or raises."""
    for line in sys.stdin:
        try:
            end = {"status": run(json.loads(line)), "ok": True}
        except Exception as error:  # whatever a client throws is how it ends
            end = {"status": None, "ok": False, "error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(end), flush=True)


def fields(scenario):
    return [tuple(pair) for pair in scenario.get("headers", [])]


def body(scenario):
    text = scenario.get("body")
    return None if text is None else text.encode()
