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
