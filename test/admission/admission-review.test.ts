import { describe, expect, test } from '@jest/globals';
import { envelope, parseAdmissionReview } from '../../src/admission/admission-review.js';
import { admissionReview, cart, uid } from '../support/admission.js';

describe('what is read of a request', () => {
  test('is everything that rules, the answer and the log need', () => {
    expect(parseAdmissionReview(admissionReview({ name: 'cart-1', dryRun: true, subResource: 'status' }))).toEqual({
      value: {
        apiVersion: 'admission.k8s.io/v1',
        uid,
        kind: { group: '', version: 'v1', kind: 'Pod' },
        subResource: 'status',
        operation: 'CREATE',
        namespace: 'shop',
        name: 'cart-1',
        dryRun: true,
        object: cart,
      },
    });
  });

  test.each<[string, object, string]>([
    ['the request, which knows best', { name: 'a', object: { metadata: { name: 'b', generateName: 'c-' } } }, 'a'],
    ['the object', { object: { metadata: { name: 'b', generateName: 'c-' } } }, 'b'],
    ['what the name will begin with', { object: { metadata: { generateName: 'c-' } } }, 'c-'],
    ['nowhere', { object: null }, ''],
    ['nowhere, where it is no text', { name: 5, object: { metadata: { name: {} } } }, ''],
  ])('the name comes from %s', (_, request, name) => {
    expect(parseAdmissionReview(admissionReview(request))).toMatchObject({ value: { name } });
  });

  test.each<[string, object]>([
    ['missing', { namespace: undefined, subResource: undefined, dryRun: undefined, operation: undefined }],
    ['null', { namespace: null, subResource: null, dryRun: null, operation: null }],
    ['of other types', { namespace: 1, subResource: {}, dryRun: 'true', operation: [] }],
  ])('survives members that are %s', (_, request) => {
    expect(parseAdmissionReview(admissionReview(request))).toMatchObject({
      value: { namespace: '', subResource: '', dryRun: false, operation: '' },
    });
  });

  test('takes no member from a prototype', () => {
    const review = JSON.parse(
      `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"__proto__":{"uid":"x"}}}`,
    );
    expect(parseAdmissionReview(review)).toMatchObject({ problem: { path: 'request.uid' } });
    expect(Object.prototype).not.toHaveProperty('uid');
  });
});

test('an answer has the version of its request, and nothing of the request beside it', () => {
  expect(envelope('admission.k8s.io/v1beta1', { uid, allowed: true })).toEqual({
    apiVersion: 'admission.k8s.io/v1beta1',
    kind: 'AdmissionReview',
    response: { uid, allowed: true },
  });
});
