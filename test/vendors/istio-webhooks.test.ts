import { expect, test } from '@jest/globals';
import { isInjectorWebhook } from '../../src/vendors/istio-webhooks.js';

test.each<[string, boolean]>([
  ['sidecar-injector.istio.io', true],
  ['rev.namespace.sidecar-injector.istio.io', true],
  ['rev.object.sidecar-injector.istio.io', true],
  ['namespace.sidecar-injector.istio.io', true],
  ['object.sidecar-injector.istio.io', true],
  ['my-sidecar-injector.istio.io', false],
  ['sidecar-injector.istio.io.example.com', false],
  ['sidecar-injectorXistio.io', false],
  ['validation.istio.io', false],
  ['rev.validation.istio.io', false],
  ['pods.aloft.dev', false],
  ['', false],
])('the webhook "%s" injects: %s', (name, injects) => expect(isInjectorWebhook(name)).toBe(injects));
