import type { AnyRule } from '../engine/rule.js';
import { agentsOutsideMesh } from './agents-outside-mesh.js';
import { datadogEndpointChecks } from './datadog-endpoint-checks.js';
import { tracerEnv } from './tracer-env.js';

/** Every rule, in the order in which they run. */
export const registry = [
  agentsOutsideMesh, // first: what leaves the mesh needs nothing of what follows
  datadogEndpointChecks, // the only rule for Services
  tracerEnv, // last: what it adds refers to nothing that another rule writes
] as const satisfies readonly AnyRule[];
