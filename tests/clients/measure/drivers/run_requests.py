"""requests, a session for each scenario."""

import requests

from scenario import body, drive, fields


def run(scenario):
    with requests.Session() as session:
        session.trust_env = False
        auth = tuple(scenario["auth"]) if scenario.get("auth") else None
        return session.request(scenario["method"], scenario["url"], headers=dict(fields(scenario)),
                               data=body(scenario), auth=auth, timeout=20, allow_redirects=True).status_code


drive(run)
