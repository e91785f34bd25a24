// Run by a Job of the chart before an uninstall, on the Node.js of aloft's own image: removes the webhook
// configurations that are named, so that no API server calls a webhook that is about to go.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, ACCOUNT: account } = process.env;
const ca = readFileSync(`${account}/ca.crt`);
const headers = { Authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8')}` };

for (const path of process.argv.slice(1)) {
  const { promise, resolve, reject } = Promise.withResolvers();
  request({ host, port, ca, headers, method: 'DELETE', path: `/apis/admissionregistration.k8s.io/v1/${path}` }, resolve)
    .on('error', reject)
    .end();
  const answer = await promise;
  const body = await text(answer);
  if (answer.statusCode !== 200 && answer.statusCode !== 404) throw new Error(`${path}: ${body}`);
  process.stdout.write(`${path}: ${answer.statusCode === 200 ? 'removed' : 'was not there'}\n`);
}
