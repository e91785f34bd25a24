import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { because } from '../../src/model/reason.js';
import { htmlReport } from '../../src/reports/html.js';
import { pairs, palettes } from '../../src/reports/page-palette.js';
import { pageStyle } from '../../src/reports/page-style.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
import { configMap, deployment, podText } from '../support/manifests.js';
import {
  changeOf,
  emptyRun,
  fullRun,
  objectOf,
  plainStyle,
  problemOf,
  remarkOf,
  runOf,
  suppressionOf,
} from '../support/runs.js';
import { hostile, reviewFiles, tracing } from '../support/texts.js';

const pageOf = (run: ReviewedRun): string => htmlReport(run, plainStyle);

/** A tag of the page, with its attributes as they are after parsing. */
type Tag = { readonly name: string; readonly closes: boolean; readonly attributes: Readonly<Record<string, string>> };

/** The page as tags and the text between them; it has to be written as strictly as aloft writes it. */
function parsed(page: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const raw = /<(style|script)>[\s\S]*?<\/\1>/g;
  const tags: Tag[] = [];
  const text = page
    .replace('<!doctype html>', '')
    .replaceAll(raw, '<$1></$1>')
    .replaceAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)>/g, (_, slash, name, rest: string) => {
      const attributes = [...rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [
        key,
        decoded(value),
      ]);
      tags.push({ name, closes: slash === '/', attributes: Object.fromEntries(attributes) });
      return '';
    });
  return { tags, text: decoded(text) };
}

const decoded = (text: string): string => text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

const empty = new Set(['meta', 'link', 'input', 'br']);

/** What is not closed in the order in which it was opened. */
function unbalanced(tags: readonly Tag[]): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const { name, closes } of tags) {
    if (empty.has(name)) continue;
    if (!closes) open.push(name);
    else if (open.pop() !== name) faults.push(`</${name}>`);
  }
  return [...faults, ...open];
}

/** A run in which every text that comes from outside is this one. */
function runWith(text: string): ReviewedRun {
  const place = { file: text, line: 3, column: 5, rendered: { file: text, line: 1, column: 1 } };
  const remarks = [
    remarkOf({ reason: because('istio-port', text), place }),
    remarkOf({ level: 'warning', reason: because('istio-port', text), place }),
    changeOf({ edit: text, reason: because('policy-env', text), place }),
    changeOf({ level: 'note', edit: text, reason: because('policy-env', text), place }),
  ];
  const object = objectOf(remarks, { kind: text, name: text, namespace: text, apiVersion: text, place });
  const advice = [{ change: 'a', since: '1.27', about: text, meaning: text, action: text, source: text }];
  return runOf([object], {
    problems: [problemOf({ file: text, message: text })],
    suppressions: [suppressionOf({ reason: text, rules: [text], place })],
    upgrade: { from: '1.20', to: '1.31', advised: [{ object, advice }] },
  } as Partial<ReviewedRun>);
}

const twoFiles = {
  'shop/cart.yaml': `${deployment}---\n${configMap}`,
  'shop/pod.yaml': podText('  annotations:\n    traffic.sidecar.istio.io/excludeOutboundPorts: http\n'),
};
const linted = { rules: [...tracing.rules, { rule: 'annotation-lint' }] };

