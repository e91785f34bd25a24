/**
 * Every reason aloft can give, by code. The code is for machines (metric labels, audit annotations, tests); the text
 * says what it means to a reader of the documentation. `warns` marks what the user who applies the object should hear.
 */
export const reasons = {
  // Scope: why a rule did not look at the object.
  'rule-off': { meaning: 'the policy turns the rule off' },
  'system-namespace': { meaning: 'the object is in kube-system or kube-node-lease, which aloft never touches' },
  'own-namespace': { meaning: 'the object is in the namespace aloft itself runs in' },
  'mirror-pod': { meaning: 'the Pod mirrors a static Pod of a kubelet, which nobody can change through the API' },
  'namespace-out-of-scope': { meaning: "the namespace matches none of the policy's `match.namespaces`" },
  'namespace-labels-out-of-scope': { meaning: "the namespace lacks a label of the policy's `match.namespaceLabels`" },
  'namespace-labels-unknown': { meaning: 'the policy asks for namespace labels, and they are not known here' },
  'labels-out-of-scope': { meaning: "the object lacks a label of the policy's `match.labels`" },
  'owner-out-of-scope': { meaning: "the owner's kind is none of the policy's `match.owners`" },
  'image-out-of-scope': { meaning: "no container runs an image of the policy's `match.images`" },
  'exempt-by-annotation': { meaning: "the object's annotation `aloft.dev/exempt` names the rule" },
  'exempt-by-policy': { meaning: "an entry of the policy's `exemptions` covers the object" },

  // The author's own choices.
  'author-decided': { meaning: 'the author of the object already set this, and the author wins' },
  'env-from-may-decide': { meaning: 'the container takes variables from a ConfigMap or Secret that may set this one' },

  // agents-outside-mesh
  'agent-leaves-mesh': { meaning: 'the Pod is a monitoring agent, and a sidecar would stand between it and its work' },
  'agent-leaves-ambient': { meaning: 'the Pod is a monitoring agent, and ztunnel would capture its traffic' },
  'not-an-agent': { meaning: 'nothing in the labels or images says that the Pod is a monitoring agent' },
  'host-network': { meaning: 'Istio never injects a Pod on the host network' },
  'mesh-gateway': { meaning: 'the Pod is an Istio gateway, whose proxy is its work' },
  'author-opted-in': { meaning: 'the author asked for a sidecar by name' },
  'already-injected': {
    meaning: 'the sidecar is already there: the webhook ran after the injector, too late to keep it out',
    warns: true,
  },

  // datadog-endpoint-checks
  'control-plane-metrics': { meaning: "the Service fronts Istio's control plane, whose metrics Datadog can check" },
  'not-control-plane': { meaning: "the Service's labels, selector and ports are not those of Istio's control plane" },
  'no-metrics-port': { meaning: 'the Service exposes no port on which Istio serves metrics' },
  'revision-tag': { meaning: 'the Service is an alias of a revision, which has its own: checking both counts twice' },
  'no-selector': { meaning: 'the Service selects no Pods, so there is no endpoint of its own to check' },
  'external-name': { meaning: 'the Service is a DNS alias without endpoints' },

  // tracer-env
  'agent-address': { meaning: 'the tracer has to know where its agent or collector listens' },
  'agent-socket': { meaning: "the tracer reaches its agent through the node's Unix socket" },
  'entity-id': { meaning: 'the agent tells Pods apart by their UID' },
  'service-identity': { meaning: 'traces, metrics and logs join only where service, environment and version agree' },
  'trace-context': { meaning: 'traces break where applications and proxies speak different propagation formats' },
  'policy-env': { meaning: "the policy's `settings.env` asks for this variable" },
  'monitoring-agent': { meaning: 'the Pod or container is a monitoring agent, which traces others' },
  'istio-component': { meaning: "the Pod is part of Istio's own control or data plane" },
  'no-application-container': { meaning: 'every container is a proxy, an agent or a helper of theirs' },
  'volume-name-taken': { meaning: 'the Pod has another volume under the name or path that is needed' },

  // The engine itself.
  'malformed-object': { meaning: 'the object is not shaped as its kind requires' },
  'rule-failed': { meaning: 'a fault of aloft: the rule stopped on this object', warns: true },
  'patch-failed': { meaning: 'a fault of aloft: its patch does not apply to this object', warns: true },
} as const satisfies Record<string, { readonly meaning: string; readonly warns?: true }>;

export type ReasonCode = keyof typeof reasons;

/** Why: a code from the closed list, and a sentence about this very object (lower case, no full stop). */
export type Reason = { readonly code: ReasonCode; readonly message: string };

/** A reason; without a message of its own it says what its code means. */
export const because = (code: ReasonCode, message: string = reasons[code].meaning): Reason => ({ code, message });

/** Whether the user who applies the object should hear of it. */
export const warns = (code: ReasonCode): boolean => 'warns' in reasons[code];
