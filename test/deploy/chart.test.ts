import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { asRecord, isRecord, type Json } from '../../src/model/json.js';
import { version } from '../../src/version.js';
import { manifests, readManifest } from './manifests.ts';

const values = parse(readManifest('helm/aloft/values.yaml'));
const schema = JSON.parse(readManifest('helm/aloft/values.schema.json'));

test('the chart has the version of aloft, and installs that one', () => {
  expect(parse(readManifest('helm/aloft/Chart.yaml'))).toMatchObject({ name: 'aloft', version, appVersion: version });
});

test('the schema knows every value, and no other', () => {
  // Helm adds `global` to the values of every chart.
  const known = pathsOf(schema, (node) => asRecord(node['properties'])).filter((path) => path !== 'global');
  const set = pathsOf(values, (node) => node);
  // A group in which anything may stand ends the paths of the schema, not those of the values.
  const isUnder = (path: string, group: string): boolean => path === group || path.startsWith(`${group}.`);
  expect(set.filter((path) => !known.some((group) => isUnder(path, group)))).toEqual([]);
  expect(known.filter((group) => !set.some((path) => isUnder(path, group)))).toEqual([]);
});

test('the schema refuses what it does not know, wherever values are grouped', () => {
  const open: string[] = [];
  const visit = (path: string, node: Json): void => {
    if (!('properties' in node)) return;
    if (node['additionalProperties'] !== false) open.push(path);
    for (const [key, each] of Object.entries(asRecord(node['properties']))) visit(`${path}.${key}`, asRecord(each));
  };
  visit('', schema);
  expect(open).toEqual([]);
});

test('no template holds a secret, nor a caBundle', () => {
  const templates = readdirSync(new URL('helm/aloft/templates/', manifests)).map(
    (file) => `helm/aloft/templates/${file}`,
  );
  expect(templates.length).toBeGreaterThan(10);
  const keys =
    /^\s*(caBundle|stringData|tls\.(crt|key)|ca\.crt):|PRIVATE KEY|genCA|genSignedCert|genSelfSignedCert|\blookup\b/m;
  expect(templates.filter((path) => keys.test(readManifest(path)))).toEqual([]);
});

/** The paths of values that are not groups; an empty group counts as a value. */
function pathsOf(node: Json, members: (node: Json) => Json, prefix = ''): readonly string[] {
  return Object.entries(members(node)).flatMap(([key, each]) => {
    const path = prefix + key;
    const isGroup = isRecord(each) && Object.keys(members(each)).length > 0;
    return isGroup ? pathsOf(each, members, `${path}.`) : [path];
  });
}
