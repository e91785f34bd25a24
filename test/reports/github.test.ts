import { describe, expect, test } from '@jest/globals';
import { because } from '../../src/model/reason.js';
import { githubReport } from '../../src/reports/github.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
import {
  changeOf,
  emptyRun,
  fullRun,
  objectOf,
  plainStyle,
  problemOf,
  remarkOf,
  reviewTexts,
  runOf,
  suppressionOf,
} from '../support/runs.js';

const textOf = (run: ReviewedRun): string => githubReport(run, plainStyle);
const linesOf = (run: ReviewedRun): readonly string[] => textOf(run).split('\n').slice(0, -1);

/** A line as the runner of GitHub Actions reads it (actions/runner, ActionCommand.TryParseV2); undefined for one of the log. */
function readCommand(line: string) {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return undefined;
  const [, name, rest = ''] = /^(\S+)(?: (.*))?$/s.exec(text.slice(2, end)) ?? [];
  const pairs = rest
    .split(',')
    .filter(Boolean)
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decode(pair.slice(at + 1), true)];
    });
  return { name, ...Object.fromEntries(pairs), message: decode(text.slice(end + 2), false) };
}

const decode = (text: string, isProperty: boolean): string => {
  const own = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return (isProperty ? own.replaceAll('%3A', ':').replaceAll('%2C', ',') : own).replaceAll('%25', '%');
};

const commandsOf = (run: ReviewedRun) => linesOf(run).map(readCommand);

test.each([
  ['violation', 'error'],
  ['warning', 'warning'],
] as const)('a %s is an %s at its place', (level, name) => {
  expect(linesOf(runOf([objectOf([remarkOf({ level })])]))).toEqual([
    `::${name} file=shop/cart.yaml,line=6,col=7,title=aloft annotation-lint/istio-port::Deployment cart: "http" is no port`,
  ]);
});

test('ends at the end of the key that it is about, where the text is known', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    traffic.sidecar.istio.io/excludeOutboundPorts: "http"\nspec: {containers: []}\n';
  expect(commandsOf(reviewTexts({ 'a.yaml': text }, { rules: [{ rule: 'annotation-lint' }] }))).toMatchObject([
    { name: 'error', file: 'a.yaml', line: '5', col: '5', endColumn: '50' },
  ]);
});

test('all changes of an object are one notice at the object, because there is room for ten', () => {
  const run = runOf([
    objectOf([changeOf(), remarkOf(), changeOf({ level: 'note', edit: 'label a: "b\n  c"', name: 'other' })]),
  ]);
  expect(commandsOf(run)).toMatchObject([
    { name: 'error' },
    {
      name: 'notice',
      file: 'shop/cart.yaml',
      line: '1',
      title: 'aloft adds to Deployment cart',
      message:
        'env DD_ENTITY_ID = from metadata.uid in app: the Pod by its UID (tracer-env)\nlabel a: "b c" (the mode is audit): the Pod by its UID (other)',
    },
  ]);
});

test('what could not be reviewed is an error, and comes first', () => {
  const run = runOf([objectOf([remarkOf()])], {
    problems: [problemOf(), { file: 'gone.yaml', message: 'no such file' }],
  });
  expect(commandsOf(run)).toMatchObject([
    { name: 'error', file: 'broken.yaml', line: '2', col: '3', message: 'a flaw' },
    { name: 'error', file: 'gone.yaml', message: 'no such file' },
    { name: 'error', file: 'shop/cart.yaml' },
  ]);
});

test('an exemption that covers nothing is a notice at its place', () => {
  const place = { file: 'policy.yaml', line: 9, column: 7 };
  expect(commandsOf(runOf([], { suppressions: [suppressionOf({ place })] }))).toMatchObject([
    { name: 'notice', file: 'policy.yaml', line: '9', title: 'aloft exemption/unused' },
  ]);
});

test('what came through a pipe has no file in the repository, so its place is in the message', () => {
  const place = { file: '<stdin>', line: 6, column: 7 };
  expect(linesOf(runOf([objectOf([remarkOf({ place })])]))).toEqual([
    '::error title=aloft annotation-lint/istio-port::<stdin>:6:7: Deployment cart: "http" is no port',
  ]);
});

