import { matchesGlob } from './glob.js';

/** A container image reference, taken apart as `distribution/reference` does; absent parts are absent. */
export type Image = {
  /** Registry and path, without tag and digest: `registry.datadoghq.com/agent`, `datadog/agent`, `redis`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
};

/** Takes an image reference apart; never fails, because Pods reach us before anyone validated them. */
export function parseImage(reference: string): Image {
  const at = reference.indexOf('@');
  const named = at < 0 ? reference : reference.slice(0, at);
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  // A colon before the last slash belongs to the registry's port, not to a tag.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  return {
    repository: colon < 0 ? named : named.slice(0, colon),
    ...(tag ? { tag } : {}),
    ...(digest ? { digest } : {}),
  };
}

/**
 * Whether a repository is the one a glob names, whatever registry or mirror stands before it: `datadog/agent` matches
 * `mirror.corp:5000/docker.io/datadog/agent`, but not `my-datadog/agent`.
 */
export function matchesRepository(glob: string, repository: string): boolean {
  if (matchesGlob(glob, repository)) return true;
  for (let slash = repository.indexOf('/'); slash >= 0; slash = repository.indexOf('/', slash + 1)) {
    if (matchesGlob(glob, repository.slice(slash + 1))) return true;
  }
  return false;
}
