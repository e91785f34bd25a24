import { datadog } from './datadog.js';
import { dynatrace } from './dynatrace.js';
import { sysdig } from './sysdig.js';
import type { Vendor } from './vendor.js';

/** The vendors we know; where two would recognise a Pod by the same kind of evidence, the first one does. */
export const catalog = [datadog, sysdig, dynatrace] as const satisfies readonly Vendor[];

export type VendorId = (typeof catalog)[number]['id'];

/** The ids of the vendors we know, in the order of the catalog. */
export const vendorIds: readonly VendorId[] = catalog.map(({ id }) => id);
