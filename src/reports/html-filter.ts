import { type Html, html } from './html-text.js';
import { levels, type ReviewedObject } from './reviewed.js';

/** What objects can be searched by; it shows itself once the script runs that it needs. */
export const filterForm = (
  objects: readonly ReviewedObject[],
): Html => html`<form id="filter" class="filter" role="search" aria-label="Objects" hidden><div class="wrap">
<label>Search <input type="search" name="text" autocomplete="off" spellcheck="false" placeholder="name, file, label, reason"></label>
${select('level', 'Level', levels)}
${select('rule', 'Rule', sorted(objects.flatMap(({ remarks }) => remarks.map(({ name }) => name))))}
${select('kind', 'Kind', sorted(objects.map(({ kind }) => kind)))}
${select('namespace', 'Namespace', sorted(objects.map(({ namespace }) => namespace)))}
<button type="reset">Reset</button>
<button type="button" id="open">Open all</button>
<button type="button" id="close">Close all</button>
<output id="shown"></output>
</div></form>`;

const select = (name: string, label: string, values: readonly string[]): Html =>
  html`<label>${label} <select name="${name}"><option value="">all</option>${values.map(
    (value) => html`<option>${value}</option>`,
  )}</select></label>`;

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
