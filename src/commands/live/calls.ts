import {
  type Asked,
  type Call,
  callOf,
  coversRequest,
  type MutatingConfiguration,
  type MutatingWebhook,
} from '../../cluster/mutating-webhook.js';
import { kinds } from '../../engine/kinds.js';
import { asRecord } from '../../model/json.js';
import type { Kind, StringMap } from '../../model/kubernetes.js';
import type { Installation } from './installation.js';
import type { LiveObject } from './objects.js';
import type { ChosenPolicy } from './policy.js';

/** What there is to know about why an object of a cluster is as it is. */
export type Evidence = {
  readonly installation: Installation;
  readonly policy: ChosenPolicy;
  /** Absent where they may not be read. */
  readonly namespaceLabels?: StringMap | undefined;
};

/** A webhook of aloft that is, or may be, called for an object. */
export type OpenWebhook = {
  readonly configuration: MutatingConfiguration;
  readonly webhook: MutatingWebhook;
  readonly call: Call;
};

/** Which webhooks of aloft would be called for an object like this one now; or why none would. */
export function callsOf(
  { resource: { kind }, namespace, metadata }: LiveObject,
  { installation: { own }, namespaceLabels }: Evidence,
): { readonly open: readonly OpenWebhook[] } | { readonly closed: readonly string[] } {
  const { group, version, resource } = kinds[kind as Kind];
  const labels = asRecord(metadata['labels']) as StringMap;
  const asked: Asked = { group, version, resource, operation: 'CREATE', namespace, namespaceLabels, labels };
  const meant = own.flatMap((configuration) =>
    configuration.webhooks
      .filter((webhook) => coversRequest(webhook, asked))
      .map((webhook) => ({ configuration, webhook, call: callOf(webhook, asked) })),
  );
  if (meant.length === 0) {
    return { closed: [`no webhook of ${own.map(({ name }) => name).join(', ')} is for new ${resource}`] };
  }
  const open = meant.filter(({ call }) => call.called !== 'no');
  return open.length > 0
    ? { open }
    : { closed: meant.flatMap(({ webhook, call }) => ('why' in call ? [`${webhook.name}: ${call.why}`] : [])) };
}
