import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect, type Done, type Inputs, pathsOf, quiet, withExamples } from './options.js';
import { type Output, parseOutput } from './outputs.js';
import type { SuiteFormat, SuiteOptions } from './suites/suites.js';
import type { Terminal } from './terminal.js';

/** The command line of `aloft test`. */
export function addTest(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(program.command('test'), [
    ['aloft test policies/', 'every suite of a folder, each with the policy that it names'],
    ["aloft test policies/ --run 'payments/.*sidecar'", 'the cases of that name'],
    ['aloft test policies/ --update', 'write what comes out into the goldens, to be reviewed'],
    ['aloft test policies/ -o text -o junit=report.xml', 'for you, and for a CI system'],
    ['aloft test policies/ --server https://localhost:8443 --ca-file certs/ca.crt', 'ask a webhook that runs'],
  ]);
  command
    .description('test policies: suites of objects, and what is to become of each')
    .argument('[paths...]', 'suites, folders, globs, or - for standard input')
    .option('-f, --filename <path>', 'the same, as kubectl takes it; may be repeated', collect)
    // Not from the environment: there, it would stand for the policies of all suites without a word.
    .option('--policy <file>', 'instead of the policies that the suites name')
    .option('--run <regex>', 'only the cases whose suite/case it matches', parsePattern)
    .addOption(output())
    .addOption(new Option('--update', 'write what comes out into `after`, `afterFile` and `patch`').conflicts('server'))
    .addOption(server())
    .option('--ca-file <file>', 'the authority of its certificate (default: those of Node.js)')
    .option('--server-name <name>', 'the name in its certificate, if it is not that of the address')
    .addOption(quiet('no summary: only what fails'))
    .option('-v, --verbose', 'also the cases that pass, and what was passed over')
    .option('--schema', 'print the JSON Schema of a suite, for editors')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], { schema, ...options }: Options) => {
      const { printSuiteSchema, testSuites } = await import('./suites/suites.js');
      if (schema === true) return done(printSuiteSchema(terminal));
      const all = pathsOf(command, paths, options);
      if (options.update === true && all.includes('-')) command.error('error: --update cannot write to standard input');
      return done(await testSuites(all, { ...options, output: options.output ?? [{ format: 'text' }] }, terminal));
    });
}

type Options = Inputs &
  Omit<SuiteOptions, 'output'> & { readonly schema?: boolean; readonly output?: readonly Output<SuiteFormat>[] };

const formats: readonly SuiteFormat[] = ['text', 'json', 'junit'];

const output = (): Option =>
  new Option(
    '-o, --output <format[=file]>',
    `${formats.join(', ')}, and where; may be repeated (default: text)`,
  ).argParser(parseOutput(formats));

const server = (): Option =>
  new Option('--server <url>', 'ask this webhook, with its own policy').argParser(parseServer).conflicts('policy');

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function parseServer(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url;
  throw new InvalidArgumentError('expected https://host:port alone: /mutate and /validate are added to it');
}

const exitCodes = `
Exit codes: 0 every case passes; 1 one does not, or all were skipped; 2 wrong
usage, suite or policy; 3 a fault of aloft. The same for every format.`;
