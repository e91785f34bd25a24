import { describe, expect, test } from '@jest/globals';
import { because } from '../../src/model/reason.js';
import { markdownReport } from '../../src/reports/markdown.js';
import { code, fenced, inline, tagged } from '../../src/reports/markdown-text.js';
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

const commentOf = (run: ReviewedRun): string => markdownReport(run, plainStyle);

const linted = { rules: [...tracing.rules, { rule: 'annotation-lint' }] };
const badPorts = '  annotations:\n    traffic.sidecar.istio.io/excludeOutboundPorts: http\n';

describe('a comment', () => {
  test('shows the verdict, what is wrong, and the changes with their reasons', () => {
    const run = reviewFiles(
      { 'shop/cart.yaml': `${deployment}---\n${configMap}`, 'shop/pod.yaml': podText(badPorts) },
      linted,
    );
    const comment = commentOf(run);
    expect(comment).toBe(`<!-- aloft review -->
## ❌ aloft: 1 violation, 2 of 2 objects to change

| objects | to change | violations | warnings | other documents |
| ---: | ---: | ---: | ---: | ---: |
| 2 | 2 | 1 | 0 | 1 |

### Violations and warnings

- ❌ **violation** \`shop/pod.yaml:6:5\` \`Pod cart\` in \`default\`: **annotation-lint**: ${inline(messageIn(run))}

### What aloft changes

<details><summary><code>shop/pod.yaml</code>: 1 object</summary>

\`\`\`diff
@@ -8,3 +8,18 @@ Pod cart
   containers:
     - name: app
       image: shop/cart:1
+      env:
+        - name: DD_AGENT_HOST # tracer-env: the node's agent by its IP
+          valueFrom:
+            fieldRef:
+              fieldPath: status.hostIP
+        - name: DD_ENTITY_ID # tracer-env: the Pod by its UID
+          valueFrom:
+            fieldRef:
+              fieldPath: metadata.uid
+        - name: DD_ENV # tracer-env: from the policy
+          value: prod
+        - name: DD_SERVICE # tracer-env: from its own name
+          value: cart
+        - name: DD_VERSION # tracer-env: from the image tag of app
+          value: "1"
\`\`\`

</details>
${comment.slice(comment.indexOf('\n<details><summary><code>shop/cart.yaml</code>'))}`);
    expect(comment).toMatch(/\n<\/details>\n\n<sub>aloft 1\.2\.3<\/sub>\n$/);
  });

  test.each([
    ['✅ aloft: nothing to change in 0 objects', emptyRun],
    ['🔧 aloft: 1 of 1 object to change', runOf([objectOf([changeOf()])])],
    ['⚠️ aloft: 1 warning, nothing to change in 1 object', runOf([objectOf([remarkOf({ level: 'warning' })])])],
    ['❌ aloft: 1 problem with the input, nothing to change in 0 objects', runOf([], { problems: [problemOf()] })],
    ['❌ aloft: 2 problems with the input, 2 violations, 1 warning, 1 of 4 objects to change', fullRun],
  ])('begins with its marker and %s', (headline, run) => {
    expect(commentOf(run).split('\n').slice(0, 2)).toEqual(['<!-- aloft review -->', `## ${headline}`]);
  });

  test('lists what is exempt, and what an upgrade changes', () => {
    const object = objectOf([]);
    const advice = [
      { change: 'c', since: '1.27', about: 'label a', meaning: 'means b', action: 'write c', source: 's' },
    ];
    const comment = commentOf(
      runOf([object], {
        suppressions: fullRun.suppressions,
        upgrade: { from: '1.20', to: '1.31', advised: [{ object, advice }] },
      } as Partial<ReviewedRun>),
    );
    expect(comment).toContain(
      '<summary>3 exemptions, 1 unused, 1 expired</summary>\n\n- by annotation from `tracer-env`: 2 objects',
    );
    expect(comment).toContain('- by policy `policy.yaml:12:7` from `tracer-env`: **expired** (without a reason)');
    expect(comment).toContain('- `shop/cart.yaml:1:1` `Deployment cart`, since 1.27: label a means b → write c');
  });

  test('says where aloft itself failed', () => {
    const review = { ...objectOf([]).review, fault: { reason: because('patch-failed', 'the patch does not apply') } };
    const comment = commentOf(runOf([objectOf([], { review })]));
    expect(comment).toContain('## ❌ aloft: 1 fault of aloft, nothing to change in 1 object');
    expect(comment).toContain('### Not reviewed\n\n- `shop/cart.yaml:1:1` Deployment cart: the patch does not apply\n');
  });

  test('shows what is added where no line does', () => {
    expect(commentOf(runOf([objectOf([changeOf()])]))).toContain(
      '```diff\n# Deployment cart\n+ env DD_ENTITY_ID = from metadata.uid in app # tracer-env: the Pod by its UID\n```',
    );
  });
});

