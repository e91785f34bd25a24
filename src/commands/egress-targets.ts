import { closest } from '../policy/suggest.js';
import { datadogEndpoints, datadogProducts, datadogSites } from '../vendors/datadog-endpoints.js';
import { dynatraceEnvironment } from '../vendors/dynatrace-endpoints.js';
import { sysdigRegions } from '../vendors/sysdig-endpoints.js';
import { parseEndpoints, type Target } from './egress.js';

/** Datadog, by sites and perhaps some products only. */
export function datadogTarget(options: {
  readonly site: readonly string[];
  readonly product?: readonly string[];
}): Target {
  const sites = options.site.map((text) => {
    const wanted = text.toLowerCase();
    return datadogSites.find(({ site, name }) => site === wanted || name.toLowerCase() === wanted)?.site ?? { text };
  });
  const known = sites.filter((site) => typeof site === 'string');
  const siteNames = datadogSites.map(({ site }) => site);
  const products = datadogProducts.map(({ id }): string => id);
  return {
    title: `Datadog (${known.join(', ')})`,
    name: 'datadog',
    endpoints: known.flatMap((site) => datadogEndpoints(site, options.product)),
    routes: false,
    problems: [
      ...sites.flatMap((site) => (typeof site === 'string' ? [] : [unknown('--site', site.text, siteNames)])),
      ...(options.product ?? [])
        .filter((product) => !products.includes(product))
        .map((product) => unknown('--product', product, products)),
    ],
  };
}

/** Sysdig, by regions. */
export function sysdigTarget({ region }: { readonly region: readonly string[] }): Target {
  const regions = sysdigRegions.map((one) => one.region);
  const wanted = region.map((text) => text.toLowerCase());
  return {
    title: `Sysdig (${wanted.join(', ')})`,
    name: 'sysdig',
    endpoints: sysdigRegions.filter((one) => wanted.includes(one.region)).flatMap(({ endpoints }) => endpoints),
    routes: false,
    problems: wanted.filter((text) => !regions.includes(text)).map((text) => unknown('--region', text, regions)),
  };
}

/** Dynatrace, by environments; what they tell their agents beside is for `--endpoint`. */
export function dynatraceTarget({ environment }: { readonly environment: readonly string[] }): Target {
  const parsed = parseEndpoints('--environment', environment.map(dynatraceEnvironment), 'environment');
  const hosts = parsed.endpoints.map(({ host }) => host);
  return { title: `Dynatrace (${hosts.join(', ')})`, name: 'dynatrace', routes: true, ...parsed };
}

/** Whatever the user lists. */
export function listedTarget(endpoints: readonly string[], name: string): Target {
  return { title: name, name, routes: false, ...parseEndpoints('endpoint', endpoints, 'as listed') };
}

function unknown(option: string, text: string, candidates: readonly string[]): string {
  const near = closest(text, candidates);
  const hint = near === undefined ? `expected one of ${candidates.join(', ')}` : `did you mean "${near}"?`;
  return `${option}: "${text}" is not known: ${hint}`;
}
