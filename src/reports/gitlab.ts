import { checkId, type EntryLevel, entriesOf } from './entries.js';
import type { Report } from './reviewed.js';
import { pathOf } from './source-path.js';

/** A code quality report as GitLab reads it. */
export const gitlabReport: Report = (run) => {
  const issues = entriesOf(run).map(({ level, check, text, place, fingerprint }) => ({
    description: text,
    check_name: checkId(check),
    fingerprint,
    severity: severities[level],
    location: { path: pathOf(place.file), lines: { begin: place.line ?? 1 } },
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};

const severities: { readonly [level in EntryLevel]: 'blocker' | 'critical' | 'major' | 'info' } = {
  problem: 'blocker',
  violation: 'critical',
  warning: 'major',
  change: 'info',
  note: 'info',
};