const messageIn = (run: ReviewedRun): string =>
  run.manifests
    .flatMap(({ objects }) => objects.flatMap(({ remarks }) => remarks))
    .find(({ level }) => level === 'violation')?.reason.message ?? '';

describe('the longest comment', () => {
  const limit = 65_536;
  const many = (count: number, text: (index: number) => string): ReviewedRun =>
    reviewFiles(
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.yaml`, text(index)])),
      linted,
    );

  test.each<[string, ReviewedRun]>([
    ['files', many(300, (index) => deployment.replaceAll('cart', `cart-${index}`))],
    ['objects in one file', many(1, () => Array.from({ length: 300 }, () => podText()).join('---\n'))],
    ['violations', runOf(Array.from({ length: 5000 }, () => objectOf([remarkOf()])))],
    ['problems', runOf([], { problems: Array.from({ length: 5000 }, () => problemOf()) })],
    ['exemptions', runOf([], { suppressions: Array.from({ length: 5000 }, () => suppressionOf()) })],
    [
      'of everything',
      {
        ...many(100, () => podText(badPorts)),
        problems: Array.from({ length: 900 }, () => problemOf()),
        suppressions: Array.from({ length: 900 }, () => suppressionOf()),
      },
    ],
    [
      'characters that are shown as several',
      runOf([objectOf(Array.from({ length: 900 }, () => changeOf({ edit: '\u202e'.repeat(400) })))]),
    ],
    ['one word', runOf([objectOf([remarkOf({ reason: because('istio-port', 'x'.repeat(100_000)) })])])],
  ])('holds as many %s as there is room for, and says what is left out', (_, run) => {
    const comment = commentOf(run);
    expect(comment.length).toBeLessThanOrEqual(limit);
    expect(comment).toMatch(/left out|more problem|… and \d+ more|more characters/);
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
    expect((comment.match(/^```/gm) ?? []).length % 2).toBe(0);
    expect(comment).toMatch(/<sub>aloft 1\.2\.3<\/sub>\n$/);
  });

  test('leaves out whole objects, and counts them', () => {
    const comment = commentOf(many(300, (index) => deployment.replaceAll('cart', `cart-${index}`)));
    const shown = comment.match(/<\/code>: 1 object<\/summary>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(60);
    expect(comment).toContain(`**${300 - shown} objects in ${300 - shown} files left out**`);
    expect(comment.length).toBeGreaterThan(limit - 2000);
  });

  test('shows a part of a file, and goes on with smaller ones', () => {
    const big = Array.from({ length: 300 }, () => podText()).join('---\n');
    const comment = commentOf(reviewFiles({ 'a.yaml': big, 'b.yaml': podText() }, tracing));
    const [, shown = ''] = /<code>a.yaml<\/code>: (\d+) of 300 objects/.exec(comment) ?? [];
    expect(Number(shown)).toBeGreaterThan(50);
    expect(comment).toContain(`${300 - Number(shown) + (comment.includes('<code>b.yaml') ? 0 : 1)} objects in`);
  });

  test('has room for saying so', () => {
    for (let width = 0; width < 400; width += 7) {
      const files = Array.from({ length: 400 }, (_, index) => ({ file: `${index}`, line: 1, column: 1 }));
      const objects = files.map((place) => objectOf([changeOf({ edit: 'e'.repeat(width) })], { place }));
      expect(commentOf(runOf(objects)).length).toBeLessThanOrEqual(limit);
    }
  });

  test('keeps the gravest', () => {
    const comment = commentOf(many(300, (index) => (index === 299 ? podText(badPorts) : deployment)));
    expect(comment).toContain('`299.yaml:6:5`');
    expect(comment.indexOf('<code>299.yaml</code>')).toBeLessThan(comment.indexOf('<code>0.yaml</code>'));
  });
});

