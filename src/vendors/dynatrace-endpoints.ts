/**
 * The address at which an environment is reached by its agents, from what a user knows of it: its id, or an address of
 * it, also the one that the browser shows. Dynatrace Managed has addresses of its own, which stay as they are.
 * `<id>.apps.dynatrace.com` is the user interface, `<id>.live.dynatrace.com` takes the data.
 */
export function dynatraceEnvironment(environment: string): string {
  if (/^[a-z0-9]+$/i.test(environment)) return `https://${environment}.live.dynatrace.com`;
  return environment.replace(/^((?:https:\/\/)?[a-z0-9-]+)\.apps\.dynatrace\.com\b/i, '$1.live.dynatrace.com');
}

/**
 * The endpoints of a list as Dynatrace's API gives it: for OneAgents with `;` between them, for ActiveGates with `,`.
 * Sources: docs.dynatrace.com, Deployment API, "View ActiveGate endpoints for OneAgent"; Dynatrace/dynatrace-operator
 * pkg/controllers/dynakube/connectioninfo/communication_hosts.go.
 */
export const splitEndpoints = (list: string): readonly string[] => list.split(/[;,\s]+/).filter((text) => text !== '');
