import type { Cluster } from '../../cluster/cluster.js';
import { messageOf } from '../../model/problem.js';
import type { Logger } from '../../telemetry/logger.js';
import { isInjectorWebhook } from '../../vendors/istio-webhooks.js';
import { createAlarm } from './alarm.js';

/**
 * Warns of every mutating webhook configuration that injects Istio's sidecar and is called before one of ours: API
 * servers call them in the bytewise order of their names, and what is injected already cannot be kept out. Asks once,
 * or as often as it takes to get an answer.
 */
export async function checkOrder(
  cluster: Pick<Cluster, 'listMutatingWebhookConfigurations'>,
  own: readonly string[],
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const alarm = createAlarm(signal);
  let told = false;
  while (!signal.aborted) {
    try {
      const all = await cluster.listMutatingWebhookConfigurations();
      const injectors = all.filter(({ webhooks }) => webhooks.some(({ name }) => isInjectorWebhook(name)));
      for (const { name: configuration } of injectors) {
        for (const ours of own.filter((name) => sortsBefore(configuration, name)))
          logger.warn({ configuration, ours }, 'another webhook injects before aloft');
      }
      return;
    } catch (error) {
      const problem = messageOf(error);
      if (!told) logger.warn({ problem }, 'the order of webhooks could not be checked, trying again');
      told = true;
    }
    await alarm.wait(60_000);
  }
}

const sortsBefore = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
