/** What the documentation says about metrics, from the registry that serves them. */
import type { Registry } from 'prom-client';
import type { Metric } from './reference.ts';

/** Our own metrics, in the order of their names; those that Node.js brings are not listed one by one. */
export const ownMetrics = (registry: Registry): readonly Metric[] =>
  registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('aloft_'))
    // prom-client keeps the labels on its metrics, but leaves them out of their type.
    .map((metric) => ({ ...metric, labels: labelsOf(metric as { readonly labelNames?: readonly string[] }) }))
    .map(({ name, help, type, labels }) => ({ name, help, type: String(type), labels }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));

const labelsOf = ({ labelNames = [] }: { readonly labelNames?: readonly string[] }): string =>
  labelNames.map((label) => `\`${label}\``).join(', ');
