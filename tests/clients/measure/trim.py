"""Trims a measurement to what tests/clients.rs compares.

    python3 tests/clients/measure/trim.py MEASURED.jsonl SCENARIOS.jsonl

writes tests/clients/measured.jsonl (one scenario a line: outcomes, each with the clients that share it) and
tests/clients/scenarios.jsonl. Names of the measurement are turned into those of assets/clients/.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent

NAMES = {
    "curl": "curl", "curl+X": "curl -X", "curl+post30x": "curl --post301 --post302 --post303",
    "curl+location-trusted": "curl --location-trusted",
    "wget": "wget", "httpie": "httpie", "xh": "xh", "requests": "requests", "httpx": "httpx", "aiohttp": "aiohttp",
    "urllib": "urllib", "chromium-nav": "browser", "chromium-fetch": "fetch", "node24-fetch": "node",
    "node24-axios": "axios", "node20-follow-redirects": "follow-redirects", "node24-got16": "got", "go1.27": "go",
    "java25-normal": "java", "okhttp3": "okhttp", "dotnet31": "dotnet", "reqwest": "reqwest", "ureq": "ureq",
    "guzzle": "guzzle",
}

# loc.long: the measurement itself has it cut short; ex.hdr307early: about Expect, the server answers before the body is read.
SKIPPED = ("loc.long", "ex.hdr307early")

# Response fields that are there for the measuring page, not for the measurement.
NOISE = ("access-control-allow-origin:", "access-control-expose-headers:", "connection:")


def request(row):
    headers = {}
    for name, value in row["headers"]:
        if name.lower() not in ("accept-language", "transfer-encoding"):
            headers.setdefault(name.lower(), []).append(value)
    trimmed = {"origin": row["origin"], "method": row["method"], "target": row["target"], "headers": headers,
               "body": row["body_len"]}
    return {**trimmed, "challenged": True} if row.get("challenged") else trimmed


def requests(row, endless):
    """The first three and the last of an endless scenario; the measurement itself cut those of more than 22 that way."""
    sent = [request(r) for r in row["requests"]]
    if row["scenario"] not in endless or len(sent) < 4:
        return {"requests": sent, "count": len(sent)}
    return {"requests": sent[:3] + sent[-1:], "count": len(sent) if len(sent) > 4 else None}


def end(row):
    status = row.get("status")
    return {"ok": bool(row.get("ok")), "status": status if isinstance(status, int) else None}


def response(text):
    head, separator, body = text.partition("\r\n\r\n")
    lines = [line for line in head.split("\r\n") if not line.lower().startswith(NOISE)]
    return "\r\n".join(lines) + separator + body


def main(measured, scenarios):
    endless = {row["id"] for row in map(json.loads, open(scenarios)) if row.get("endless")}
    outcomes = {}
    for line in open(measured):
        row = json.loads(line)
        if row["scenario"] in SKIPPED:
            continue
        # a client that never sent anything could not be given this scenario
        if row["client"] in NAMES and row["requests"] and "runner died" not in str(row["end"].get("error")):
            outcome = {**requests(row, endless), "end": end(row["end"])}
            key = json.dumps(outcome, sort_keys=True)
            outcomes.setdefault(row["scenario"], {}).setdefault(key, []).append(NAMES[row["client"]])
    with open(HERE / "measured.jsonl", "w") as out:
        for scenario, found in outcomes.items():
            rows = [{"clients": clients, **json.loads(key)} for key, clients in found.items()]
            out.write(json.dumps({"scenario": scenario, "outcomes": rows}, separators=(",", ":")) + "\n")
    with open(HERE / "scenarios.jsonl", "w") as out:
        for line in open(scenarios):
            row = json.loads(line)
            if row["id"] in SKIPPED:
                continue
            row["responses"] = [response(text) for text in row.get("responses", [])]
            out.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
