import { count } from './count.js';
import { diffSection } from './markdown-diff.js';
import { type Section, sectionWithin } from './markdown-section.js';
import { code, inline } from './markdown-text.js';
import {
  flawOf,
  objectsOf,
  type Remark,
  type Report,
  type ReviewedObject,
  type ReviewedRun,
  type Suppression,
  showPlace,
  titleOf,
} from './reviewed.js';
import { tally } from './tally.js';
import { shortened } from './unified.js';
import { faultsIn, verdictOn } from './verdict.js';

/** By this line a job finds its comment again, to bring it up to date. */
const marker = '<!-- aloft review -->';

/** What GitHub takes as a comment, in characters; GitLab takes 1,000,000. */
const longestComment = 65_536;

/** A comment on a pull or merge request: the verdict, what is wrong, and the changes with their reasons, worst first. */
export const markdownReport: Report = (run, { version }) => {
  const foot = `\n<sub>aloft ${inline(version)}</sub>\n`;
  let text = headOf(run);
  for (const section of [problems(run), findings(run), exemptions(run), upgrade(run)]) {
    // A long list must leave room for what comes after it.
    text += sectionWithin((longestComment - text.length - foot.length) / 3, section);
  }
  return `${text}${diffSection(run, longestComment - text.length - foot.length)}${foot}`;
};

const symbols = { violation: '❌', warning: '⚠️', change: '🔧', note: '', clean: '✅' } as const;

function headOf(run: ReviewedRun): string {
  const { level, text } = verdictOn(run);
  const { objects, changed, violations, warnings, untouched } = tally(run);
  return [
    marker,
    `## ${symbols[level]} aloft: ${text}`,
    '',
    '| objects | to change | violations | warnings | other documents |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${objects} | ${changed} | ${violations} | ${warnings} | ${untouched} |`,
    '',
  ].join('\n');
}

const problems = (run: ReviewedRun): Section => ({
  head: '\n### Not reviewed\n\n',
  items: [...run.problems, ...faultsIn(run)].map(({ file, line, column, message }) => {
    const at = [file, line, column].filter((part) => part !== undefined).join(':');
    return `- ${code(at)} ${inline(shortened(message))}\n`;
  }),
  left: (left) => `- … and ${count(left, 'more problem')}\n`,
  foot: '',
});

const findings = (run: ReviewedRun): Section => ({
  head: '\n### Violations and warnings\n\n',
  items: (['violation', 'warning'] as const).flatMap((level) =>
    objectsOf(run).flatMap((object) =>
      object.remarks.filter((remark) => remark.level === level).map((remark) => findingItem(object, remark)),
    ),
  ),
  left: (left) => `- … and ${left} more\n`,
  foot: '',
});

const findingItem = (object: ReviewedObject, { level, name, reason, place }: Remark): string =>
  `- ${symbols[level]} **${level}** ${code(showPlace(place))} ${code(titleOf(object))} in ${code(object.namespace)}: ` +
  `**${inline(name)}**: ${inline(shortened(reason.message))}\n`;

function exemptions({ suppressions }: ReviewedRun): Section {
  const unused = suppressions.filter(({ used, expired }) => !used && !expired).length;
  const expired = suppressions.filter((one) => one.expired).length;
  const title = [count(suppressions.length, 'exemption'), `${unused} unused`, `${expired} expired`].join(', ');
  return {
    head: `\n<details><summary>${title}</summary>\n\n`,
    items: suppressions.map((one) => {
      const { by, rules, reason, place } = one;
      const at = place === undefined ? '' : ` ${code(showPlace(place))}`;
      const why = reason === '' ? 'without a reason' : inline(shortened(reason));
      return `- by ${by}${at} from ${rules.map(code).join(', ')}: ${cameTo(one)} (${why})\n`;
    }),
    left: (left) => `- … and ${left} more\n`,
    foot: '\n</details>\n',
  };
}

/** What an exemption came to, in one word or a few. */
function cameTo(one: Suppression): string {
  if (one.expired) return '**expired**';
  if (one.used) return count(one.objects, 'object');
  const flaw = flawOf(one);
  return flaw === undefined ? '**unused**' : `**unused**, ${inline(flaw)}`;
}

const upgrade = ({ upgrade: report }: ReviewedRun): Section => ({
  head: `\n<details><summary>Istio ${report?.from} to ${report?.to}: what changes meaning</summary>\n\n`,
  items: (report?.advised ?? []).flatMap(({ object, advice }) =>
    advice.map(
      ({ since, about, meaning, action }) =>
        `- ${code(showPlace(object.place))} ${code(titleOf(object))}, since ${since}: ` +
        `${inline(shortened(`${about} ${meaning}`))} → ${inline(shortened(action))}\n`,
    ),
  ),
  left: (left) => `- … and ${left} more\n`,
  foot: '\n</details>\n',
});