describe('the page', () => {
  const pages: readonly (readonly [string, ReviewedRun])[] = [
    ['of nothing', emptyRun],
    ['of everything', fullRun],
    ['of two files', reviewFiles(twoFiles, linted)],
    ...hostile.map((text) => [`of ${JSON.stringify(text)}`, runWith(text)] as const),
    ...hostile.map((text) => [`of a Pod with ${JSON.stringify(text)}`, reviewFiles(podWith(text), tracing)] as const),
  ];

  test.each(pages)('%s has balanced tags, and no others than its own', (_, run) => {
    const { tags, text } = parsed(pageOf(run));
    expect(unbalanced(tags)).toEqual([]);
    expect(tags.filter(({ name, closes }) => name === 'script' && !closes)).toHaveLength(1);
    expect(
      tags
        .filter(({ name }) => ['img', 'iframe', 'object', 'embed', 'form', 'svg', 'base'].includes(name))
        .map(({ name }) => name),
    ).toEqual(['form', 'form']);
    const attributes = tags.flatMap((tag) => Object.keys(tag.attributes));
    expect(attributes.filter((name) => name.startsWith('on') || name === 'style' || name === 'src')).toEqual([]);
    // What is left is text: markup that was escaped, and nothing that was not.
    expect(text).not.toContain('&#');
    const ids = tags.flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(pages)('%s asks for nothing from anywhere', (_, run) => {
    const { tags } = parsed(pageOf(run));
    const links = tags.flatMap(({ attributes: { href } }) => (href === undefined ? [] : [href]));
    expect(links.filter((href) => href !== 'data:,' && !href.startsWith('#'))).toEqual([]);
    const ids = new Set(tags.map(({ attributes: { id } }) => id));
    expect(links.filter((href) => /^#object/.test(href) && !ids.has(href.slice(1)))).toEqual([]);
    expect(pageStyle).not.toMatch(/url\(|@import/);
  });

  test.each(hostile.map((text) => [text]))('shows %j as text', (hostileText) => {
    const { text } = parsed(pageOf(runWith(hostileText)));
    const visible = hostileText
      .replaceAll('\u202e', '⟨U+202E⟩')
      .replaceAll('\u0007', '␇')
      .replaceAll('\u2028', '⟨U+2028⟩')
      .replaceAll('\u0085', '⟨U+0085⟩')
      .replaceAll('\r', '␍');
    expect(text.split(visible).length - 1).toBeGreaterThan(15);
  });

  test('is the same on every run', () => {
    expect(pageOf(reviewFiles(twoFiles, linted))).toBe(pageOf(reviewFiles(twoFiles, linted)));
  });

  test('runs its own script only, which is JavaScript', () => {
    const page = pageOf(fullRun);
    const policy = parsed(page).tags.find(({ attributes }) => attributes['http-equiv'])?.attributes['content'] ?? '';
    for (const name of ['style', 'script']) {
      const [, source = ''] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page) ?? [];
      expect(policy).toContain(`${name}-src 'sha256-${createHash('sha256').update(source).digest('base64')}'`);
      if (name === 'script') expect(() => new Script(source)).not.toThrow();
    }
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toContain('unsafe');
  });
});

function podWith(text: string) {
  const inYaml = JSON.stringify(text.replaceAll('\r', ' '));
  return { [`${text}.yaml`]: podText(`  labels: { a: ${inYaml} }\n`, inYaml) };
}

describe('what the page says', () => {
  const page = pageOf(reviewFiles(twoFiles, linted));
  const { tags, text } = parsed(page);

  test('first what is wrong, with a way to the object', () => {
    expect(text).toContain('1 violation, 2 of 2 objects to change');
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(
      /Violations and warnings violation Pod cart in default: annotation-lint: [^\n]*excludeOutboundPorts/,
    );
    expect(page.indexOf('id="object-2"')).toBeLessThan(page.indexOf('id="object-1"'));
  });

  test('each line before and after, with the reason beside what is added', () => {
    const rows = page.split('<tr').map((row) => parsed(`<tr${row.split('</tr>')[0]}</tr>`).text.trim());
    expect(rows).toContain('containers:      containers:');
    expect(rows.some((row) => /^- name: DD_ENTITY_ID\s*tracer-env the Pod by its UID$/.test(row))).toBe(true);
    expect(page).toContain('<tr class="gap"><td colspan="3">12 lines unchanged</td></tr>');
    expect(page).toContain('<td class="added" data-n="16"><ins>          env:</ins></td>');
  });

  test('what to filter by', () => {
    const details = tags
      .filter(({ name, closes }) => name === 'details' && !closes)
      .map(({ attributes }) => attributes);
    expect(details).toMatchObject([
      {
        'data-kind': 'Pod',
        'data-namespace': 'default',
        'data-rules': 'tracer-env annotation-lint',
        'data-levels': 'change violation',
      },
      { 'data-kind': 'Deployment', 'data-namespace': 'shop', 'data-rules': 'tracer-env', 'data-levels': 'change' },
    ]);
    const options = [...page.matchAll(/<option>(.*?)<\/option>/g)].map(([, value]) => value);
    expect(options).toEqual([
      'violation',
      'warning',
      'change',
      'note',
      'annotation-lint',
      'tracer-env',
      'Deployment',
      'Pod',
      'default',
      'shop',
    ]);
  });

  test('open where there is little, closed where there is much', () => {
    const many = (count: number) => pageOf(runOf(Array.from({ length: count }, () => objectOf([changeOf()]))));
    expect(many(12).match(/<details[^>]* open>/g)).toHaveLength(12);
    expect(many(13).match(/<details[^>]* open>/g)).toBeNull();
  });

  test('what is added one by one, where no line shows it', () => {
    const shown = parsed(pageOf(runOf([objectOf([changeOf()])]))).text.replaceAll(/\s+/g, ' ');
    expect(shown).toContain(
      'tracer-env adds env DD_ENTITY_ID = from metadata.uid in app: the Pod by its UID shop/cart.yaml:6:7',
    );
  });

  test('what would be changed, what is kept from rules, and what was not reviewed', () => {
    const shown = parsed(pageOf(fullRun)).text.replaceAll(/\s+/g, ' ');
    expect(shown).toContain('would add env DD_ENTITY_ID');
    expect(shown).toContain('problem flow sequence is not closed broken, 50%:#1.yaml:3:5');
    expect(shown).toContain('problem no such file missing.yaml');
    expect(shown).toContain('3 exemptions');
    expect(shown).toContain('expired would cover 1 object');
    expect(shown).toContain('1 more object reviewed, with nothing to change and nothing to say.');
  });

  test('the gravest of an object first', () => {
    const shown = pageOf(runOf([objectOf([changeOf({ level: 'note' }), remarkOf({ level: 'warning' }), remarkOf()])]));
    const said = shown.slice(shown.indexOf('<ul class="said">'));
    const found = [...said.matchAll(/<li><span class="tag (\w+)">/g)].map(([, level]) => level);
    expect(found).toEqual(['violation', 'warning', 'note']);
  });

  test('where aloft itself failed', () => {
    const review = { ...objectOf([]).review, fault: { reason: because('patch-failed', 'the patch does not apply') } };
    const shown = parsed(pageOf(runOf([objectOf([], { review })]))).text.replaceAll(/\s+/g, ' ');
    expect(shown).toContain('1 fault of aloft, nothing to change in 1 object');
    expect(shown).toContain('fault Deployment cart: the patch does not apply shop/cart.yaml:1:1');
  });

  test('where it was rendered, or from what', () => {
    const place = { file: 'templates/a.yaml', line: 3, column: 1, rendered: { file: '<stdin>', line: 90, column: 1 } };
    expect(parsed(pageOf(runOf([objectOf([changeOf()], { place })]))).text).toContain('line 3 (<stdin>:90)');
    const named = { file: '<stdin>', line: 90, column: 1, source: 'chart/templates/a.yaml' };
    const { text: other } = parsed(pageOf(runOf([objectOf([changeOf()], { place: named })])));
    expect(other.replaceAll(/\s+/g, ' ')).toContain(
      'chart/templates/a.yaml 1 object Deployment cart in shop 1 change <stdin>:90',
    );
  });

  test('marks what differs within a line', () => {
    const labels = podText('  labels: { agent.datadoghq.com/component: agent }\n', 'gcr.io/datadoghq/agent:7');
    const marked = pageOf(reviewFiles({ 'a.yaml': labels }, { rules: [{ rule: 'agents-outside-mesh' }] }));
    expect(marked).toMatch(/<del> {2}labels: \{ agent.datadoghq.com&?[^<]*agent \}<\/del>/);
    expect(marked).toMatch(/<ins>[^<]*agent<mark>, sidecar[^<]*<\/mark> \}<\/ins>/);
  });
});

describe('a page of very much', () => {
  const list = Array.from({ length: 2500 }, (_, index) => deployment.replaceAll('cart', `cart-${index}`)).join('---\n');
  const page = pageOf(reviewFiles({ 'a.yaml': list }, tracing));

  test('has few enough elements for a browser, and every line', () => {
    expect((page.match(/<[a-z]/g) ?? []).length / 2500).toBeLessThan(70);
    expect(page).toContain('- name: DD_ENTITY_ID\n              valueFrom:\n                fieldRef:');
    expect(unbalanced(parsed(page).tags)).toEqual([]);
  });
});

describe('the colours', () => {
  test.each(
    (['light', 'dark'] as const).flatMap((scheme) => pairs.map(([text, ground]) => [scheme, text, ground] as const)),
  )('%s: %s can be read on %s', (scheme, text, ground) => {
    const [one, other] = [luminance(palettes[scheme][text]), luminance(palettes[scheme][ground])];
    expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });
});

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
