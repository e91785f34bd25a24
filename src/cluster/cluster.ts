/**
 * The few calls that aloft makes to the API server, as a type: whoever needs the cluster takes one of these, and tests
 * give it a small one of their own.
 */
export type Cluster = {
  /** The Secret that holds our certificates; undefined where there is none. */
  readonly readSecret: () => Promise<Timed<Secret | undefined>>;
  /** Creates the Secret without any data, unless it is there. */
  readonly createSecret: () => Promise<void>;
  /** Sets what is named and removes what is `null`, provided that nobody changed the Secret since it was read. */
  readonly patchSecret: (patch: SecretPatch) => Promise<Written>;
  /** Our webhook configurations, those that exist, in a fixed order. */
  readonly readWebhookConfigurations: () => Promise<readonly WebhookConfiguration[]>;
  /** Sets the `caBundle` of some entries, provided that nobody changed the configuration since it was read. */
  readonly patchCaBundles: (patch: CaBundlePatch) => Promise<Written>;
  /** Every mutating webhook configuration of the cluster. */
  readonly listMutatingWebhookConfigurations: () => Promise<readonly WebhookConfiguration[]>;
  /** The labels of every namespace. */
  readonly listNamespaces: () => Promise<readonly Namespace[]>;
};

/** What was read, and the API server's time when it answered. */
export type Timed<T> = { readonly value: T; readonly at: Date };

/** A write that carries the version it is based on either takes effect or meets a newer one. */
export type Written = 'done' | 'conflict';

type StringMap = { readonly [key: string]: string };

/** `data` as text: a Secret of ours holds PEM only. */
export type Secret = { readonly version: string; readonly annotations: StringMap; readonly data: StringMap };

type Changes = { readonly [key: string]: string | null };
export type SecretPatch = { readonly version: string; readonly annotations: Changes; readonly data: Changes };

export type WebhookKind = 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';

export type WebhookConfiguration = {
  readonly kind: WebhookKind;
  readonly name: string;
  readonly uid: string;
  readonly version: string;
  /** Counts the changes of what the API servers act upon. */
  readonly generation: number;
  readonly webhooks: readonly Webhook[];
  /** Who wrote which part last, newest first: `manager` as `kubectl --field-manager` names it. */
  readonly managers: readonly string[];
};

/** One entry; `caBundle` is PEM, and empty where there is none. */
export type Webhook = {
  readonly name: string;
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly caBundle: string;
};

export type CaBundlePatch = {
  readonly configuration: Pick<WebhookConfiguration, 'kind' | 'name' | 'uid' | 'version'>;
  readonly webhooks: readonly string[];
  readonly caBundle: string;
};

export type Namespace = { readonly name: string; readonly labels: StringMap };
