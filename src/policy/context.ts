import type { StringMap } from '../model/kubernetes.js';

/** What an object cannot tell about its own admission. */
export type Context = {
  readonly operation: 'CREATE' | 'UPDATE';
  readonly dryRun: boolean;
  /** The request's namespace: the object's own may be missing on CREATE. */
  readonly namespace: string;
  /** Absent where they are not known. */
  readonly namespaceLabels?: StringMap;
  /** YYYY-MM-DD, by which exemptions expire. */
  readonly today: string;
  /** The namespace aloft runs in, when it runs in a cluster. */
  readonly ownNamespace?: string;
};
