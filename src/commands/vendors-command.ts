import { type Command, Option } from 'commander';
import { addInputs, type Done, type Inputs, pathsOf, setting, withExamples } from './options.js';
import type { Terminal } from './terminal.js';
import type { VendorsOptions } from './vendors.js';
import type { RecogniseOptions } from './vendors-recognise.js';

/** `aloft vendors`: what is known of monitoring systems, and who a Pod is by it. */
export function addVendors(program: Command, terminal: Terminal, done: Done): void {
  const vendors = withExamples(program.command('vendors'), [
    ['aloft vendors', 'every vendor, and what says that a Pod is one of its agents'],
    ['aloft vendors datadog sysdig', 'these only'],
    ['aloft vendors recognise -f deploy/', 'who the Pods of manifests are'],
  ])
    .description('list the monitoring systems whose agents are recognised')
    .argument('[ids...]', 'these only')
    .addOption(setting('--policy <file>', 'policy file, whose own agents are listed too'))
    .addOption(output())
    .action(async (ids: string[], options: VendorsOptions) => {
      const { listVendors } = await import('./vendors.js');
      done(await listVendors(ids, options, terminal));
    });
  addRecognise(vendors, terminal, done);
}

function addRecognise(vendors: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(vendors.command('recognise')), [
    ['aloft vendors recognise -f deploy/', 'each Pod, whose it is, and by what evidence'],
    ['helm template . | aloft vendors recognise -f -', 'also Pods of Jobs and CronJobs'],
  ])
    .description('say whose agent each Pod is, by what evidence, or that it is none')
    .addOption(output())
    .addHelpText('after', exitCodes)
    .action(async (paths: string[]) => {
      const { recognise } = await import('./vendors-recognise.js');
      // `vendors` has a --policy and an --output as well, and commander gives it what stands behind `recognise`.
      const options: Inputs & RecogniseOptions = command.optsWithGlobals();
      done(await recognise(pathsOf(command, paths, options), options, terminal));
    });
}

const output = (): Option =>
  new Option('-o, --output <format>', 'how to show it').choices(['text', 'json']).default('text');

const exitCodes = `
Exit codes: 0 clean; 2 wrong usage, policy or input; 3 a fault of aloft.`;
