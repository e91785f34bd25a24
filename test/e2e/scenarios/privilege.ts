import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rights } from '../../../src/cluster/rights.js';
import { type Api, applyPatch, type Call, mergePatch } from '../support/api.js';
import { accountApi } from '../support/deployment.js';
import { type Installation, install } from '../support/installation.js';
import { aloft, isAboutOneself, paths } from '../support/objects.js';
import type { GetSuite } from '../support/suite.js';

/** What aloft's own ServiceAccount may do, tried with its own token. */
export function describePrivilege(suite: GetSuite): void {
  describe("the ServiceAccount's own token", () => {
    let installation: Installation;
    let api: Api;
    beforeAll(async () => {
      installation = await install(suite(), { replicas: 1 });
      api = await accountApi(suite());
    });
    afterAll(async () => {
      api.close();
      await installation.remove();
    });

    test('has the rights that aloft needs, and of its own no other', async () => {
      const spec = { namespace: aloft.namespace };
      const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec };
      const { body } = await api.call('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        method: 'POST',
        body: review,
      });
      const granted = (body.status.resourceRules as readonly Rule[])
        .filter(({ resources }) => !resources.every(isAboutOneself))
        .flatMap(flatten);
      const needed = rights
        // Granted only where the policy looks at the labels of namespaces.
        .filter(({ feature }) => feature !== 'namespace-labels')
        .flatMap(({ group, resource, verbs, name }) => verbs.map((verb) => describeRight(verb, group, resource, name)));
      expect(granted.toSorted()).toEqual(needed.toSorted());
      suite().table.add({ tried: 'rights of the ServiceAccount', outcome: `${granted.length}, all of them needed` });
    });

    const configuration = paths.configuration();
    const validating = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    const secrets = `/api/v1/namespaces/${aloft.namespace}/secrets`;
    const nothing = { metadata: { annotations: {} } };
    const patch: Call = { method: 'PATCH', body: nothing, contentType: mergePatch };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: aloft.secret } };
    const apply: Call = { method: 'PATCH', body: secret, contentType: applyPatch };

    test.each<[string, string, Call]>([
      ['read our Secret', paths.secret, {}],
      ['watch our Secret', `${secrets}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=${aloft.secret}`, {}],
      ['patch our Secret', paths.secret, patch],
      ['apply our Secret, which would create it', `${paths.secret}?fieldManager=e2e`, apply],
      ['read our configuration', configuration, {}],
      ['patch our configuration', configuration, patch],
      ['list configurations', paths.configurations, {}],
    ])('may %s', async (_, path, call) => {
      const { status, body } = await api.call(path, call);
      expect({ status, message: body?.message }).toEqual({ status: 200, message: undefined });
    });

    const named = (name: string) => ({ method: 'POST', body: { metadata: { name } } }) as const;
    const attempts: readonly [string, string, Call][] = [
      ['list Secrets', secrets, {}],
      ['read another Secret', `${secrets}/default-token`, {}],
      ['create a Secret', secrets, named('other')],
      ['create our Secret by POST', secrets, named(aloft.secret)],
      ['delete our Secret', paths.secret, { method: 'DELETE' }],
      ['read Secrets of kube-system', '/api/v1/namespaces/kube-system/secrets', {}],
      ['watch every Secret', '/api/v1/secrets?watch=1&timeoutSeconds=1', {}],
      ['delete our configuration', configuration, { method: 'DELETE' }],
      ['create a configuration', paths.configurations, named('other')],
      ['patch another configuration', paths.configuration('istio-sidecar-injector'), patch],
      ['read another configuration', paths.configuration('istio-sidecar-injector'), {}],
      ['list validating configurations', validating, {}],
      ['create a validating configuration', validating, named('other')],
      ['list Pods', '/api/v1/pods', {}],
      ['create a Pod in its namespace', paths.pods(aloft.namespace), named('own')],
      ['read ConfigMaps of its namespace', `/api/v1/namespaces/${aloft.namespace}/configmaps`, {}],
      ['list namespaces', '/api/v1/namespaces', {}],
      ['list nodes', '/api/v1/nodes', {}],
      ['patch its own Role', `/apis/rbac.authorization.k8s.io/v1/namespaces/${aloft.namespace}/roles/aloft`, patch],
      ['patch its own ClusterRole', '/apis/rbac.authorization.k8s.io/v1/clusterroles/aloft', patch],
      ['create a ClusterRoleBinding', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', named('other')],
      [
        'ask for a token of its own',
        `/api/v1/namespaces/${aloft.namespace}/serviceaccounts/aloft/token`,
        { method: 'POST', body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} } },
      ],
      ['patch its Deployment', `/apis/apps/v1/namespaces/${aloft.namespace}/deployments/aloft`, patch],
      ['create Services', paths.services(aloft.namespace), named('other')],
      ['create Events', `/api/v1/namespaces/${aloft.namespace}/events`, named('other')],
    ];
    test.each(attempts)('may not %s', async (_, path, call) => {
      const { status } = await api.call(path, call);
      expect(status).toBe(403);
    });
    test('in sum', () => {
      suite().table.add({ tried: `${attempts.length} other things with its token`, outcome: 'each forbidden (403)' });
    });
  });
}

type Rule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
};

const flatten = ({ verbs, apiGroups, resources, resourceNames }: Rule): readonly string[] =>
  verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        (resourceNames ?? [undefined]).map((name) => describeRight(verb, group, resource, name)),
      ),
    ),
  );

const describeRight = (verb: string, group: string, resource: string, name: string | undefined): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`;
