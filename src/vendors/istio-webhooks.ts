/**
 * Whether a webhook is one of those by which Istio injects its sidecar: `sidecar-injector.istio.io` until 1.9, since
 * then `rev.namespace.`, `object.` and others before it, in every revision and for every tag (istio/istio 1.30.3,
 * manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml and revision-tags-mwc.yaml).
 */
export const isInjectorWebhook = (name: string): boolean => /(^|\.)sidecar-injector\.istio\.io$/.test(name);
