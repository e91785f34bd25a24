import { closest } from '../policy/suggest.js';
import { describeVendor, vendorsJson, vendorsText } from '../reports/vendors.js';
import { catalog } from '../vendors/catalog.js';
import { customVendor } from '../vendors/vendor.js';
import { loadPolicy } from './policy-file.js';
import { type ExitCode, exit, type Terminal, usageError } from './terminal.js';

export type VendorsOptions = { readonly policy?: string; readonly output: 'text' | 'json' };

/** Lists the vendors that are known, with the policy's own agents, or some of them. */
export async function listVendors(
  ids: readonly string[],
  { policy, output }: VendorsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = await loadPolicy(policy);
  if ('problems' in loaded) return usageError(terminal, loaded.problems);
  const own = loaded.policy.spec.cluster.agents.map(customVendor);
  const known = [
    ...catalog.map((vendor) => describeVendor(vendor)),
    ...own.map((one) => describeVendor(one, 'by the policy')),
  ];
  const unknown = ids.filter((id) => known.every((vendor) => vendor.id !== id));
  if (unknown.length > 0) return usageError(terminal, unknown.map(tellUnknown(known.map(({ id }) => id))));
  const wanted = known.filter(({ id }) => ids.length === 0 || ids.includes(id));
  terminal.out(output === 'json' ? vendorsJson(wanted) : vendorsText(wanted));
  return exit.clean;
}

const tellUnknown =
  (ids: readonly string[]) =>
  (id: string): string => {
    const near = closest(id, ids);
    return `no vendor "${id}": ${near === undefined ? `expected one of ${ids.join(', ')}` : `did you mean "${near}"?`}`;
  };
