import type { Api } from './api.js';
import { aloft, paths } from './objects.js';

/** What the cluster holds of our certificates. */
export type Trust = {
  /** The CA of the current generation, as PEM. */
  readonly ca: string;
  readonly staged: boolean;
  /** CAs that the Secret says are to be trusted. */
  readonly trusted: readonly string[];
  /** The `caBundle` of each entry of the webhook configuration, as CAs. */
  readonly bundles: readonly (readonly string[])[];
  readonly promotedAt?: string;
};

export async function readTrust(api: Api, configuration: string = aloft.configuration): Promise<Trust> {
  const { data = {}, metadata } = await api.read(paths.secret);
  const { webhooks } = await api.read(paths.configuration(configuration));
  const promotedAt: string | undefined = metadata.annotations?.['aloft.dev/promoted-at'];
  return {
    ca: decode(data['ca.crt']),
    staged: data['next-tls.crt'] !== undefined,
    trusted: certificatesIn(decode(data['trusted.crt'])),
    bundles: webhooks.map(({ clientConfig }: { readonly clientConfig: { readonly caBundle?: string } }) =>
      certificatesIn(decode(clientConfig.caBundle)),
    ),
    ...(promotedAt === undefined ? {} : { promotedAt }),
  };
}

/** Whether every bundle holds what the Secret says, in whatever order. */
export const isInSync = ({ trusted, bundles }: Trust): boolean =>
  trusted.length > 0 && bundles.every((bundle) => bundle.toSorted().join() === trusted.toSorted().join());

const decode = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

const certificatesIn = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
