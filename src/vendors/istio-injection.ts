import { annotationPath, labelPath } from '../model/field-paths.js';
import type { Pod } from '../model/kubernetes.js';
import { annotationOf, labelOf } from '../model/metadata.js';
import type { Path } from '../model/problem.js';
import { because, type Reason } from '../model/reason.js';
import { isAtLeast } from './istio-version.js';
import { quoted } from './quoted-value.js';

const injectKey = 'sidecar.istio.io/inject';
const paths = { label: labelPath(injectKey), annotation: annotationPath(injectKey) } as const;

/** Whether Istio may inject a Pod, and so read its annotations; a namespace may still leave it out. */
export const mayBeInjected = (pod: Pod): boolean =>
  pod.spec?.hostNetwork !== true && (labelOf(pod, injectKey) ?? annotationOf(pod, injectKey)) !== 'false';

/** Where a Pod says whether it wants the sidecar: Istio reads the annotation only where there is no label. */
export const injectPath = (pod: Pod): Path => (labelOf(pod, injectKey) === undefined ? paths.annotation : paths.label);

/**
 * Values of `sidecar.istio.io/inject` that Istio takes for something else than they say, or not always for the same
 * (istio/istio pkg/kube/inject/inject.go injectRequired, and manifests/charts mutatingwebhook.yaml).
 */
export function injectionFaults(pod: Pod, istioVersion: string | undefined): readonly Reason[] {
  const label = labelOf(pod, injectKey);
  const annotation = annotationOf(pod, injectKey);
  // Istio before 1.12 reads the annotation only; since then the label is read in its place, even an empty one.
  const masked = label !== undefined && annotation !== undefined && label !== annotation;
  return [
    ...(label === undefined ? [] : labelFaults(label, istioVersion)),
    ...(annotation === undefined ? [] : valueFaults('annotation', annotation, istioVersion)),
    ...(masked ? [because('istio-inject-conflict', conflict(label, annotation), paths.annotation)] : []),
  ];
}

/** The webhooks select on the label before anything reads it, and they know no other spelling of yes. */
function labelFaults(value: string, istioVersion: string | undefined): readonly Reason[] {
  if (value === 'true' || !meantAsYes.has(value.toLowerCase())) return valueFaults('label', value, istioVersion);
  const fault = `label ${injectKey}: ${quoted(value)} selects no webhook: write "true"`;
  return [because('istio-inject-value', fault, paths.label)];
}

// What authors mean; Istio up to 1.26 reads all but y, yes, true and on as no, in any case.
const meantAsYes: ReadonlySet<string> = new Set(['true', 'yes', 'y', 'on', '1', 't', 'enabled', 'enable']);
const readAsYes: ReadonlySet<string> = new Set(['true', 'yes', 'y', 'on']);

function valueFaults(kind: 'label' | 'annotation', value: string, istioVersion: string | undefined): readonly Reason[] {
  if (value === 'true' || value === 'false' || value === '') return [];
  const lower = value.toLowerCase();
  const yes = meantAsYes.has(lower);
  const fix = `write "${yes}"`;
  const fault = (why: string): readonly Reason[] => [
    because('istio-inject-value', `${kind} ${injectKey}: ${quoted(value)} ${why}: ${fix}`, paths[kind]),
  ];
  if (istioVersion === undefined) {
    return fault(`is ${readAsYes.has(lower) ? 'yes' : 'no'} up to 1.26, nothing since`);
  }
  if (isAtLeast(istioVersion, '1.27')) return fault('means nothing since Istio 1.27');
  return yes && !readAsYes.has(lower) ? fault('means no up to Istio 1.26') : [];
}

const conflict = (label: string, annotation: string): string =>
  `label ${injectKey}: ${quoted(label)} hides the annotation ${quoted(annotation)}: make them the same`;
