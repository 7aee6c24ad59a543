// Takes a trial a line as JSON, runs it with Node's own fetch, answers each with a line.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const trial = JSON.parse(line);
  try {
    const response = await fetch(trial.url, {
      method: trial.method,
      headers: trial.fields,
      body: trial.body ?? undefined,
      signal: AbortSignal.timeout(20000),
    });
    await response.arrayBuffer();
    console.log('ok');
  } catch (error) {
    console.log('error', String(error.cause ?? error).replaceAll('\n', ' '));
  }
}
