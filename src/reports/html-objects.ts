import type { Place } from '../manifests/place.js';
import { count } from './count.js';
import { type Html, html, nothing } from './html-text.js';
import type { Hunk } from './hunks.js';
import { hunksByObject } from './object-hunks.js';
import {
  type Level,
  levels,
  objectsOf,
  type Remark,
  type ReviewedObject,
  type ReviewedRun,
  showPlace,
  titleOf,
} from './reviewed.js';
import { sideBySide } from './side-by-side.js';
import { shortened } from './unified.js';
import { byFile } from './verdict.js';

/** An object that has a place on the page, and what leads there. */
export type Shown = { readonly object: ReviewedObject; readonly id: string; readonly hunks?: readonly Hunk[] };

/** The objects of which there is something to say. */
export function shownIn(run: ReviewedRun): readonly Shown[] {
  const hunks = hunksByObject(run.manifests);
  return objectsOf(run)
    .filter(({ operations, remarks }) => operations.length + remarks.length > 0)
    .map((object, index) => {
      const own = hunks.get(object);
      return { object, id: `object-${index + 1}`, ...(own === undefined ? {} : { hunks: own }) };
    });
}

/** So few that nobody has to open them one by one. */
const fewObjects = 12;

/** Changed lines and those around them, of all objects. */
const manyRows = 40_000;

/** The files with their objects, each of which can be opened. */
export function fileSections(shown: readonly Shown[]): readonly Html[] {
  const rows = shown.reduce((sum, { hunks = [] }) => hunks.reduce((own, hunk) => own + hunk.rows.length, sum), 0);
  const page = { isShort: shown.length <= fewObjects, isLarge: rows > manyRows };
  return byFile(shown, ({ object }) => object).map(
    ({
      file,
      own,
    }) => html`<section class="file"><h2><code>${file}</code> <span>${count(own.length, 'object')}</span></h2>
${own.map((one) => objectDetails(one, page))}</section>
`,
  );
}

type Page = { readonly isShort: boolean; readonly isLarge: boolean };

function objectDetails({ object, id, hunks }: Shown, { isShort, isLarge }: Page): Html {
  const { kind, namespace, remarks } = object;
  const rules = new Set(remarks.map(({ name }) => name));
  const own = new Set(remarks.map(({ level }) => level));
  return html`<details class="object" id="${id}" data-kind="${kind}" data-namespace="${namespace}" data-rules="${[...rules].join(' ')}" data-levels="${[...own].join(' ')}"${isShort ? html` open` : nothing}>
<summary><h3>${titleOf(object)}</h3> <span>in ${namespace}</span> ${tagsOn(remarks)} <span class="place">${lineOf(object.place)}</span></summary>
${remarkList(object, hunks)}${hunks === undefined ? nothing : sideBySide(titleOf(object), hunks, isLarge)}
</details>
`;
}

/** The file stands above; where in the rendered text it is, is told as well. */
function lineOf({ file, line, rendered, source }: Place): string {
  if (source !== undefined) return `${file}:${line}`;
  return `line ${line}${rendered === undefined ? '' : ` (${rendered.file}:${rendered.line})`}`;
}

/** A level as a word that is told apart by more than its colour. */
export const tag = (level: Level, text: string = level): Html => html`<span class="tag ${level}">${text}</span>`;

function tagsOn(remarks: readonly Remark[]): readonly Html[] {
  const number = (level: Level): number => remarks.filter((remark) => remark.level === level).length;
  return levels.flatMap((level) => {
    const counted = number(level);
    return counted === 0 ? [] : [tag(level, count(counted, level)), html` `];
  });
}

/** What no line of the text shows. */
function remarkList({ remarks }: ReviewedObject, hunks: readonly Hunk[] | undefined): Html {
  const explained = hunks?.some(({ rows }) => rows.some((row) => row.kind === 'added' && row.why.length > 0)) === true;
  const told = remarks.filter(({ level }) => level !== 'change' || !explained);
  if (told.length === 0) return nothing;
  const sorted = told.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  return html`<ul class="said">${sorted.map(remarkItem)}</ul>`;
}

const remarkItem = ({ level, name, reason, place, edit }: Remark): Html => html`<li>${tag(level)} <p><b>${name}</b>${
  edit === undefined ? nothing : html` ${level === 'note' ? 'would add' : 'adds'} <code>${shortened(edit)}</code>`
}: ${shortened(reason.message)} <span class="place">${showPlace(place)}</span></p></li>
`;
