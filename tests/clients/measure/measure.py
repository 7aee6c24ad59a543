"""Drives real HTTP clients through tests/clients/scenarios.jsonl and notes every request that the servers see.

    python3 tests/clients/measure/measure.py CLIENT... > raw.jsonl     rows in the form that trim.py takes
    python3 tests/clients/measure/measure.py --check CLIENT...         holds them against tests/clients/measured.jsonl

Runs itself in a network namespace of its own (`unshare`): there hop.test and its like are loopback addresses, port 80 is
free, and no packet can leave. Scenarios that need TLS are left out.
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
# the names of the measurement, and where its servers listen
HOSTS = {"127.0.77.1": "hop.test hop.test. www.hop.test custom.test", "127.0.77.2": "other.test xn--bcher-kva.test"}
PORTS = (80, 8080, 8443)
# how each driver is started (its client's name is the argument); a driver takes a scenario a line as JSON and answers
# with its ending
DRIVERS = {
    "curl": ["python3", "curl.py"], "wget": ["python3", "wget.py"], "requests": ["python3", "run_requests.py"],
    "httpx": ["python3", "run_httpx.py"], "aiohttp": ["python3", "run_aiohttp.py"],
    "urllib": ["python3", "run_urllib.py"], "node": ["node", "node.mjs"],
    "axios": ["node", "npm.mjs"], "follow-redirects": ["node", "npm.mjs"], "got": ["node", "npm.mjs"],
    "go": ["go", "run", "http.go"],
}
# the major version of Node under which they were measured, and the rows in which other versions differ: `^` in a URL, and
# a folded field line
NODE = {"node": 24, "axios": 24, "got": 24, "follow-redirects": 20}
DIFFER = {"loc.special", "loc.fold"}
# rows that come out one way or the other: Node's fetch fails for a body cut short while its next request is on the way
RACES = {"node": {"loc.shortbody"}}
LAST = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone"
CHALLENGE = (b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n'
             b"Connection: close\r\n\r\n")
# fields that every client fills in its own way, and that no redirect rule is about
IGNORED = {"user-agent", "accept", "accept-encoding", "accept-language", "connection", "content-length", "expect",
           "transfer-encoding", "sec-fetch-mode", "te", "keep-alive", "identity"}


class World:
    """The servers, and the scenario they play."""

    def __init__(self):
        self.lock, self.scenario, self.seen = threading.Lock(), None, []
        for address in HOSTS:
            for port in PORTS:
                listener = socket.create_server((address, port))
                origin = f"http://{address}:{port}"
                threading.Thread(target=self.listen, args=(listener, origin), daemon=True).start()

    def listen(self, listener, origin):
        while True:
            stream, _ = listener.accept()
            stream.settimeout(5)
            threading.Thread(target=self.serve, args=(stream, origin), daemon=True).start()

    def serve(self, stream, origin):
        with stream:
            try:
                request = receive(stream, origin)
                if request:
                    answer = self.answer(request)
                    head, end, body = answer.partition(b"\r\n\r\n")
                    # what a HEAD is answered with has no body; the scenarios' own answers stay as they are
                    bare = request["method"] == "HEAD" and answer in (LAST, CHALLENGE)
                    stream.sendall(head + end if bare else answer)
            except OSError:
                pass

    def answer(self, request):
        with self.lock:
            authorized = any(name.lower() == "authorization" for name, _ in request["headers"])
            scenario = self.scenario
            number = sum(not seen.get("challenged") for seen in self.seen)
            last = not scenario.get("endless") and number >= len(scenario.get("responses", []))
            asks = scenario.get("challenge_first") and number == 0 or scenario.get("challenge_last") and last
            if asks and not authorized:
                request["challenged"] = True
            self.seen.append(request)
            if request.get("challenged"):
                return CHALLENGE
            return LAST if last else scripted(scenario, number, request["target"])


def scripted(scenario, number, target):
    def redirect(status, to):
        return f"HTTP/1.1 {status} X\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()

    match scenario["id"] if scenario.get("endless") else None:
        case None:
            raw = scenario["responses"][number].encode("latin-1")
            line, end, rest = raw.partition(b"\n")
            return line + end + (b"Connection: close\r\n" if line.endswith(b"\r") else b"Connection: close\n") + rest
        case "lp.self":
            return redirect(302, "/loop")
        case "lp.two":
            return redirect(302, "/y" if target == "/x" else "/x")
        case "lp.chain":
            return redirect(302, f"/c{number + 1}")
        case "lp.frag":
            return redirect(302, f"/loop#{number}")
        case "lp.post307":
            return redirect(307, "/loop")
        case other:
            raise ValueError(f"no answers for {other}")


def receive(stream, origin):
    """One request as it arrived; None when the client hung up before."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        chunk = stream.recv(65536)
        if not chunk:
            return None
        raw += chunk
    head, _, body = raw.partition(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = start.partition(" ")
    headers = [[name, value.strip()] for name, _, value in (line.partition(":") for line in lines)]
    fields = {name.lower(): value for name, value in headers}
    if "expect" in fields:
        stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    chunked = "chunked" in fields.get("transfer-encoding", "")
    length = int(fields.get("content-length", 0))
    while len(body) < length or chunked and not body.endswith(b"0\r\n\r\n"):
        chunk = stream.recv(65536)
        if not chunk:
            break
        body += chunk
    size = sum(int(line, 16) for line in re.findall(rb"(?:^|\r\n)([0-9a-fA-F]+)\r\n", body)) if chunked else len(body[:length])
    headers = [line for line in headers if line[0].lower() not in IGNORED]
    return {"origin": origin, "method": method, "target": rest.rpartition(" ")[0], "headers": headers,
            "body_len": size}


def playable(scenario):
    """Without TLS, and with a body that can be read again, so that every driver can send it."""
    text = scenario["url"] + "".join(scenario.get("responses", []))
    return "https:" not in text.lower() and not scenario.get("stream")


def content(scenario):
    """The body; `2500000 bytes` stands for so many."""
    size = re.fullmatch(r"(\d+) bytes", scenario.get("body") or "")
    return "x" * int(size[1]) if size else scenario.get("body")


def measure(world, client, scenarios):
    command = DRIVERS[client]
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C.UTF-8",
           "HOPSTEP_NPM": os.environ.get("HOPSTEP_NPM", ""), "GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "0",
           "GOCACHE": os.environ.get("GOCACHE", "/tmp/hopstep-go-cache")}
    driver = subprocess.Popen(command[:-1] + [str(HERE / "drivers" / command[-1]), client], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, encoding="utf-8", env=env)
    for scenario in scenarios:
        with world.lock:
            world.scenario, world.seen = scenario, []
        driver.stdin.write(json.dumps({**scenario, "body": content(scenario)}) + "\n")
        driver.stdin.flush()
        answer = driver.stdout.readline()
        if not answer:
            sys.exit(f"{client}: the driver has ended at {scenario['id']}")
        with world.lock:
            yield {"client": client, "scenario": scenario["id"], "requests": world.seen, "end": json.loads(answer)}
    driver.stdin.close()
    driver.wait()


