import { describe, expect, test } from '@jest/globals';
import { parseBetween, parseList, parsePort, setting } from '../../src/commands/options.js';
import { aloft } from '../support/commands.js';

test.each<[string, string, readonly string[]]>([
  ['one', 'aloft', ['aloft']],
  ['two', 'a,b', ['a', 'b']],
  ['white space and empty parts', ' a , ,b,', ['a', 'b']],
  ['nothing', '', []],
])('a list of %s', (_, text, list) => expect(parseList(text)).toEqual(list));

describe('a number between 0 and 1', () => {
  test.each<[string, number]>([
    ['0.667', 0.667],
    [' .5 ', 0.5],
    ['1e-3', 0.001],
  ])('%s', (text, number) => expect(parseBetween(0, 1)(text)).toBe(number));

  test.each(['0', '1', '-0.1', '1.1', '', ' ', 'half', '0,5', 'NaN', 'Infinity', '0.5d'])('is not "%s"', (text) => {
    expect(() => parseBetween(0, 1)(text)).toThrow('expected a number above 0 and below 1');
  });
});

describe('a port', () => {
  test.each<[string, number]>([
    ['0', 0],
    ['8443', 8443],
    ['65535', 65_535],
  ])('%s', (text, port) => expect(parsePort(text)).toBe(port));
  test.each(['-1', '65536', '80.5', 'https'])('is not "%s"', (text) => {
    expect(() => parsePort(text)).toThrow('expected a number from 0 to 65535');
  });
});

test.each<[string, string | undefined, string]>([
  ['--cert-dir <folder>', undefined, 'ALOFT_CERT_DIR'],
  ['--trust-delay-seconds <n>', undefined, 'ALOFT_TRUST_DELAY_SECONDS'],
  ['--port <n>', 'ALOFT_HTTPS_PORT', 'ALOFT_HTTPS_PORT'],
])('%s has its variable', (flags, variable, expected) => {
  expect(setting(flags, 'x', variable).envVar).toBe(expected);
});

describe('`aloft serve` refuses:', () => {
  test.each<[string, readonly string[], string]>([
    [
      'no life',
      ['--cert-lifetime-days', '0'],
      "error: option '--cert-lifetime-days <days>' argument '0' is invalid. expected a number above 0 and below 3650\n",
    ],
    [
      'a renewal after the end',
      ['--cert-renew-at', '1'],
      "error: option '--cert-renew-at <part>' argument '1' is invalid. expected a number above 0 and below 1\n",
    ],
    [
      'a delay of more than a day',
      ['--trust-delay-seconds', '100000'],
      "error: option '--trust-delay-seconds <seconds>' argument '100000' is invalid. expected a number above 0 and below 86400\n",
    ],
  ])('%s', async (_, args, err) => {
    expect(await aloft(['serve', '--policy', '/nowhere/policy.yaml', ...args])).toEqual({ code: 2, out: '', err });
  });
});

test('every setting of the contract has its flag, variable and default', async () => {
  const { out } = await aloft(['serve', '--help']);
  const help = out.replaceAll(/\s+/g, ' ');
  for (const [flag, rest] of [
    ['--cert-secret <name>', 'env: ALOFT_CERT_SECRET)'],
    ['--cert-name <names>', '(default: none, env: ALOFT_CERT_NAME)'],
    ['--cert-lifetime-days <days>', '(default: 90, env: ALOFT_CERT_LIFETIME_DAYS)'],
    ['--cert-renew-at <part>', '(default: 0.667, env: ALOFT_CERT_RENEW_AT)'],
    ['--trust-delay-seconds <seconds>', '(default: 300, env: ALOFT_TRUST_DELAY_SECONDS)'],
    ['--webhook-configuration <names>', '(default: aloft, env: ALOFT_WEBHOOK_CONFIGURATION)'],
    ['--namespace <name>', '(default: "aloft-system", env: ALOFT_NAMESPACE)'],
    ['--service <name>', '(default: "aloft", env: ALOFT_SERVICE)'],
  ] as const) {
    const [, after = ''] = help.split(flag);
    expect(after.slice(0, 200)).toContain(rest);
  }
});
