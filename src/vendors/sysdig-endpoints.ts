import { type Endpoint, tls } from './endpoint.js';

/** A Sysdig region, by the name that Sysdig's charts take, and where its agents send to. */
export type SysdigRegion = { readonly region: string; readonly endpoints: readonly Endpoint[] };

/** The collector speaks TLS of its own on 6443, not HTTP. */
const collectorPort = 6443;

const sysdigRegion = (region: string, collector: string, apis: readonly string[]): SysdigRegion => ({
  region,
  endpoints: [tls(collector, collectorPort, 'collector'), ...apis.map((api) => tls(api, 443, 'API'))],
});

/** Regions of the newer kind; `-alt` is the same with a collector on 443, for networks that let nothing else out. */
const newer = ['us3', 'us4', 'eu2', 'au1', 'in1', 'me2', 'jp1'].flatMap((region) => [
  sysdigRegion(region, `ingest.${region}.sysdig.com`, [`app.${region}.sysdig.com`]),
  {
    region: `${region}-alt`,
    endpoints: [tls(`ingest-alt.${region}.sysdig.com`, 443, 'collector'), tls(`app.${region}.sysdig.com`, 443, 'API')],
  },
]);

/** IBM runs Monitor and Secure under names of its own, each also on its private network. */
const ibm = ['au-syd', 'br-sao', 'ca-tor', 'eu-de', 'eu-gb', 'jp-osa', 'jp-tok', 'us-east', 'us-south'].flatMap(
  (place) =>
    ['', 'private'].flatMap((network) => {
      const where = network === '' ? place : `${network}.${place}`;
      const monitor = `${where}.monitoring.cloud.ibm.com`;
      const secure = `${where}.security-compliance-secure.cloud.ibm.com`;
      const name = network === '' ? place : `${place}-${network}`;
      return [
        sysdigRegion(`${name}-monitor`, `ingest.${monitor}`, [monitor, secure]),
        sysdigRegion(`${name}-secure`, `ingest.${secure}`, [monitor, secure]),
      ];
    }),
);

/**
 * Sysdig's regions.
 * Source: sysdiglabs/charts charts/common/templates/_regions.tpl and charts/shield/templates/common/_regions.tpl.
 */
export const sysdigRegions: readonly SysdigRegion[] = [
  sysdigRegion('us1', 'collector.sysdigcloud.com', ['app.sysdigcloud.com', 'secure.sysdig.com']),
  sysdigRegion('us2', 'ingest-us2.app.sysdig.com', ['us2.app.sysdig.com']),
  sysdigRegion('eu1', 'ingest-eu1.app.sysdig.com', ['eu1.app.sysdig.com']),
  ...newer,
  ...ibm,
];
