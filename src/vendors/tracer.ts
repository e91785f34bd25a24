import type { EnvVar } from '../model/kubernetes.js';
import type { Reason } from '../model/reason.js';

/** What we know of a tracer: the environment by which its libraries find their agent and say who they are. */
export type Tracer = {
  readonly id: string;
  readonly name: string;
  /** How its libraries can reach an agent; other ways are an error in the policy. */
  readonly transports: readonly Transport['via'][];
  /** Where its users write a service's name, environment and version; the first that is there decides. */
  readonly identity: { readonly [part in keyof Identity]-?: readonly Source[] };
  /** Works out once what depends on the policy alone, and returns what answers for each container. */
  readonly env: (chosen: TracerChoice) => (input: TracerInput) => readonly EnvGroup[];
  readonly source: string;
};

/** How the tracer reaches its agent; a port where the tracer's own default does not hold. */
export type Transport =
  | { readonly via: 'hostIP'; readonly port?: number | undefined }
  | { readonly via: 'service'; readonly service: string; readonly port?: number | undefined }
  | { readonly via: 'socket'; readonly directory: string };

/** Who the traces are from; a part that nothing tells is absent. */
export type Identity = { readonly service?: Known; readonly environment?: Known; readonly version?: Known };

/** A value, and what told it: `label app`. */
export type Known = { readonly value: string; readonly from: string };

/** Where a part of the identity may be written; `<container>` in the key stands for the container's name. */
export type Source = { readonly label: string } | { readonly annotation: string };

/** What the policy chose. */
export type TracerChoice = { readonly transport: Transport; readonly propagators: readonly string[] };

/** What one container tells. */
export type TracerInput = {
  readonly identity: Identity;
  readonly namespace: string;
  readonly container: string;
  /** Attributes that the author wrote on the Pod for this tracer, beyond the identity. */
  readonly annotations: { readonly [key: string]: string };
  /** What the author, or else the policy, sets on this container: the literal value, or null where it comes from elsewhere. */
  readonly presetValue: (name: string) => string | null | undefined;
};

/** Variables that belong together: a container gets all of them or none. */
export type EnvGroup = {
  /** Prepended in this order, so that later ones may refer to earlier ones as `$(NAME)`. */
  readonly env: readonly EnvVar[];
  /** Other variables by which an author decides the same thing. */
  readonly decidedBy: readonly string[];
  readonly reason: Reason;
  /** Of use only where the agent's socket is mounted. */
  readonly overSocket?: true;
  /** A list of `key=value` that is merged into the author's own, whose keys win. */
  readonly merged?: { readonly name: string; readonly entries: readonly (readonly [string, string])[] };
};

/** A variable with the value of a field of the Pod (the downward API). */
export const fromField = (name: string, fieldPath: string): EnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});
