"""wget, with --method and --body-file."""

import subprocess
import tempfile

from scenario import body, drive, fields


def run(scenario):
    command = ["wget", "--no-config", "-q", "-O", "/dev/null", "-t", "1", "-T", "20", "--no-hsts",
               f"--method={scenario['method']}"]
    for name, value in fields(scenario):
        command += [f"--header={name}: {value}"]
    if scenario.get("auth"):
        user, password = scenario["auth"]
        command += [f"--user={user}", f"--password={password}"]
    with tempfile.NamedTemporaryFile() as file:
        if body(scenario) is not None:
            file.write(body(scenario))
            file.flush()
            command += [f"--body-file={file.name}"]
        done = subprocess.run(command + [scenario["url"]], capture_output=True)
    if done.returncode:
        raise RuntimeError(f"exit {done.returncode}")
    return 200


drive(run)
