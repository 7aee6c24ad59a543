// Takes a trial a line as JSON, runs it with the npm client that the first argument names, answers each with a line.
// The second argument is the folder that has node_modules.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [name, folder] = process.argv.slice(2);
const require = createRequire(`${folder}/`);

const clients = {
  axios: () => {
    const axios = require('axios');
    return ({ method, url, fields, body }) => axios({
      method,
      url,
      headers: Object.fromEntries(fields),
      data: body ?? undefined,
      proxy: false,
      timeout: 20000,
      responseType: 'arraybuffer',
      validateStatus: () => true,
    });
  },
  'follow-redirects': () => {
    const { http } = require('follow-redirects');
    return ({ method, url, fields, body }) => new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers: Object.fromEntries(fields), timeout: 20000 });
      request.on('response', (response) => response.resume().on('end', resolve).on('error', reject));
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  },
  got: async () => {
    const { default: got } = await import(pathToFileURL(require.resolve('got')));
    return ({ method, url, fields, body }) => got(url, {
      method,
      headers: Object.fromEntries(fields),
      body: body ?? undefined,
      retry: { limit: 0 },
      timeout: { request: 20000 },
      throwHttpErrors: false,
    });
  },
};

const run = await clients[name]();
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await run(JSON.parse(line));
    console.log('ok');
  } catch (error) {
    console.log('error', String(error).replaceAll('\n', ' '));
  }
}
