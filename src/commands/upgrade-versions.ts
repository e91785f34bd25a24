import type { Cluster } from '../policy/policy.js';
import { isAtLeast } from '../vendors/istio-version.js';
import type { Upgrade } from '../vendors/upgrade.js';

/**
 * The upgrade that `--istio-version` asks about: `1.31` from the policy's version, or `1.28..1.31` from one to another;
 * or what is wrong with it. Nobody's version is guessed: advice for another one would be wrong.
 */
export function upgradeTo(
  text: string,
  { istioVersion, dataPlaneMode }: Pick<Cluster, 'istioVersion' | 'dataPlaneMode'>,
): { readonly upgrade: Upgrade } | { readonly problem: string } {
  const [first = '', second, ...others] = text.split('..');
  const versions = [first, ...(second === undefined ? [] : [second])].map(minorOf);
  if (others.length > 0 || versions.some((version) => version === undefined)) {
    return problem(`expected a version of Istio such as 1.31, or two such as 1.28..1.31, got "${text}"`);
  }
  const to = versions.at(-1) ?? '';
  const from = versions.length === 2 ? versions[0] : istioVersion;
  if (from === undefined) {
    return problem(`upgrade from which version? Set spec.cluster.istioVersion in the policy, or write FROM..${to}`);
  }
  if (!isAtLeast(to, from)) return problem(`expected a version from ${from} on, got ${to}: advice is for upgrades`);
  return { upgrade: { from, to, dataPlaneMode } };
}

const problem = (message: string) => ({ problem: `--istio-version: ${message}` });

/** MAJOR.MINOR of a version such as `1.31`, `v1.31.2` or `1.31.0-rc.0`. */
function minorOf(text: string): string | undefined {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})(?:\.\d+)?(?:[-+.][\w.+-]*)?$/.exec(text) ?? [];
  return major === undefined ? undefined : `${Number(major)}.${Number(minor)}`;
}
