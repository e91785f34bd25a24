import { expect, test } from '@jest/globals';
import { describeEdit } from '../../src/engine/describe.js';
import type { Edit } from '../../src/model/edit.js';
import { annotation, env, label, mount, volume } from '../support/rules.js';

const uid = { name: 'DD_ENTITY_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } };

test.each<[string, Edit]>([
  ['label sidecar.istio.io/inject: "false"', label('sidecar.istio.io/inject', 'false')],
  ['annotation a: ""', annotation('a', '')],
  [`annotation a: '{"b":1}'`, annotation('a', '{"b":1}')],
  ['annotation a: "tracing:\\n  sampling: 5\\n"', annotation('a', 'tracing:\n  sampling: 5\n')],
  ['annotation a: "b\\u000d\\u0009\\u2028\\u009b"', annotation('a', 'b\r\t\u2028\u009b')],
  ['env DD_ENV = "prod" in app', env('app', { name: 'DD_ENV', value: 'prod' })],
  ['env DD_ENV = "" in app', env('app', { name: 'DD_ENV' })],
  ['env DD_ENTITY_ID = from metadata.uid in init', env('init:init', uid)],
  ['env A = "1" in a\\nb', env('a\nb', { name: 'A', value: '1' })],
  ['volume datadog', volume('datadog', '/var/run/datadog')],
  ['mount /var/run/datadog in app', mount('app', 'datadog', '/var/run/datadog')],
])('%s', (line, edit) => expect(describeEdit(edit)).toBe(line));
