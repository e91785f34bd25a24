import type { Command, Option } from 'commander';
import { type Level, levels } from '../telemetry/logger.js';
import { ownNamespace, ownSecret, ownService } from './defaults.js';
import { type Done, parseBetween, parseList, parsePort, setting, withExamples } from './options.js';
import type { ServeOptions } from './serve/options.js';
import type { Terminal } from './terminal.js';

/** Adds `aloft serve`. */
export function addServe(program: Command, terminal: Terminal, done: Done): void {
  const serve = withExamples(program.command('serve'), [
    ['aloft serve', 'on https://localhost:8443, with certificates of its own'],
    ['aloft serve --policy policy.yaml --log-level debug', 'with every decision in the log'],
    [`aloft serve --cert-secret ${ownSecret}`, 'in a cluster, where the replicas share a Secret'],
  ]);
  serve.description('serve admission reviews over HTTPS, until told to stop');
  for (const option of [...servingOptions(), ...certificateOptions(), ...clusterOptions()]) serve.addOption(option);
  serve.action(async (options: ServeOptions) => {
    const { serve: run } = await import('./serve/serve.js');
    done(await run(options, terminal));
  });
}

const servingOptions = (): readonly Option[] => [
  // Not ALOFT_PORT: Kubernetes sets that one to tcp://… for a Service called aloft.
  setting('--port <number>', 'HTTPS: /mutate, /validate', 'ALOFT_HTTPS_PORT').default(8443).argParser(parsePort),
  setting('--metrics-port <number>', 'HTTP: /livez, /readyz, /metrics').default(9090).argParser(parsePort),
  setting('--host <address>', 'address to listen on (default: all of them)'),
  setting('--policy <file>', 'policy file (default: the embedded policy)'),
  setting('--log-level <level>', 'least important lines')
    .choices(levels)
    .default('info' satisfies Level),
];

const certificateOptions = (): readonly Option[] => [
  setting('--cert-dir <folder>', 'tls.crt, tls.key, ca.crt; made where there are none').default('./certs'),
  setting('--cert-secret <name>', 'instead of a folder: the Secret in which the replicas keep their certificates'),
  setting('--cert-name <names>', 'names and IP addresses beside those of the Service, with commas')
    .default([], 'none')
    .argParser(parseList),
  setting('--cert-lifetime-days <days>', 'how long a certificate in the Secret is valid')
    .default(90)
    .argParser(parseBetween(0, 3650)),
  setting('--cert-renew-at <part>', 'the part of its life after which it is replaced')
    .default(0.667)
    .argParser(parseBetween(0, 1)),
  setting('--trust-delay-seconds <seconds>', 'how late an API server may see a new caBundle')
    .default(300)
    .argParser(parseBetween(0, 86_400)),
];

/** Where aloft stands in the cluster. */
export const clusterOptions = (): readonly Option[] => [
  setting('--service <name>', 'name of the Service that leads here').default(ownService),
  setting('--namespace <name>', 'namespace aloft runs in').default(ownNamespace),
  setting('--webhook-configuration <names>', 'webhook configurations of ours, with commas')
    .default(['aloft'], 'aloft')
    .argParser(parseList),
];