def stored(client):
    """What measured.jsonl has of a client, by scenario."""
    found = {}
    for line in open(TESTS / "measured.jsonl"):
        row = json.loads(line)
        for outcome in row["outcomes"]:
            if client in outcome["clients"]:
                found[row["scenario"]] = outcome
    return found


def difference(scenario, row, outcome):
    """The first thing in which a fresh row differs from the stored one."""
    sent = row["requests"]
    if outcome["count"] is not None and len(sent) != outcome["count"]:
        return f"{len(sent)} requests, stored {outcome['count']}"
    shown = sent if outcome["count"] == len(outcome["requests"]) else sent[:3] + sent[-1:]
    names = {name.lower() for name, _ in scenario.get("headers", [])}
    names |= {"host", "authorization", "cookie", "referer"}
    for number, (fresh, known) in enumerate(zip(shown, outcome["requests"]), 1):
        for key, other in (("origin", "origin"), ("method", "method"), ("target", "target"), ("body_len", "body")):
            if fresh[key] != known[other]:
                return f"request {number}: {key} {fresh[key]!r}, stored {known[other]!r}"
        for name in sorted(names - IGNORED):
            values = [value for field, value in fresh["headers"] if field.lower() == name]
            if values != known["headers"].get(name, []):
                return f"request {number}: {name} {values}, stored {known['headers'].get(name, [])}"
    if bool(row["end"]["ok"]) != outcome["end"]["ok"]:
        return f"ends {row['end']}, stored {outcome['end']}"
    return None


def of_another_node(client):
    """Whether a client that runs on Node was measured on another version."""
    if client not in NODE:
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.lstrip("v").partition(".")[0]) != NODE[client]


def check(world, client, scenarios):
    races = RACES.get(client, set())
    known = {scenario: outcome for scenario, outcome in stored(client).items() if scenario not in races}
    if of_another_node(client):
        print(f"{client} was measured on Node {NODE[client]}: without {' and '.join(sorted(DIFFER))}")
        known = {scenario: outcome for scenario, outcome in known.items() if scenario not in DIFFER}
    rows = [row for row in measure(world, client, [s for s in scenarios if s["id"] in known])]
    by_id = {scenario["id"]: scenario for scenario in scenarios}
    differs = [(row["scenario"], difference(by_id[row["scenario"]], row, known[row["scenario"]])) for row in rows]
    differs = [(scenario, text) for scenario, text in differs if text]
    for scenario, text in differs:
        print(f"{client} {scenario}: {text}")
    print(f"{client}: {len(rows) - len(differs)} of {len(rows)} rows equal the stored ones", flush=True)
    return not differs


def main(arguments):
    if os.environ.get("MEASURE_INSIDE") != "1":
        inside = ["unshare", "--user", "--map-root-user", "--net", "--mount", sys.executable, __file__, *arguments]
        sys.exit(subprocess.call(inside, env={**os.environ, "MEASURE_INSIDE": "1"}))
    subprocess.check_call(["ip", "link", "set", "lo", "up"])
    hosts = pathlib.Path("/tmp") / f"measure-hosts-{os.getpid()}"
    hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{ip} {names}\n" for ip, names in HOSTS.items()))
    subprocess.check_call(["mount", "--bind", str(hosts), "/etc/hosts"])
    hosts.unlink()
    scenarios = [row for row in map(json.loads, open(TESTS / "scenarios.jsonl")) if playable(row)]
    world = World()
    clients = [name for name in arguments if not name.startswith("--")]
    if "--check" in arguments:
        good = [check(world, client, scenarios) for client in clients]
        sys.exit(0 if all(good) else 1)
    for client in clients:
        for row in measure(world, client, scenarios):
            print(json.dumps(row, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1:])
