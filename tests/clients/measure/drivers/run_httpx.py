"""httpx with follow_redirects."""

import httpx

from scenario import body, drive, fields


def run(scenario):
    auth = tuple(scenario["auth"]) if scenario.get("auth") else None
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=20) as client:
        return client.request(scenario["method"], scenario["url"], headers=fields(scenario), content=body(scenario),
                              auth=auth).status_code


drive(run)
