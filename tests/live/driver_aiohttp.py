"""Takes a trial a line as JSON, runs it with aiohttp, answers each with a line."""

import asyncio
import json
import sys

import aiohttp


async def run(trial):
    auth = aiohttp.BasicAuth(*trial["credentials"]) if trial["credentials"] else None
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        async with session.request(trial["method"], trial["url"], headers=dict(trial["fields"]), data=trial["body"],
                                   auth=auth) as response:
            await response.read()


for line in sys.stdin:
    try:
        asyncio.run(run(json.loads(line)))
        print("ok", flush=True)
    except Exception as error:
        print("error", str(error).replace("\n", " "), flush=True)
