import { type Command, Option } from 'commander';
import type { RotateOptions, StatusOptions } from './certs.js';
import { ownSecret } from './defaults.js';
import { type Done, setting, withExamples } from './options.js';
import { clusterOptions } from './serve-command.js';
import type { Terminal } from './terminal.js';

/** Adds `aloft certs`. */
export function addCerts(program: Command, terminal: Terminal, done: Done): void {
  const certs = program.command('certs').description('see and rotate the certificates of an installation');

  const status = withExamples(certs.command('status'), [
    ['aloft certs status', 'what is served, who trusts it, and what is wrong'],
    ['aloft certs status --cert-dir ./certs', 'of a folder'],
  ]);
  status
    .description('show the certificates, what each caBundle trusts, and what is wrong')
    .addOption(new Option('-o, --output <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--cert-dir <folder>', 'look at a folder instead of the cluster'));
  for (const option of [secretOption(), ...clusterOptions()]) status.addOption(option);
  status
    .addHelpText('after', '\nExit codes: 0 all is well; 1 something is wrong; 2 wrong usage, or no cluster.')
    .action(async (options: StatusOptions) => {
      const { showStatus } = await import('./certs.js');
      done(await showStatus(options, terminal));
    });

  const rotate = withExamples(certs.command('rotate'), [
    ['aloft certs rotate', 'a new certificate, without a failed request'],
    ['aloft certs rotate --compromised', 'when a key may be in wrong hands'],
  ]);
  rotate
    .description('start a rotation now; the replicas carry it out')
    .option('--compromised', 'hurry, and stop trusting what is served today');
  for (const option of [secretOption(), ...clusterOptions()]) rotate.addOption(option);
  rotate.action(async (options: RotateOptions) => {
    const { rotate: run } = await import('./certs.js');
    done(await run(options, terminal));
  });
}

const secretOption = (): Option =>
  setting('--cert-secret <name>', 'the Secret in which the replicas keep their certificates').default(ownSecret);
