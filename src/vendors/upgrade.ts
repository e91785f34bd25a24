import type { Kind, ObjectOf } from '../model/kubernetes.js';
import type { IstioChange } from './istio-change.js';
import { istioChanges } from './istio-changes.js';
import { isAtLeast } from './istio-version.js';

/** The releases of Istio that an upgrade leads from and to, as MAJOR.MINOR, and the data plane in use. */
export type Upgrade = {
  readonly from: string;
  readonly to: string;
  readonly dataPlaneMode: 'sidecar' | 'ambient' | 'both';
};

/** What an upgrade changes for one object. */
export type Advice = Pick<IstioChange, 'since' | 'meaning' | 'action' | 'source'> & {
  readonly change: string;
  /** The part of the object that means something else: `label sidecar.istio.io/inject: "no"`. */
  readonly about: string;
};

/** What an upgrade of Istio changes in the meaning of one object, as far as the object shows it. */
export function adviseOnUpgrade<K extends Kind>(kind: K, object: ObjectOf<K>, upgrade: Upgrade): readonly Advice[] {
  return istioChanges.flatMap((change) => {
    if (!happensIn(change, upgrade)) return [];
    const { id, since, meaning, action, source, pod, service } = change;
    // The kind says which type the object has; TypeScript does not connect the two.
    const about = kind === 'Pod' ? pod?.(object as ObjectOf<'Pod'>) : service?.(object as ObjectOf<'Service'>);
    return about === undefined ? [] : [{ change: id, since, about, meaning, action, source }];
  });
}

const happensIn = ({ since, until, from: earliest, dataPlane }: IstioChange, upgrade: Upgrade): boolean =>
  isAtLeast(upgrade.to, since) &&
  !isAtLeast(upgrade.from, since) &&
  (until === undefined || !isAtLeast(upgrade.to, until)) &&
  (earliest === undefined || isAtLeast(upgrade.from, earliest)) &&
  !(dataPlane === 'ambient' && upgrade.dataPlaneMode === 'sidecar');
