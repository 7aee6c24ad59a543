"""aiohttp, a session for each scenario."""

import asyncio
import warnings

import aiohttp

from scenario import body, drive, fields

# its own option for credentials is going away; it is what was measured
warnings.simplefilter("ignore")


async def fetch(scenario):
    auth = aiohttp.BasicAuth(*scenario["auth"]) if scenario.get("auth") else None
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        async with session.request(scenario["method"], scenario["url"], headers=dict(fields(scenario)),
                                   data=body(scenario), auth=auth) as response:
            await response.read()
            return response.status


drive(lambda scenario: asyncio.run(fetch(scenario)))
