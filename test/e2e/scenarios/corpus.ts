import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { Answer } from '../support/api.js';
import { type Installation, install } from '../support/installation.js';
import { createNamespace, paths } from '../support/objects.js';
import type { GetSuite } from '../support/suite.js';

/** Manifests that others wrote lie beside the repository where it is developed; a clone does without. */
const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

/** What an API server says to other people's manifests, with aloft and without. */
export function describeCorpus(suite: GetSuite): void {
  (existsSync(corpus) ? describe : describe.skip)("other people's manifests", () => {
    const namespace = 'e2e-corpus';
    const candidates = readCandidates();
    let without: readonly Answer[];
    let installation: Installation;
    beforeAll(async () => {
      const { api } = suite();
      await createNamespace(api, namespace);
      without = await tryAll();
      installation = await install(suite());
    });
    afterAll(() => installation.remove());

    const tryAll = async (): Promise<readonly Answer[]> => {
      const answers: Answer[] = [];
      for (const { kind, object } of candidates) {
        const path = `${kind === 'Pod' ? paths.pods(namespace) : paths.services(namespace)}?dryRun=All`;
        answers.push(await suite().api.call(path, { method: 'POST', body: object }));
      }
      return answers;
    };
    const verdict = ({ status, body }: Answer): string => (status === 201 ? 'created' : `${status} ${body?.message}`);

    test('none is refused that is not refused without aloft, and some are mutated', async () => {
      const answers = await tryAll();
      const touched = answers.filter((answer, index) => visible(answer) !== visible(without[index] as Answer)).length;
      expect(answers.map(verdict)).toEqual(without.map(verdict));
      const created = answers.filter(({ status }) => status === 201).length;
      const outcome = `${created} created both ways, ${touched} of them mutated`;
      expect(touched).toBeGreaterThan(10);
      suite().table.add({ tried: `${candidates.length} Pods and Services of other people`, outcome });
    });
  });
}

/** What aloft may change about a Pod or a Service. */
const visible = ({ body: { metadata, spec } }: Answer): string =>
  JSON.stringify([metadata?.labels, metadata?.annotations, spec?.containers, spec?.initContainers, spec?.volumes]);

type Candidate = { readonly kind: 'Pod' | 'Service'; readonly object: object };

function readCandidates(): readonly Candidate[] {
  if (!existsSync(corpus)) return [];
  const names = readdirSync(corpus).filter((name) => name.endsWith('.yaml'));
  return names
    .flatMap((name) => parseAllDocuments(readFileSync(`${corpus}/${name}`, 'utf8')))
    .flatMap((document) => candidatesIn(document.toJS() ?? {}));
}

type Manifest = {
  readonly kind?: string;
  readonly metadata?: object;
  readonly spec?: { readonly template?: { readonly metadata?: object; readonly spec?: object } };
};

/** A Service, or the Pod that a workload would create; without what only exists where it came from. */
function candidatesIn({ kind, metadata, spec }: Manifest): readonly Candidate[] {
  const name = { namespace: undefined, name: 'corpus', generateName: undefined };
  if (kind === 'Service') return [{ kind, object: { metadata: { ...metadata, ...name }, spec } }];
  const template = spec?.template;
  if (template?.spec === undefined) return [];
  const pod = {
    ...template.spec,
    serviceAccountName: undefined,
    serviceAccount: undefined,
    priorityClassName: undefined,
  };
  return [{ kind: 'Pod', object: { metadata: { ...template.metadata, ...name }, spec: pod } }];
}
