import { count } from './count.js';
import { type Html, html, nothing } from './html-text.js';
import { flawOf, type InputProblem, type ReviewedRun, type Suppression, showPlace, titleOf } from './reviewed.js';
import { faultsIn } from './verdict.js';

/** What could not be reviewed. */
export function problemsPanel(run: ReviewedRun): Html {
  const items = [...problemItems('problem', run.problems), ...problemItems('fault', faultsIn(run))];
  if (items.length === 0) return nothing;
  return html`<section class="panel"><h2>Not reviewed</h2>
<ul>${items}</ul></section>
`;
}

const problemItems = (what: string, problems: readonly InputProblem[]): readonly Html[] =>
  problems.map(({ file, line, column, message }) => {
    const at = [file, line, column].filter((part) => part !== undefined).join(':');
    return html`<li><span class="tag violation">${what}</span> <p>${message} <span class="place">${at}</span></p></li>
`;
  });

/** What was kept from rules, by whom and why. */
export const exemptionsPanel = ({ suppressions }: ReviewedRun): Html =>
  suppressions.length === 0
    ? nothing
    : html`<section class="panel"><h2>${count(suppressions.length, 'exemption')}</h2>
<div class="scroll"><table class="grid"><caption class="unseen">Exemptions</caption>
<thead><tr><th scope="col">by</th><th scope="col">from</th><th scope="col">reason</th><th scope="col">came to</th></tr></thead>
<tbody>${suppressions.map(exemptionRow)}</tbody></table></div></section>
`;

const exemptionRow = ({ by, rules, reason, place, ...came }: Suppression): Html => html`<tr><td>${by} ${
  place === undefined ? nothing : html`<span class="place">${showPlace(place)}</span>`
}</td><td>${rules.join(', ')}</td><td>${reason === '' ? 'none given' : reason}</td><td>${stateOf(came)}</td></tr>
`;

type State = Pick<Suppression, 'objects' | 'used' | 'expired' | 'misplaced' | 'problem'>;

function stateOf({ objects, used, expired, ...state }: State): Html {
  if (expired) return html`<span class="tag warning">expired</span> would cover ${count(objects, 'object')}`;
  return used ? html`${count(objects, 'object')}` : html`<span class="tag note">unused</span> ${flawOf(state) ?? ''}`;
}

/** What an upgrade changes, where one was asked about. */
export function upgradePanel({ upgrade }: ReviewedRun): Html {
  if (upgrade === undefined) return nothing;
  const { from, to, advised } = upgrade;
  const items = advised.flatMap(({ object, advice }) =>
    advice.map(
      ({
        since,
        about,
        meaning,
        action,
      }) => html`<li><span class="tag note">since ${since}</span> <p><b>${titleOf(object)}</b> ${about} ${meaning}<br>→ ${action} <span class="place">${showPlace(object.place)}</span></p></li>
`,
    ),
  );
  return html`<section class="panel"><h2>Istio ${from} to ${to}</h2>
${items.length === 0 ? html`<p>Nothing changes meaning for the objects reviewed.</p>` : html`<ul>${items}</ul>`}</section>
`;
}
