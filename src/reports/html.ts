import { createHash } from 'node:crypto';
import { count } from './count.js';
import { exemptionsPanel, problemsPanel, upgradePanel } from './html-appendix.js';
import { filterForm } from './html-filter.js';
import { fileSections, type Shown, shownIn } from './html-objects.js';
import { findingsPanel, rulesPanel, tiles } from './html-overview.js';
import { type Html, html } from './html-text.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { objectsOf, type Report, type ReviewedRun } from './reviewed.js';
import { type Verdict, verdictOn } from './verdict.js';

/**
 * One page that needs nothing but itself: what is wrong, and each object before and after, with the reason beside each
 * added line. Without a script it shows everything; with it, it can be searched.
 */
export const htmlReport: Report = (run, { version }) => {
  const verdict = verdictOn(run);
  const shown = shownIn(run);
  return `<!doctype html>\n${page(verdict, body(run, verdict, shown, version)).markup}\n`;
};

const page = ({ text }: Verdict, content: Html): Html => html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>aloft review: ${text}</title>
<link rel="icon" href="data:,">
<style>${raw(pageStyle)}</style>
</head>
<body>
${content}
<script>${raw(pageScript)}</script>
</body>
</html>`;

const raw = (markup: string): Html => ({ markup });

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, and nothing runs but the page's own script, even if a text should ever pass for markup. */
const contentPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(pageStyle)}`,
  `script-src ${hashOf(pageScript)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const body = (
  run: ReviewedRun,
  verdict: Verdict,
  shown: readonly Shown[],
  version: string,
): Html => html`<a class="skip" href="#objects">Skip to the objects</a>
<header class="top ${verdict.level}"><div class="wrap">
<p class="brand">aloft review</p>
<h1>${capital(verdict.text)}</h1>
${tiles(run)}
</div></header>
${filterForm(shown.map(({ object }) => object))}
<main class="wrap">
${problemsPanel(run)}${findingsPanel(shown)}${rulesPanel(run)}
<div id="objects" class="files">${fileSections(shown)}</div>
<p class="rest">${restOf(objectsOf(run).length, shown.length)}</p>
${exemptionsPanel(run)}${upgradePanel(run)}
</main>
<footer><div class="wrap">aloft ${version}. Nothing in this page is loaded from anywhere else.</div></footer>`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function restOf(objects: number, shown: number): string {
  const rest = objects - shown;
  if (rest === 0) return '';
  return `${count(rest, shown === 0 ? 'object' : 'more object')} reviewed, with nothing to change and nothing to say.`;
}
