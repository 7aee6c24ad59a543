// Node's own fetch; it has no option for credentials, so they go as a field.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const scenario = JSON.parse(line);
  let end;
  const headers = scenario.headers ?? [];
  if (scenario.auth) headers.push(['Authorization', `Basic ${btoa(scenario.auth.join(':'))}`]);
  try {
    const response = await fetch(scenario.url, {
      method: scenario.method,
      headers,
      body: scenario.body ?? undefined,
      signal: AbortSignal.timeout(20000),
    });
    await response.arrayBuffer();
    end = { status: response.status, ok: true };
  } catch (error) {
    end = { status: null, ok: false, error: String(error.cause ?? error).slice(0, 200) };
  }
  console.log(JSON.stringify(end));
}
