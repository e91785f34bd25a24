import type { Position } from '../manifests/read.js';
import { apiVersion } from '../policy/schema.js';
import type { IstioRecognition } from '../vendors/istio.js';
import type { Recognition } from '../vendors/recognise.js';
import { titleOf } from './reviewed.js';
import { wrap } from './wrap.js';

/** A Pod, or what creates it, and whose it is; without `agent` and `istio` it is nobody's. */
export type RecognisedPod = Position & {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly agent?: Recognition & { readonly recognised: 'by default' | 'when asked for' };
  /** Where it is a part of Istio, and no agent. */
  readonly istio?: IstioRecognition;
};

/** Whose the Pods are, as JSON; the shape is documented in docs/reference/vendors.md. */
export const recognisedJson = (pods: readonly RecognisedPod[]): string =>
  `${JSON.stringify({ apiVersion, kind: 'RecognitionReport', items: pods.map(itemOf) }, undefined, 2)}\n`;

const itemOf = ({ file, line, column, kind, name, namespace, agent, istio }: RecognisedPod) => ({
  file,
  line,
  column,
  object: { kind, namespace, name },
  // Where in the object it says so is for reports that have places for it.
  ...(agent && { agent: { ...agent, at: undefined } }),
  ...(istio && { istio: { ...istio, at: undefined } }),
});

/** The same for people, in lines of 80 columns. */
export const recognisedText = (pods: readonly RecognisedPod[]): string =>
  pods.map((pod) => `${podLines(pod).join('\n')}\n`).join('');

const podLines = (pod: RecognisedPod): readonly string[] => [
  `${pod.file}:${pod.line}:${pod.column} ${titleOf(pod)}`,
  ...sentencesOn(pod).flatMap((sentence) => wrap(sentence, 2)),
];

function sentencesOn({ agent, istio }: RecognisedPod): readonly string[] {
  if (istio !== undefined) return [`part of Istio: ${istio.component}, ${istio.evidence}`];
  if (agent === undefined) return ["nobody's: no label and no image of an agent that aloft knows"];
  const { vendor, component, evidence, recognised } = agent;
  const said = `${vendor.name} ${component?.name ?? 'agent'}, ${evidence}`;
  return recognised === 'by default' ? [said] : [said, `only where a policy asks for it: vendors: [${vendor.id}]`];
}
