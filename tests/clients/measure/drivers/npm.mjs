// The npm client that the first argument names, from the folder that HOPSTEP_NPM names, else from where .ci/run installs it.
// Any status is an answer (validateStatus, throwHttpErrors), and nothing is tried twice.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const usual = fileURLToPath(new URL('../../../../target/clients', import.meta.url));
const require = createRequire(`${process.env.HOPSTEP_NPM || usual}/`);
const imported = (name) => import(pathToFileURL(require.resolve(name)));

const clients = {
  axios: () => {
    const axios = require('axios');
    return async ({ method, url, headers, auth, body }) => {
      const [username, password] = auth ?? [];
      const response = await axios({
        method,
        url,
        headers: Object.fromEntries(headers ?? []),
        auth: auth ? { username, password } : undefined,
        data: body ?? undefined,
        proxy: false,
        timeout: 20000,
        responseType: 'arraybuffer',
        validateStatus: () => true,
      });
      return response.status;
    };
  },
  'follow-redirects': () => {
    const { http } = require('follow-redirects');
    return ({ method, url, headers, auth, body }) => new Promise((resolve, reject) => {
      const { username, password } = new URL(url);
      // a URL's userinfo is the caller's to hand over, as with Node's own http.request
      const given = auth ?? (username ? [username, password] : undefined);
      const options = { method, headers: Object.fromEntries(headers ?? []), auth: given?.join(':'), timeout: 20000 };
      const request = http.request(url, options);
      request.on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode)).on('error', reject);
      });
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  },
  got: async () => {
    const { default: got } = await imported('got');
    const { CookieJar } = await imported('tough-cookie');
    return async ({ method, url, headers, auth, body, cookie_jar }) => {
      const [username, password] = auth ?? [];
      const response = await got(url, {
        method,
        headers: Object.fromEntries(headers ?? []),
        ...(auth ? { username, password } : {}),
        ...(cookie_jar ? { cookieJar: new CookieJar() } : {}),
        body: body ?? undefined,
        retry: { limit: 0 },
        timeout: { request: 20000 },
        throwHttpErrors: false,
      });
      return response.statusCode;
    };
  },
};

const run = await clients[process.argv[2]]();
for await (const line of createInterface({ input: process.stdin })) {
  let end;
  try {
    end = { status: await run(JSON.parse(line)), ok: true };
  } catch (error) {
    end = { status: null, ok: false, error: String(error).slice(0, 200) };
  }
  console.log(JSON.stringify(end));
}
