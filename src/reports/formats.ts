import type { Report } from './reviewed.js';

/** An output format of `aloft review`; its code is loaded when it is asked for. */
export type Format = {
  /** What it is for, as the help says it. */
  readonly says: string;
  /** Whether it shows the text of manifests as it would be afterwards, which takes time to write. */
  readonly needsText: boolean;
  /** Whether what an upgrade changes is part of it. */
  readonly tellsUpgrade: boolean;
  readonly load: () => Promise<Report>;
};

const plain = { needsText: false, tellsUpgrade: false } as const;
const forPeople = { needsText: true, tellsUpgrade: true } as const;

/** Every output format, by the name that `--output` takes. */
export const formats = {
  diff: {
    says: 'unified diff, the reasons beside it',
    ...forPeople,
    load: async () => (await import('./diff.js')).diffReport,
  },
  table: { says: 'a row for each object', ...plain, load: async () => (await import('./table.js')).tableReport },
  yaml: {
    says: 'the input with the changes in it',
    needsText: true,
    tellsUpgrade: false,
    load: async () => (await import('./yaml.js')).yamlReport,
  },
  json: {
    says: 'everything, for programs',
    needsText: false,
    tellsUpgrade: true,
    load: async () => (await import('./json.js')).jsonReport,
  },
  admission: {
    says: "the webhook's answers",
    ...plain,
    load: async () => (await import('./admission.js')).admissionReport,
  },
  patch: { says: 'JSON Patches (RFC 6902)', ...plain, load: async () => (await import('./patch.js')).patchReport },
  markdown: {
    says: 'for a comment on a pull request',
    ...forPeople,
    load: async () => (await import('./markdown.js')).markdownReport,
  },
  html: { says: 'one page, before and after', ...forPeople, load: async () => (await import('./html.js')).htmlReport },
  sarif: { says: 'SARIF 2.1.0', ...plain, load: async () => (await import('./sarif.js')).sarifReport },
  junit: { says: 'JUnit XML', ...plain, load: async () => (await import('./junit.js')).junitReport },
  github: {
    says: 'annotations of GitHub Actions',
    ...plain,
    load: async () => (await import('./github.js')).githubReport,
  },
  gitlab: {
    says: 'code quality report of GitLab',
    ...plain,
    load: async () => (await import('./gitlab.js')).gitlabReport,
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
export const formatNames = Object.keys(formats) as readonly FormatName[];
