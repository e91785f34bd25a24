import { positionOf } from '../../manifests/position.js';
import type { Path } from '../../model/problem.js';
import { showPath } from '../../model/problem.js';
import type { Check } from '../../suites/compare.js';
import type { CaseOutcome, Failure } from '../../suites/outcome.js';
import { sideBySide } from '../../suites/shown.js';
import type { LoadedSuite } from './files.js';
import type { CaseRun } from './run.js';
import type { Updated } from './update.js';

/** What became of the cases of a suite, with the places in its text as it reads now. */
export function outcomesOf(from: LoadedSuite, runs: readonly CaseRun[], updated: Updated): readonly CaseOutcome[] {
  if (from.suite.spec.cases.length === 0) return [withoutCase(from)];
  return runs.filter(({ loaded }) => loaded.from === from).map((run) => outcomeOf(run, updated));
}

/** Nothing would ever fail in a suite without a case. */
function withoutCase({ file, suite, manifest }: LoadedSuite): CaseOutcome {
  const place = { file, ...positionOf(manifest, ['spec', 'cases']) };
  const failures = [{ place, path: 'spec.cases', message: 'the suite has no case, so that it would always pass' }];
  return { suite: suite.metadata.name, name: '', place, failures, unseen: [], updated: [], seconds: 0 };
}

function outcomeOf(run: CaseRun, { paths, manifests }: Updated): CaseOutcome {
  const { loaded, checks, skipped, seconds } = run;
  const { from, path, test } = loaded;
  const place = (at: Path) => {
    const manifest = manifests.get(from.manifest) ?? from.manifest;
    return { file: from.file, ...positionOf(manifest, [...path, ...at]) };
  };
  const written = paths.get(run) ?? [];
  const failures = checks.flatMap((check): Failure[] => {
    if (check.is !== 'failed' || written.includes(check.path)) return [];
    const at = check.path.length === 0 ? [] : ['expect', ...check.path];
    return [{ place: place(at), path: showPath(at), message: check.message, ...differenceOf(check) }];
  });
  return {
    suite: from.suite.metadata.name,
    name: test.name,
    place: place([]),
    failures,
    ...(skipped === undefined ? {} : { skipped }),
    unseen: checks.filter(({ is }) => is === 'unseen').map((check) => showPath(['expect', ...check.path])),
    updated: written.map((at) => showPath(['expect', ...at])),
    seconds,
  };
}

const differenceOf = (check: Check & { readonly is: 'failed' }): Pick<Failure, 'expected' | 'got'> =>
  check.difference === undefined ? {} : sideBySide(check.difference.expected, check.difference.got);
