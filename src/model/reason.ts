import type { Path } from './problem.js';

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
  'exempt-by-annotation': { meaning: "the object's annotation `aloft.dev/exempt` names the rule, or what it finds" },
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

  // annotation-lint
  'nothing-to-check': { meaning: 'the object has no annotation or label that the rule knows' },
  'nothing-wrong': { meaning: 'the annotations mean to their readers what they say' },
  'istio-ip-range': { meaning: 'Istio refuses the Pod: an IP range is not written as address/prefix, without spaces' },
  'istio-port': { meaning: 'Istio refuses the Pod: a port is no number up to 65535' },
  'istio-value': { meaning: 'Istio refuses the Pod: a value is not of the form that its annotation takes' },
  'istio-json': { meaning: 'Istio refuses the Pod: its template cannot render the JSON of an annotation' },
  'istio-proxy-config': { meaning: 'Istio refuses the Pod: `proxy.istio.io/config` has a value that it cannot take' },
  'istio-scrape-port': { meaning: 'Istio refuses the Pod since 1.31: a port to be scraped is none, or its own' },
  'istio-inject-value': { meaning: 'Istio reads `sidecar.istio.io/inject` as something else than the author means' },
  'istio-inject-conflict': { meaning: 'the label `sidecar.istio.io/inject` hides an annotation that says otherwise' },
  'istio-ignored': { meaning: 'this version of Istio does not read the annotation, or not this value' },
  'datadog-unreadable': { meaning: 'the Agent cannot parse the annotation, and runs none of its checks' },
  'datadog-instance': { meaning: 'an instance or init_config is no JSON object, which stops every check beside it' },
  'datadog-no-instances': { meaning: 'a check is configured and never runs: it has no instances, or no name' },
  'datadog-boolean': { meaning: 'a boolean is written in a way that the Agent refuses or takes for false' },
  'datadog-v1-incomplete': { meaning: 'one of check_names, init_configs and instances is missing, and nothing runs' },
  'datadog-v1-lengths': { meaning: 'check_names, init_configs and instances do not match, and nothing runs' },
  'datadog-v1-masked': { meaning: 'the Agent does not read the annotation, because one of another form is there' },
  'datadog-unknown-container': { meaning: 'the annotation is for a container that the Pod does not have' },
  'datadog-wrong-object': { meaning: 'the annotation is read on objects of another kind only' },
  'datadog-legacy-prefix': { meaning: 'the annotation is not read under the old prefix' },
  'datadog-unknown-variable': { meaning: 'a template variable does not exist, and the Agent drops the check' },
  'datadog-value': { meaning: 'the annotation has a value that the Agent does not know' },
  'datadog-no-effect': { meaning: 'the annotation is not read where it stands' },
  'datadog-precision': { meaning: 'a number is larger than the Agent can keep, and reaches the check as another one' },

  // scrape-annotations
  'istio-metrics': { meaning: 'Istio serves metrics here, which nobody scrapes who is not told by annotations' },
  'not-istio': { meaning: 'nothing in the labels or images says that the Pod is part of Istio' },
  'no-istio-metrics': { meaning: 'this part of Istio serves no metrics, in this version' },
  'istio-version-unknown': {
    meaning: "the port depends on Istio's version, which neither an image tag nor `spec.cluster.istioVersion` tells",
  },
  'scraped-elsewhere': { meaning: 'Pods and Services are never both annotated: everything would be counted twice' },
  'injector-annotates': { meaning: "Istio's injector writes these annotations itself" },

  // proxy-checks
  'proxy-metrics': { meaning: 'the Pod is a proxy of the mesh, whose metrics Datadog can check' },
  'no-proxy': { meaning: 'the Pod is no ztunnel, waypoint or gateway' },
  'no-proxy-container': { meaning: 'no container is called istio-proxy, and the Agent reports annotations for others' },

  // proxy-logs
  'log-source': { meaning: "Datadog parses a container's logs by their source" },
  'log-exclusion': { meaning: 'the policy keeps these logs from being collected' },
  'no-istio-container': { meaning: 'no container is of Istio; once a sidecar is injected, aloft is called again' },
  'logs-left': { meaning: 'the policy says nothing of these logs' },

  // agent-egress
  'egress-port': { meaning: 'an agent of the node listens on the port, which the mesh may block or take for its own' },
  'egress-range': { meaning: 'the policy lets these addresses be reached past the sidecar' },
  'egress-too-wide': { meaning: 'to exclude the port would take all web traffic of the Pod out of the mesh' },
  'egress-list-refused': { meaning: "Istio refuses the Pod over the author's list, so nothing is added to it" },
  'ambient-egress': { meaning: 'ztunnel does not read what is excluded from capture' },
  'outside-mesh': { meaning: 'the Pod gets no sidecar, so nothing stands in its way' },
  'nothing-captured': { meaning: 'the author has the sidecar capture no outbound traffic' },
  'no-agent-address': {
    meaning: 'no variable points at the node of the Pod, and the policy lists neither port nor range',
  },
  'redirection-settled': {
    meaning: 'the sidecar is already there and its redirection written down, too late for annotations',
    warns: true,
  },

  // agent-log-filter and agent-version
  'container-filter': { meaning: 'the policy says which containers the Agent leaves out' },
  'no-datadog-agent': { meaning: 'the Pod is no Agent or Cluster Agent of Datadog' },
  'filters-not-read': { meaning: 'no container of the Pod reads the lists that the policy fills' },
  'file-may-decide': { meaning: "the Agent's configuration is a mounted file, whose lists a variable would replace" },
  'agent-too-old': { meaning: 'the Agent is older than what is asked of it' },
  'agent-new-enough': { meaning: 'the Agent can do what is asked of it' },
  'agent-version-unknown': { meaning: 'the image is named by digest, or by a tag that tells no version' },

  // proxy-tracing
  'envoy-spans': {
    meaning: "Envoy's spans join the application's: in one place, with the same environment and version",
  },
  'not-injected': { meaning: "Istio's injector does not fill in the Pod, so no proxy reads its annotations" },
  'no-span-identity': { meaning: 'nothing tells environment or version, and the mesh says where spans go' },
  'istio-too-old': { meaning: 'this version of Istio reads no annotation for this' },
  'istio-version-needed': { meaning: 'some versions of Istio refuse this, and `spec.cluster.istioVersion` is not set' },
  'proxy-annotation-refused': {
    meaning: "Istio refuses the Pod over the author's annotation, so nothing is added to it",
  },
  'proxy-config-closed': { meaning: "the author's annotation is written so that nothing can be added to it" },
  'proxy-settled': {
    meaning: 'the sidecar is already there and its configuration written down, too late for annotations',
    warns: true,
  },

  // What only the text of a manifest shows, and so only the command line.
  'duplicate-key': { meaning: 'a map of the manifest holds a key several times, of which only the last one counts' },

  // The engine itself.
  'malformed-object': { meaning: 'the object is not shaped as its kind requires' },
  'rule-failed': { meaning: 'a fault of aloft: the rule stopped on this object', warns: true },
  'patch-failed': { meaning: 'a fault of aloft: its patch does not apply to this object', warns: true },
} as const satisfies Record<string, { readonly meaning: string; readonly warns?: true }>;

export type ReasonCode = keyof typeof reasons;

/**
 * Why: a code from the closed list, and a sentence about this very object (lower case, no full stop). `at` is the field of
 * the object that decided, where it is one: for reports only, which say where in a file it stands.
 */
export type Reason = { readonly code: ReasonCode; readonly message: string; readonly at?: Path };

/** A reason; without a message of its own it says what its code means. */
export const because = (code: ReasonCode, message: string = reasons[code].meaning, at?: Path): Reason =>
  at === undefined ? { code, message } : { code, message, at };

/** Whether the user who applies the object should hear of it. */
export const warns = (code: ReasonCode): boolean => 'warns' in reasons[code];
