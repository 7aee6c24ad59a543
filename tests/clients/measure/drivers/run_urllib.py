"""urllib.request, with a cookie processor where the scenario switches a jar on."""

import urllib.request

from scenario import body, drive, fields


def run(scenario):
    handlers = [urllib.request.HTTPCookieProcessor()] if scenario.get("cookie_jar") else []
    if scenario.get("auth"):
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, scenario["url"], *scenario["auth"])
        handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    opener = urllib.request.build_opener(*handlers)
    request = urllib.request.Request(scenario["url"], data=body(scenario), headers=dict(fields(scenario)),
                                     method=scenario["method"])
    with opener.open(request, timeout=20) as response:
        response.read()
        return response.status


drive(run)
