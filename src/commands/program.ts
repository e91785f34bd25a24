import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Level } from '../telemetry/logger.js';
import { version } from '../version.js';
import { ownNamespace, ownService } from './defaults.js';
import type { DryRunOptions } from './dry-run.js';
import type { ReviewOptions } from './review.js';
import type { ServeOptions } from './serve.js';
import { type ExitCode, exit, type Terminal } from './terminal.js';

/** Runs a command line; the code is for the shell. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exit.clean;
  const program = createProgram(terminal, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end in an error of code 0; anything else that commander throws is a wrong command line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.clean : exit.usage;
    throw error;
  }
}

type Done = (code: ExitCode) => void;

/** What can be asked. A command's code is loaded when it is called, which keeps the start short. */
export function createProgram(terminal: Terminal, done: Done): Command {
  const program = withExamples(new Command('aloft'), [
    ['aloft review deploy/', 'what would change, and why'],
    ['helm template . | aloft review - -o yaml | kubectl apply -f -', 'with the changes in it'],
    ['aloft explain deploy/app.yaml', 'how each rule decided'],
    ['aloft serve --policy policy.yaml', 'as an admission webhook'],
  ])
    .description('Makes an Istio mesh observable without anyone editing a manifest.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .configureHelp({ showGlobalOptions: true });
  addReview(program, terminal, done);
  addExplain(program, terminal, done);
  addServe(program, terminal, done);
  addPolicy(program, terminal, done);
  return program;
}

function addReview(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('review')), [
    ['aloft review deploy/ --check', 'exit code 1 if anything would change'],
    ['kustomize build . | aloft review - -o yaml', 'the stream with the changes in it'],
    ['aloft review pod.yaml -o json', 'for programs'],
  ]);
  command
    .description('show what the webhook would do to manifests, and why')
    .addOption(new Option('-o, --output <format>', 'how to show it').choices(['diff', 'yaml', 'json']).default('diff'))
    .option('--check', 'treat any change as a finding: exit with 1')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], options: Inputs & Omit<ReviewOptions, 'policy'>) => {
      const { review } = await import('./review.js');
      done(await review(pathsOf(command, paths, options), options, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('explain')), [
    ['aloft explain pod.yaml', 'each rule, what it decided, and what decided it'],
    ['aloft explain deploy/ --policy policy.yaml', 'under a policy of your own'],
  ]);
  command
    .description('show how each rule decided on each object, also why not')
    .addHelpText('after', exitCodes)
    .action(async (paths: string[], options: Inputs & DryRunOptions) => {
      const { explain } = await import('./explain.js');
      done(await explain(pathsOf(command, paths, options), options, terminal));
    });
}

function addServe(program: Command, terminal: Terminal, done: Done): void {
  withExamples(program.command('serve'), [
    ['aloft serve', 'on https://localhost:8443, with certificates of its own'],
    ['aloft serve --policy policy.yaml --log-level debug', 'with every decision in the log'],
  ])
    .description('serve admission reviews over HTTPS, until told to stop')
    // Not ALOFT_PORT: Kubernetes sets that one to tcp://… for a Service called aloft.
    .addOption(
      setting('--port <number>', 'HTTPS: /mutate, /validate', 'ALOFT_HTTPS_PORT').default(8443).argParser(parsePort),
    )
    .addOption(setting('--metrics-port <number>', 'HTTP: /livez, /readyz, /metrics').default(9090).argParser(parsePort))
    .addOption(setting('--host <address>', 'address to listen on (default: all of them)'))
    .addOption(setting('--cert-dir <folder>', 'tls.crt, tls.key, ca.crt; made where there are none').default('./certs'))
    .addOption(setting('--policy <file>', 'policy file (default: the embedded policy)'))
    .addOption(setting('--service <name>', 'name of the Service that leads here').default(ownService))
    .addOption(setting('--namespace <name>', 'namespace aloft runs in').default(ownNamespace))
    .addOption(setting('--log-level <level>', 'least important lines').choices(logLevels).default('info'))
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve.js');
      done(await serve(options, terminal));
    });
}

function addPolicy(program: Command, terminal: Terminal, done: Done): void {
  const policy = program.command('policy').description('check policy files, and see what they may hold');
  policy
    .command('validate <files...>')
    .description('say everything that is wrong with policy files')
    .action(async (files: string[]) => {
      const { validatePolicies } = await import('./policy.js');
      done(await validatePolicies(files, terminal));
    });
  policy
    .command('default')
    .description('print the policy that runs when none is given')
    .action(async () => {
      const { printDefaultPolicy } = await import('./policy.js');
      done(printDefaultPolicy(terminal));
    });
  policy
    .command('schema')
    .description('print the JSON Schema of the policy file, for editors')
    .action(async () => {
      const { printPolicySchema } = await import('./policy.js');
      done(printPolicySchema(terminal));
    });
}

type Inputs = { readonly filename?: readonly string[] };

const addInputs = (command: Command): Command =>
  command
    .argument('[paths...]', 'files, folders, globs, or - for standard input')
    .option('-f, --filename <path>', 'the same, as kubectl takes it; may be repeated', collect)
    .addOption(setting('--policy <file>', 'policy file (default: the embedded policy)'))
    .option('-n, --namespace <name>', 'for objects that name no namespace', 'default');

const collect = (path: string, paths: readonly string[] = []): readonly string[] => [...paths, path];

function pathsOf(command: Command, paths: readonly string[], { filename = [] }: Inputs): readonly string[] {
  const all = [...filename, ...paths];
  if (all.length === 0) command.error('error: nothing to read: name files or folders, or - for standard input');
  return all;
}

const logLevels: readonly Level[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** An option with its equivalent in the environment: `--cert-dir` is `ALOFT_CERT_DIR`. */
function setting(flags: string, description: string, variable?: string): Option {
  const option = new Option(flags, description);
  return option.env(variable ?? `ALOFT_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}

/** Examples come first: most people look for one. */
function withExamples(command: Command, examples: readonly (readonly [line: string, says: string])[]): Command {
  const lines = examples.map(([line, says]) => `  # ${says}\n  ${line}`);
  return command.addHelpText('beforeAll', '').addHelpText('before', `Examples:\n${lines.join('\n')}\n`);
}

const exitCodes = `
Exit codes: 0 clean; 1 findings (a violation, or with --check any change);
2 wrong usage, policy or input; 3 a fault of aloft.`;
