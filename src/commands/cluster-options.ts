import type { Command } from 'commander';
import type { KubeconfigChoice } from '../cluster/kubeconfig.js';

/** Which part of which cluster is read. */
export type ClusterOptions = KubeconfigChoice & {
  /** Without it that of the context. */
  readonly namespace?: string | undefined;
  readonly allNamespaces?: boolean;
};

/** What reads a cluster instead of files; `-n` every command has already. */
export const addClusterOptions = (command: Command): Command =>
  command
    .option('--context <name>', 'read this context of the kubeconfig, not files; "live" is the current one')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster (default: as kubectl finds it)')
    .option('-A, --all-namespaces', 'all namespaces of the cluster, also with -n');

/** Whether a cluster is meant, and not files. */
export const isLive = ({ context, kubeconfig, allNamespaces }: ClusterOptions): boolean =>
  context !== undefined || kubeconfig !== undefined || allNamespaces === true;

/** The options with the namespace only where somebody gave one: the default of `-n` is for files. */
export function clusterOptionsOf(command: Command, options: ClusterOptions): ClusterOptions {
  const { namespace, ...others } = options;
  return command.getOptionValueSource('namespace') === 'default' ? others : { ...others, namespace };
}
