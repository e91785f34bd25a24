import type { AnyRule } from '../engine/rule.js';
import { agentEgress } from './agent-egress.js';
import { agentLogFilter } from './agent-log-filter.js';
import { agentVersion } from './agent-version.js';
import { agentsOutsideMesh } from './agents-outside-mesh.js';
import { annotationLint, annotationLintOnServices } from './annotation-lint.js';
import { datadogEndpointChecks } from './datadog-endpoint-checks.js';
import { proxyChecks } from './proxy-checks.js';
import { proxyLogs } from './proxy-logs.js';
import { proxyTracing } from './proxy-tracing.js';
import { scrapeAnnotationsOfPods, scrapeAnnotationsOfServices } from './scrape-annotations.js';
import { tracerEnv } from './tracer-env.js';

/** Every rule, in the order in which they run. */
export const registry = [
  agentsOutsideMesh, // first: what leaves the mesh needs nothing of what follows
  datadogEndpointChecks, // reads labels, selectors and ports only
  tracerEnv, // what it adds refers to nothing that another rule writes
  proxyTracing, // reads the identity that tracer-env writes
  agentEgress, // reads the variables that tracer-env writes
  agentLogFilter, // the Agents' own lists, which no other rule touches
  scrapeAnnotationsOfPods, // what follows up to the lint annotates Istio's own, each with keys of its own
  scrapeAnnotationsOfServices,
  proxyChecks,
  proxyLogs,
  annotationLint, // after all that edit: it judges what they leave behind
  annotationLintOnServices,
  agentVersion, // reads image tags only
] as const satisfies readonly AnyRule[];
