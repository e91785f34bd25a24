/** What aloft is measured against: nothing but `node:https`, the body parsed, an answer that is always the same. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [, , port = '0', dir = '.'] = process.argv;

const server = createServer(
  { cert: readFileSync(`${dir}/tls.crt`), key: readFileSync(`${dir}/tls.key`), keepAliveTimeout: 120_000 },
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const answer = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"${review.request.uid}","allowed":true}}`;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) });
      response.end(answer);
    });
  },
);
server.listen(Number(port), '127.0.0.1');
process.once('SIGINT', () => process.exit());
