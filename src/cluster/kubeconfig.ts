import { KubeConfig } from '@kubernetes/client-node';
import { messageOf } from '../model/problem.js';

/** Which cluster: without anything the one that kubectl would take, or the one that we run in. */
export type KubeconfigChoice = {
  /** A file instead of those that KUBECONFIG names. */
  readonly kubeconfig?: string;
  /** A context of it instead of the current one; `live` is the current one, unless there is one of that name. */
  readonly context?: string;
};

/** The configuration that is meant; throws where there is no cluster to be found, or it cannot be read. */
export function loadKubeconfig({ kubeconfig, context }: KubeconfigChoice = {}): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    // The parser goes on to quote the lines around the mistake, and a token may stand there.
    const [what] = messageOf(error).split('\n');
    throw new Error(`kubeconfig cannot be read: ${what}`);
  }
  if (context !== undefined) choose(config, context);
  return config;
}

function choose(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (names.includes(context)) config.setCurrentContext(context);
  else if (context !== 'live') {
    const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new Error(`no context "${context}" in the kubeconfig: ${known}`);
  }
}

/** The name of the context in use, and the namespace that it is for. */
export function currentContext(config: KubeConfig): { readonly name: string; readonly namespace: string } {
  const name = config.getCurrentContext();
  return { name, namespace: config.getContextObject(name)?.namespace || 'default' };
}
