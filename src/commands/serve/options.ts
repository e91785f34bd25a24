import type { Level } from '../../telemetry/logger.js';

/** What `aloft serve` is told. */
export type ServeOptions = {
  readonly port: number;
  readonly metricsPort: number;
  /** All addresses unless one is named. */
  readonly host?: string;
  readonly certDir: string;
  /** Instead of a folder: the Secret in which the replicas keep their certificates. */
  readonly certSecret?: string;
  /** Names and IP addresses beside those of the Service. */
  readonly certName: readonly string[];
  readonly certLifetimeDays: number;
  readonly certRenewAt: number;
  readonly trustDelaySeconds: number;
  readonly webhookConfiguration: readonly string[];
  readonly policy?: string;
  readonly logLevel: Level;
  /** With `namespace`: the name under which the API server calls this server. */
  readonly service: string;
  readonly namespace: string;
};
