import { describe, expect, test } from '@jest/globals';
import { gitlabReport } from '../../src/reports/gitlab.js';
import type { ReviewedRun } from '../../src/reports/reviewed.js';
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
import { gitlabErrors } from '../support/schemas.js';

const textOf = (run: ReviewedRun): string => gitlabReport(run, plainStyle);
const issuesOf = (run: ReviewedRun): readonly Issue[] => JSON.parse(textOf(run));
type Issue = {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
};

describe("GitLab's schema has nothing against", () => {
  test.each([
    ['a run without any input', emptyRun],
    ['a run with something of everything', fullRun],
  ])('%s', (_, run) => expect(gitlabErrors(textOf(run))).toEqual([]));

  test('and it has something against a fault', () => {
    expect(gitlabErrors(textOf(fullRun).replace('"begin": 6', '"begin": "6"'))).toEqual([
      expect.stringContaining('must be integer'),
    ]);
  });
});

test('an issue says what, where and how grave, as GitLab asks for it', () => {
  expect(issuesOf(runOf([objectOf([remarkOf()])]))).toEqual([
    {
      description: 'Deployment cart: "http" is no port',
      check_name: 'annotation-lint/istio-port',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'critical',
      location: { path: 'shop/cart.yaml', lines: { begin: 6 } },
    },
  ]);
});

test.each([
  ['what could not be reviewed', runOf([], { problems: [problemOf()] }), 'blocker'],
  ['a violation', runOf([objectOf([remarkOf()])]), 'critical'],
  ['a warning', runOf([objectOf([remarkOf({ level: 'warning' })])]), 'major'],
  ['a change', runOf([objectOf([changeOf()])]), 'info'],
  ['what only another mode would change', runOf([objectOf([changeOf({ level: 'note' })])]), 'info'],
  [
    'an unused exemption',
    runOf([], { suppressions: [suppressionOf({ place: { file: 'p.yaml', line: 1, column: 1 } })] }),
    'info',
  ],
])('%s has the severity %s', (_, run, severity) =>
  expect(issuesOf(run).map((issue) => issue.severity)).toEqual([severity]),
);

test.each([
  ['./shop/cart.yaml', 'shop/cart.yaml'],
  ['././a.yaml', 'a.yaml'],
  ['.hidden/a.yaml', '.hidden/a.yaml'],
  ['<stdin>', 'stdin'],
])('the path of %s is %s', (file, path) => {
  expect(issuesOf(runOf([objectOf([remarkOf({ place: { file, line: 1, column: 1 } })])]))[0]?.location.path).toBe(path);
});

test('a whole file is its first line, because GitLab links to one', () => {
  expect(issuesOf(runOf([], { problems: [{ file: 'gone.yaml', message: 'no such file' }] }))[0]?.location).toEqual({
    path: 'gone.yaml',
    lines: { begin: 1 },
  });
});

test('no two issues share a fingerprint: GitLab would show one of them', () => {
  const all = issuesOf(
    runOf([objectOf([remarkOf(), remarkOf(), changeOf(), changeOf()]), objectOf([remarkOf()])], {
      problems: [problemOf(), problemOf()],
    }),
  );
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(7);
});

test('is the same every time', () => expect(textOf(fullRun)).toBe(textOf(structuredClone(fullRun))));
