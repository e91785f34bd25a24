import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FormatName, formatNames, formats } from '../reports/formats.js';
import { thresholds } from '../reports/tally.js';
import { addClusterOptions, clusterOptionsOf, isLive } from './cluster-options.js';
import { addInputs, collect, type Done, type Inputs, pathsOf, quiet, withExamples } from './options.js';
import { type Output, parseOutput } from './outputs.js';
import type { ReviewOptions } from './review.js';
import type { Terminal } from './terminal.js';

/** The command line of `aloft review`. */
export function addReview(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('review')), [
    ['aloft review deploy/ --fail-on change', 'exit code 1 if anything would change'],
    ['helm template . | aloft review - -o yaml', 'the stream with the changes in it'],
    ['aloft review deploy/ -o diff -o sarif=aloft.sarif', 'for you, and for a tool'],
    ['aloft review --context live -n shop -o table', 'what runs in the cluster'],
  ]);
  addClusterOptions(command)
    .description('show what the webhook would do to manifests, and why')
    .addOption(output())
    .addOption(
      new Option('--fail-on <level>', 'what exits with 1, and what is graver').choices(thresholds).default('violation'),
    )
    .addOption(new Option('--check', 'the same as --fail-on change').conflicts('failOn'))
    .option('--warn-exit-code <number>', 'exit code if warnings are the gravest, and do not fail', parseExitCode, 0)
    .option('--istio-version <version>', 'what an upgrade to it changes for these objects')
    .option('--source-root <folder>', 'where sources of rendered manifests are; may be repeated', collect)
    .addOption(quiet('no summary: only what is wrong'))
    .option('-v, --verbose', 'also which policy, and which files')
    .addHelpText('after', `${formatList}\n${exitCodes}`)
    .action(async (paths: string[], { check, ...options }: Options) => {
      const failOn = check === true ? 'change' : options.failOn;
      const cluster = clusterOptionsOf(command, options);
      const live = isLive(cluster) ? cluster : undefined;
      const words = live === undefined ? pathsOf(command, paths, options) : [...(options.filename ?? []), ...paths];
      const { review } = await import('./review.js');
      const output = options.output ?? [{ format: 'diff' }];
      const chosen: ReviewOptions = { ...options, failOn, output, ...(live && { live }) };
      done(await review(words, chosen, terminal));
    });
}

type Options = Inputs &
  Omit<ReviewOptions, 'output'> & { readonly check?: boolean; readonly output?: readonly Output<FormatName>[] };

const output = (): Option =>
  new Option('-o, --output <format[=file]>', 'how to show it, and where; may be repeated (default: diff)').argParser(
    parseOutput(formatNames),
  );

function parseExitCode(text: string): number {
  const code = Number(text);
  if (/^\d+$/.test(text) && code <= 255) return code;
  throw new InvalidArgumentError('expected a number from 0 to 255');
}

const formatList = `
Formats:
${Object.entries(formats)
  .map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`)
  .join('\n')}`;

const exitCodes = `
Exit codes: 0 clean; 1 findings (see --fail-on); 2 wrong usage, policy or
input; 3 a fault of aloft. The same for every format.`;
