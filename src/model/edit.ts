import type { ContainerRef, EnvVar, Volume, VolumeMount } from './kubernetes.js';
import type { Reason } from './reason.js';

/**
 * A wish of a rule, with its reason. An edit adds what is missing; what its author set to something else stays, unless
 * `replaces` repeats the value that the rule has seen and folded into the new one.
 */
export type Edit =
  | {
      readonly kind: 'label' | 'annotation';
      readonly key: string;
      readonly value: string;
      readonly replaces?: string;
      readonly reason: Reason;
    }
  | {
      /** Prepended in the order of the edits, so that the author's own variables may refer to it as `$(NAME)`. */
      readonly kind: 'env';
      readonly container: ContainerRef;
      readonly env: EnvVar;
      readonly replaces?: string;
      readonly reason: Reason;
    }
  | { readonly kind: 'volume'; readonly volume: Volume; readonly reason: Reason }
  | {
      readonly kind: 'volumeMount';
      readonly container: ContainerRef;
      readonly mount: VolumeMount;
      readonly reason: Reason;
    };
