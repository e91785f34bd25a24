import { type CheckDescription, describeChecks } from './catalogue.js';
import { checkId, type Entry, type EntryLevel, entriesOf, gravest, isFaulty } from './entries.js';
import { describeSuppression, objectsOf, type Report, type ReviewedObject, type ReviewedRun } from './reviewed.js';
import { isFile, isRelative, uriOf } from './source-path.js';
import type { LoosePlace, Token } from './token.js';

/** SARIF 2.1.0, as code scanners upload it: everything at its line, with a description of each kind of finding. */
export const sarifReport: Report = (run, { version }) => {
  const all = entriesOf(run);
  const entries = gravest(all, mostResults);
  const checks = describeChecks(entries);
  const indexes = new Map(checks.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aloft',
            fullName: `aloft ${version}`,
            version,
            semanticVersion: version,
            rules: checks.map(ruleOf),
          },
        },
        invocations: [invocationOf(run, all.length - entries.length)],
        originalUriBaseIds: { [base]: { description: { text: 'the folder that aloft was started in' } } },
        columnKind: 'utf16CodeUnits',
        results: entries.map((entry) => resultOf(entry, indexes.get(checkId(entry.check)))),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

/** GitHub refuses a file with more of them in a run. */
const mostResults = 25_000;

const base = '%SRCROOT%';

const sarifLevels: { readonly [level in EntryLevel]: 'error' | 'warning' | 'note' } = {
  problem: 'error',
  violation: 'error',
  warning: 'warning',
  change: 'note',
  note: 'note',
};

/** How GitHub sorts what it shows. */
const severities = { error: 'error', warning: 'warning', note: 'recommendation' } as const;

function ruleOf({ id, level, meaning, help }: CheckDescription) {
  const sarifLevel = sarifLevels[level];
  return {
    id,
    // Azure DevOps wants one, as an identifier.
    name: id.replaceAll(/(?:^|[-/])(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: meaning },
    fullDescription: { text: meaning },
    help: { text: `${meaning}. ${help}`, markdown: `\`${id}\`: ${meaning}.\n\n${help}` },
    defaultConfiguration: { level: sarifLevel },
    properties: { tags: ['kubernetes', 'istio'], precision: 'high', 'problem.severity': severities[sarifLevel] },
  };
}

function resultOf(entry: Entry, ruleIndex: number | undefined) {
  const { level, check, text, place, token, on, fingerprint } = entry;
  return {
    ruleId: checkId(check),
    ruleIndex,
    level: sarifLevels[level],
    message: { text },
    locations: [
      {
        physicalLocation: physicalLocationOf(place, token),
        ...(on && { logicalLocations: [logicalLocationOf(on.object)] }),
      },
    ],
    ...(place.rendered && {
      relatedLocations: [
        { id: 1, physicalLocation: physicalLocationOf(place.rendered), message: { text: 'as it was rendered' } },
      ],
    }),
    // Not `primaryLocationLineHash`, which GitHub's upload action computes itself, and complains of any other.
    partialFingerprints: { 'aloft/v1': fingerprint },
  };
}

/** Without a token, a region that starts at a column goes on to the end of its line. */
function physicalLocationOf({ file, line, column }: LoosePlace, token?: Token) {
  const uri = uriOf(file);
  const end = token && column !== undefined ? { endLine: line, endColumn: column + token.text.length } : {};
  const snippet = token?.isKey === true ? { snippet: { text: token.text } } : {};
  return {
    artifactLocation: {
      uri,
      ...(isRelative(uri) && { uriBaseId: base }),
      ...(isFile(file) ? {} : { description: { text: 'standard input' } }),
    },
    ...(line === undefined ? {} : { region: { startLine: line, startColumn: column, ...end, ...snippet } }),
  };
}

const logicalLocationOf = ({ apiVersion, kind, namespace, name }: ReviewedObject) => ({
  name,
  fullyQualifiedName: [apiVersion, kind, namespace, name].join('/'),
  kind: 'resource',
});

function invocationOf(run: ReviewedRun, left: number) {
  const { problems, suppressions } = run;
  const failures = problems.map(({ message, ...place }) => ({
    level: 'error',
    message: { text: message },
    locations: [{ physicalLocation: physicalLocationOf(place) }],
  }));
  const dropped = {
    level: 'warning',
    message: { text: `${left} results are left out, the least grave: GitHub takes ${mostResults} at most` },
  };
  const exemptions = suppressions.map((suppression) => ({
    level: 'note',
    message: { text: describeSuppression(suppression) },
    ...(suppression.place && { locations: [{ physicalLocation: physicalLocationOf(suppression.place) }] }),
  }));
  return {
    executionSuccessful: problems.length === 0 && !objectsOf(run).some(isFaulty),
    toolExecutionNotifications: left === 0 ? failures : [...failures, dropped],
    toolConfigurationNotifications: exemptions,
  };
}
