import { isIP } from 'node:net';
import { days } from '../../certificates/facts.js';
import type { ClusterAccess } from '../../cluster/access.js';
import { messageOf } from '../../model/problem.js';
import { serviceNames } from '../defaults.js';
import { type CertificateSource, openFolder } from './certificate-source.js';
import type { Telemetry } from './current-policy.js';
import type { ServeOptions } from './options.js';
import { openSecret } from './secret-source.js';

/** The cluster, where there is one to be found, and why not where it was asked for. */
export type FoundCluster = { readonly access?: ClusterAccess; readonly problem?: string };

/**
 * The way to the cluster, for whoever needs it. It is only looked for where it may be: the client is the heaviest part
 * of aloft, and a server on somebody's desk does without.
 */
export async function findCluster(
  { certSecret, namespace, webhookConfiguration }: ServeOptions,
  isNeeded: boolean,
): Promise<FoundCluster> {
  if (!isNeeded) return {};
  const { openCluster } = await import('../../cluster/access.js');
  try {
    return {
      access: openCluster({ namespace, secret: certSecret ?? '', webhookConfigurations: webhookConfiguration }),
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Where this server's certificate comes from; or why there can be none. */
export async function openCertificates(
  options: ServeOptions,
  { access, problem }: FoundCluster,
  telemetry: Telemetry,
): Promise<CertificateSource | { readonly unusable: readonly string[] }> {
  const { certSecret, certDir, certName, service, namespace, certLifetimeDays, certRenewAt, trustDelaySeconds } =
    options;
  const names = [...serviceNames(service, namespace), ...certName.filter((name) => isIP(name) === 0)];
  const ips = certName.filter((name) => isIP(name) !== 0);
  if (certSecret === undefined) {
    const demand = { dir: certDir, names: ['localhost', ...names], ips: ['127.0.0.1', '::1', ...ips] };
    return await openFolder(demand, telemetry);
  }
  if (access === undefined) return { unusable: [`--cert-secret needs a cluster: ${problem ?? 'none was found'}`] };
  const terms = {
    lifetime: days(certLifetimeDays),
    renewAt: certRenewAt,
    trustDelay: trustDelaySeconds * 1000,
  };
  return openSecret(access, { service: { namespace, name: service }, names, ips, terms }, telemetry);
}
