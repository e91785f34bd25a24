import type { Pod, Service } from '../model/kubernetes.js';

/** Something that means another thing from one release of Istio on. */
export type IstioChange = {
  readonly id: string;
  /** What it is about, whatever object shows it. */
  readonly subject: string;
  /** MAJOR.MINOR of the first release in which it is so. */
  readonly since: string;
  /** The first release in which it is no longer so. */
  readonly until?: string;
  /** The first release in which it could have been otherwise: who comes from an earlier one has nothing to lose. */
  readonly from?: string;
  /** Where it concerns one data plane only. */
  readonly dataPlane?: 'ambient';
  /** What of an object it is about: `label sidecar.istio.io/inject: "no"`; undefined where the object is not concerned. */
  readonly pod?: (pod: Pod) => string | undefined;
  readonly service?: (service: Service) => string | undefined;
  /** Reads after what it is about. */
  readonly meaning: string;
  readonly action: string;
  readonly source: string;
};