describe('what comes from outside', () => {
  /** Everything that a forge might make something of: neither code nor the tags that aloft writes. */
  const outsideCode = (markdown: string): string =>
    markdown
      .replaceAll(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
      .replaceAll(/(?<![`\\])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
      .replaceAll(/<code>[^<]*<\/code>/g, '')
      .replaceAll(/<!-- aloft review -->|<\/?(?:details|summary|sub)>|<span>\$<\/span>/g, '');

  const runWith = (text: string): ReviewedRun => {
    const place = { file: text, line: 3, column: 5 };
    const remarks = [
      remarkOf({ reason: because('istio-port', text), place }),
      changeOf({ edit: text, reason: because('policy-env', text), place }),
    ];
    const object = objectOf(remarks, { kind: text, name: text, namespace: text, place });
    const advice = [{ change: 'a', since: '1.27', about: text, meaning: text, action: text, source: text }];
    return runOf([object], {
      problems: [problemOf({ file: text, message: text })],
      suppressions: [suppressionOf({ reason: text, rules: [text], place })],
      upgrade: { from: '1.20', to: '1.31', advised: [{ object, advice }] },
    } as Partial<ReviewedRun>);
  };

  const dangers = [
    ['a mention', /@\w/],
    ['a reference', /(?:[#!$%^]|~)(?:\d|\w)|GH-\d|&amp;\d/i],
    ['a link', /:\/\/|www\.|(?<!\\)\]\(/],
    ['a tag', /<(?!!)[^>]*>?/],
    ['an emoji', /:\w+:/],
    ['emphasis', /(?<![\\*])\*(?![* ])(?!\*)|(?<!\\)_/],
    ['a command', /^\//m],
  ] as const;

  test.each(hostile.flatMap((text) => dangers.map(([what, pattern]) => [what, text, pattern] as const)))(
    'never becomes %s: %j',
    (_, text, pattern) => {
      const comment = commentOf(runWith(text)).replaceAll('**', '');
      expect(outsideCode(comment).replaceAll('&#8203;', '\u200b')).not.toMatch(pattern);
    },
  );

  test.each(hostile.map((text) => [text]))('holds nothing that nobody can see: %j', (text) => {
    expect(commentOf(runWith(text))).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2028]/u);
  });

  test.each(hostile.map((text) => [text]))('cannot leave its fence: %j', (text) => {
    const lines = [text, '```', '````', '~~~', '</details>'];
    const block = fenced('diff', lines);
    expect(block.split('\n')).toHaveLength(lines.length + 2);
    expect(block).toMatch(/^(`{5,})diff\n[\s\S]*\n\1$/);
    expect(outsideCode(block)).toBe('');
  });

  test.each([
    ['plain words, with 1.2.3 and a-b', 'plain words, with 1.2.3 and a-b'],
    ['a_b*c', 'a\\_b\\*c'],
    ['@me', '@&#8203;me'],
    ['#1', '\\#&#8203;1'],
    ['a: b', 'a: b'],
    ['http://a', 'http:&#8203;//a'],
    ['<b> & c', '&lt;b&gt; &amp; c'],
    ['$1', '<span>$</span>1'],
    ['two\n\nlines', 'two lines'],
  ])('is still to be read: %j', (text, shown) => {
    expect(inline(text)).toBe(shown);
  });

  test.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a``', '``` a`` ```'],
    ['', '`  `'],
    ['a\nb', '`a b`'],
  ])('is code: %j', (text, shown) => {
    expect(code(text)).toBe(shown);
  });

  test('is code within tags', () => {
    expect(tagged('<a>&`b`@c')).toBe('<code>&lt;a&gt;&amp;`b`@c</code>');
  });
});
