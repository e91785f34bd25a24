import { type Command, Option } from 'commander';
import { addClusterOptions, type ClusterOptions, clusterOptionsOf, isLive } from './cluster-options.js';
import type { ExplainOptions } from './explain/explain.js';
import { addInputs, collect, type Done, type Inputs, quiet, withExamples } from './options.js';
import type { Terminal } from './terminal.js';

/** The command line of `aloft explain`. */
export function addExplain(program: Command, terminal: Terminal, done: Done): void {
  const command = withExamples(addInputs(program.command('explain')), [
    ['aloft explain deploy/', 'each rule, what it decided, and what decided it'],
    ['aloft explain deploy/ --object deployment/cart --rule tracer-env', 'one rule on one object'],
    ['aloft explain pod/cart-5d8f9-x2x7l -n shop', 'a Pod of the cluster: what is missing, and why'],
    ['aloft explain --context live -A -o json', 'the whole cluster, for programs'],
  ]);
  addClusterOptions(command)
    .description('show how each rule decided on each object, also why not')
    .option('--object <kind/name>', 'only objects of this name, globs allowed; may be repeated', collect)
    .option('--rule <name>', 'only this rule, by its id or name; may be repeated', collect)
    .option('--source-root <folder>', 'where sources of rendered manifests are; may be repeated', collect)
    .addOption(new Option('-o, --output <format>', 'how to show it').choices(['text', 'json']).default('text'))
    .addOption(quiet('no progress: only what is explained, or wrong'))
    .option('-v, --verbose', 'also which policy, and which files')
    .addHelpText('after', more)
    .action(async (words: string[], options: Inputs & ClusterOptions & Omit<ExplainOptions, 'cluster'>) => {
      const cluster = clusterOptionsOf(command, options);
      const files = options.filename ?? [];
      if (files.length + words.length === 0 && !isLive(cluster)) command.error(nothing);
      const { explain } = await import('./explain/explain.js');
      done(await explain(words, { ...options, files, cluster }, terminal));
    });
}

const nothing = 'error: nothing to explain: name files, objects of a cluster such as pod/cart, or - for standard input';

const more = `
What is no file here and named as kubectl names it (pod/cart, deploy cart,
pods,svc) is read from the cluster, and explained by the policy that runs there.

Exit codes: 0 explained; 2 wrong usage, policy or input; 3 a fault of aloft.`;