describe('escaping', () => {
  test('is undone by the runner, in properties and in the message', () => {
    const message = '100% of a, b: c::d %0A \r ]';
    const run = runOf([], { problems: [problemOf({ file: 'a, b:c%d::e=f.yaml', message: `${message}\n::error::x` })] });
    expect(linesOf(run)).toHaveLength(1);
    expect(commandsOf(run)).toEqual([
      {
        name: 'error',
        file: 'a, b:c%d::e=f.yaml',
        line: '2',
        col: '3',
        title: 'aloft input/unreadable',
        message: `${message}\n::error::x`,
      },
    ]);
  });

  test('shows what nobody can see, in titles, messages, places and the log', () => {
    const reason = because('istio-port', 'a\u001b[2Jb\u202e');
    const place = { file: 'c\u0007.yaml', line: 6, column: 7 };
    const told = Array.from({ length: 12 }, () => remarkOf({ reason, place }));
    const named = objectOf([...told, changeOf({ edit: 'label a: "\u009b"' })], { name: 'cart\u001b[31m' });
    const text = textOf(runOf([named]));
    expect(text).toMatch(/^[\n\x20-\x7e\u2190-\u2bff]+$/);
    expect(text).toContain('Deployment cart␛[31m: a␛[2Jb⟨U+202E⟩\n');
    expect(text).toContain('::notice file=shop/cart.yaml,line=1,col=1,title=aloft adds to Deployment cart␛[31m::');
    expect(text).toContain('- c␇.yaml:6:7: ');
  });

  test('keeps a full run to one line for each command', () => {
    expect(commandsOf(fullRun).filter((command) => command === undefined)).toEqual([]);
  });
});

describe('more than GitHub shows', () => {
  const many = (count: number, level: 'violation' | 'warning') =>
    Array.from({ length: count }, (_, index) =>
      remarkOf({ level, reason: because('istio-port', `${level} ${index}`) }),
    );
  const named = (run: ReviewedRun, name: string) => commandsOf(run).filter((command) => command?.name === name);

  test('ten are shown as they are', () => {
    expect(named(runOf([objectOf(many(10, 'violation'))]), 'error')).toHaveLength(10);
    expect(textOf(runOf([objectOf(many(10, 'violation'))]))).not.toContain('::group::');
  });

  test('of eleven nine are, the tenth counts the rest, and the rest is in the log', () => {
    const lines = linesOf(runOf([objectOf(many(11, 'violation'))]));
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.slice(9)).toEqual([
      '::error title=aloft::2 more of this kind: the log of this step lists them',
      '::group::2 more, error',
      '- shop/cart.yaml:6:7: Deployment cart: violation 9',
      '- shop/cart.yaml:6:7: Deployment cart: violation 10',
      '::endgroup::',
    ]);
  });

  test('each type has its own ten, the gravest first, however they came', () => {
    const objects = Array.from({ length: 12 }, (_, index) => objectOf([changeOf()], { name: `o${index}` }));
    const run = runOf([...objects, objectOf(many(12, 'warning')), objectOf(many(12, 'violation'))], {
      problems: [problemOf()],
    });
    expect(['error', 'warning', 'notice'].map((name) => named(run, name).length)).toEqual([10, 10, 10]);
    expect(commandsOf(run)[0]).toMatchObject({ message: 'a flaw' });
    const order = commandsOf(run).flatMap((command) => command?.name ?? []);
    expect(order.indexOf('warning')).toBeGreaterThan(order.lastIndexOf('error'));
    expect(order.indexOf('notice')).toBeGreaterThan(order.lastIndexOf('warning'));
  });

  test('what changes comes before what only another mode would change', () => {
    const run = runOf([objectOf([changeOf({ level: 'note' })], { name: 'audited' }), objectOf([changeOf()])]);
    expect(commandsOf(run)).toMatchObject([
      { title: 'aloft adds to Deployment cart' },
      { title: 'aloft would add to Deployment audited' },
    ]);
  });

  test('a line of the log is never taken for a command', () => {
    const nasty = ['::add-mask::x', 'a\n::error::x', '##[add-path]/tmp', '  ::set-env name=A::b'];
    const remarks = [
      ...many(12, 'violation'),
      ...nasty.map((message) => remarkOf({ reason: because('istio-port', message) })),
    ];
    const lines = linesOf(runOf([objectOf(remarks)]));
    const log = lines.slice(lines.findIndex((line) => line.startsWith('::group::')) + 1, -1);
    expect(log).toHaveLength(7);
    expect(log.filter((line) => readCommand(line) !== undefined || line.includes('##['))).toEqual([]);
  });
});

test('a run without findings says nothing', () => {
  expect([textOf(emptyRun), textOf(runOf([objectOf([])]))]).toEqual(['', '']);
});

test('is the same every time', () => expect(textOf(fullRun)).toBe(textOf(structuredClone(fullRun))));
