import { parseObject } from '../model/shape.js';
import { type Advice, adviseOnUpgrade, type Upgrade } from '../vendors/upgrade.js';
import { type ReviewedManifest, type ReviewedObject, showPlace, titleOf } from './reviewed.js';
import { wrap } from './wrap.js';

/** What an upgrade changes for the objects of a run, as aloft leaves them. */
export type UpgradeReport = Pick<Upgrade, 'from' | 'to'> & { readonly advised: readonly AdvisedObject[] };
export type AdvisedObject = { readonly object: ReviewedObject; readonly advice: readonly Advice[] };

/** Collects what an upgrade changes; objects that it does not concern are left out. */
export function upgradeReport(manifests: readonly ReviewedManifest[], upgrade: Upgrade): UpgradeReport {
  const advised = manifests.flatMap(({ objects }) =>
    objects.flatMap((object) => {
      const { kind, after } = object.review;
      const parsed = parseObject(kind, after);
      // A request may be about a kind that nothing decides on, and then stands here for a Pod.
      if ('problem' in parsed || (object.answer !== undefined && object.kind !== kind)) return [];
      const advice = adviseOnUpgrade(kind, parsed.value, upgrade);
      return advice.length === 0 ? [] : [{ object, advice }];
    }),
  );
  return { from: upgrade.from, to: upgrade.to, advised };
}

/** The advice as lines of 80 columns, each a comment: beneath a diff they do not keep it from being applied. */
export function upgradeText({ from, to, advised }: UpgradeReport): string {
  const lines =
    advised.length === 0
      ? [`Istio ${from} to ${to}: nothing changes meaning for the objects reviewed`]
      : [`Istio ${from} to ${to}: what changes meaning`, ...advised.flatMap(adviceLines)];
  return lines.map((line) => `# ${line}\n`).join('');
}

const adviceLines = ({ object, advice }: AdvisedObject): readonly string[] => [
  `${showPlace(object.place)} ${titleOf(object)}`,
  ...advice.flatMap(({ since, about, meaning, action }) => [
    ...wrap(`since ${since}: ${about} ${meaning}`, 2, 78),
    ...wrap(`-> ${action}`, 4, 78),
  ]),
];
