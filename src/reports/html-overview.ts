import { type Shown, tag } from './html-objects.js';
import { type Html, html, nothing } from './html-text.js';
import { type Level, objectsOf, type ReviewedRun, showPlace, titleOf } from './reviewed.js';
import { tally } from './tally.js';
import { shortened } from './unified.js';

/** The numbers of a run. */
export function tiles(run: ReviewedRun): Html {
  const { objects, changed, violations, warnings, untouched } = tally(run);
  const tile = (name: string, number: number, level = ''): Html =>
    html`<div class="${number > 0 ? level : ''}"><dt>${name}</dt><dd>${number}</dd></div>`;
  return html`<dl class="tiles">${[
    tile('objects reviewed', objects),
    tile('to change', changed, 'change'),
    tile('violations', violations, 'violation'),
    tile('warnings', warnings, 'warning'),
    tile('other documents', untouched),
  ]}</dl>`;
}

const mostFindings = 200;

/** Violations, then warnings, each with a way to its object. */
export function findingsPanel(shown: readonly Shown[]): Html {
  const findings = (['violation', 'warning'] as const).flatMap((level) =>
    shown.flatMap(({ object, id }) =>
      object.remarks.filter((remark) => remark.level === level).map((remark) => ({ object, id, remark })),
    ),
  );
  if (findings.length === 0) return nothing;
  const left = findings.length - mostFindings;
  return html`<section class="panel"><h2>Violations and warnings</h2>
<ul>${findings.slice(0, mostFindings).map(
    ({
      object,
      id,
      remark: { level, name, reason, place },
    }) => html`<li>${tag(level)} <p><a href="#${id}">${titleOf(object)}</a> in ${object.namespace}: <b>${name}</b>: ${shortened(reason.message)} <span class="place">${showPlace(place)}</span></p></li>
`,
  )}</ul>
${left > 0 ? html`<p>… and ${left} more, each of them with its object below.</p>` : nothing}</section>
`;
}

/** For each rule of the policy that had anything to say: how often. */
export function rulesPanel(run: ReviewedRun): Html {
  const rules = Map.groupBy(
    objectsOf(run).flatMap((object) => object.remarks.map((remark) => ({ object, ...remark }))),
    ({ name }) => name,
  );
  if (rules.size === 0) return nothing;
  const rows = [...rules].map(([name, remarks]) => {
    const number = (level: Level): Html => {
      const own = new Set(remarks.filter((one) => one.level === level).map(({ object }) => object));
      return html`<td class="number${own.size === 0 ? ' none' : ''}">${own.size}</td>`;
    };
    const rule = remarks[0]?.rule ?? name;
    return html`<tr><th scope="row"><a href="#rule=${name}">${name}</a>${rule === name ? nothing : html` <span class="place">${rule}</span>`}</th>${number('violation')}${number('warning')}${number('change')}${number('note')}</tr>
`;
  });
  return html`<section class="panel"><h2>Objects by rule</h2>
<div class="scroll"><table class="grid"><caption class="unseen">How many objects each rule has something to say about</caption>
<thead><tr><th scope="col">rule</th><th scope="col" class="number">violated</th><th scope="col" class="number">warned</th><th scope="col" class="number">changed</th><th scope="col" class="number">would change</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>
`;
}
