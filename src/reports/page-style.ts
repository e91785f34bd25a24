import { palettes } from './page-palette.js';

const variables = (palette: Readonly<Record<string, string>>): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');

/** How the page looks: light and dark, wide and narrow, on paper. */
export const pageStyle = `
:root{color-scheme:light dark;${variables(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${variables(palettes.dark)}}}
*{box-sizing:border-box}
html{scroll-padding-top:5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,.diff td,.place{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code,.place{font-size:.88em}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:not(:focus){position:absolute;left:-99rem}
.wrap{max-width:110rem;margin:0 auto;padding:0 1.5rem}
.top{background:var(--card);border-bottom:1px solid var(--line);border-top:5px solid var(--change);padding:1.4rem 0 1.5rem}
.top.violation{border-top-color:var(--violation)}
.top.warning{border-top-color:var(--warning)}
.top.clean{border-top-color:var(--accent)}
.brand{margin:0;color:var(--muted);letter-spacing:.02em}
h1{margin:.1rem 0 1.1rem;font-size:1.75rem;line-height:1.2;font-weight:650;text-wrap:balance}
h2{margin:0;font-size:1.12rem;line-height:1.35;font-weight:650;overflow-wrap:anywhere}
h3{display:inline;margin:0;font-size:1rem;font-weight:600;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:0}
.tiles div{min-width:7.5rem;padding:.5rem .9rem .55rem;border:1px solid var(--line);border-radius:8px;background:var(--page)}
.tiles dt{color:var(--muted);font-size:.82rem}
.tiles dd{margin:0;font-size:1.35rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.tiles .violation dd{color:var(--violation)}.tiles .warning dd{color:var(--warning)}.tiles .change dd{color:var(--change)}
.filter{position:sticky;top:0;z-index:2;background:var(--card);border-bottom:1px solid var(--line)}
.filter .wrap{display:flex;flex-wrap:wrap;gap:.5rem .8rem;align-items:end;padding-top:.6rem;padding-bottom:.6rem}
.filter label{display:grid;gap:.1rem;font-size:.78rem;color:var(--muted)}
.filter label:first-child{flex:1 1 14rem}
.filter input,.filter select,.filter button{font:inherit;font-size:.95rem;min-height:2.3rem;padding:.25rem .6rem;color:var(--text);background:var(--page);border:1px solid var(--muted);border-radius:6px;min-width:0;max-width:100%}
.filter select{max-width:15rem}
.filter button{cursor:pointer}
.filter button:disabled{cursor:not-allowed;opacity:.55}
.filter output{padding:.45rem 0;color:var(--muted);font-size:.9rem;font-variant-numeric:tabular-nums}
main.wrap,.files{display:grid;gap:1.6rem;grid-template-columns:minmax(0,1fr)}
main.wrap{padding-top:1.6rem;padding-bottom:2.5rem}
.panel{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem 1.1rem}
.panel ul{list-style:none;margin:.7rem 0 0;padding:0;display:grid;gap:.55rem}
.panel li{overflow-wrap:anywhere;display:grid;grid-template-columns:6.8rem minmax(0,1fr);align-items:baseline}
.panel li p{margin:0}
.grid{min-width:min(100%,58rem);border-collapse:collapse;margin-top:.6rem;font-size:.95rem}
.grid th,.grid td{padding:.35rem 1rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:break-word}
.grid tr:last-child>*{border-bottom:0}
.grid thead th{color:var(--muted);font-weight:500;font-size:.85rem}
.grid .number{text-align:right;font-variant-numeric:tabular-nums}
.grid .none{color:var(--muted)}
.grid tbody th{font-weight:500}
.scroll{overflow-x:auto}
.tag{display:inline-block;justify-self:start;padding:.02rem .5rem .06rem;border-radius:99px;font-size:.8rem;font-weight:600;white-space:nowrap;border:1px solid}
.tag.violation{color:var(--violation);background:var(--violation-back)}
.tag.warning{color:var(--warning);background:var(--warning-back)}
.tag.change{color:var(--change);background:var(--change-back)}
.tag.note{color:var(--note);background:var(--note-back)}
.tag.violation::before{content:"\\2715\\a0"/""}
.tag.warning::before{content:"!\\a0"/""}
.tag.change::before{content:"+\\a0"/""}
.place{color:var(--muted);overflow-wrap:anywhere}
.file{display:grid;gap:.6rem;grid-template-columns:minmax(0,1fr)}
.file[hidden],.object[hidden]{display:none}
.file>h2 span{font-weight:400;color:var(--muted);font-size:.9rem;margin-left:.5rem}
.object{background:var(--card);border:1px solid var(--line);border-radius:10px;content-visibility:auto;contain-intrinsic-size:auto 3.1rem;overflow:clip}
.object>summary{padding:.65rem 1rem;cursor:pointer;display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .7rem}
.object>summary::before{content:"\\25b8"/"";color:var(--muted);width:.8em}
.object[open]>summary::before{content:"\\25be"/""}
.object>summary::-webkit-details-marker{display:none}
.object>summary:hover h3{text-decoration:underline}
.object>summary:focus-visible{outline-offset:-3px}
.object>summary .place{margin-left:auto}
.object[open]>summary{border-bottom:1px solid var(--line)}
.said{list-style:none;margin:0;padding:.7rem 1rem;display:grid;gap:.5rem;border-bottom:1px solid var(--line)}
.said:last-child{border-bottom:0}
.said li{overflow-wrap:anywhere;display:grid;grid-template-columns:6.8rem minmax(0,1fr);align-items:baseline}
.said p{margin:0}
.diff{width:100%;border-collapse:collapse;table-layout:fixed;font-size:13px;line-height:1.55}
.diff th{padding:.3rem .8rem;text-align:left;font:600 .8rem system-ui,sans-serif;color:var(--muted);border-bottom:1px solid var(--line)}
.diff th:nth-child(3){width:28%}
.diff td{padding:0 .6rem 0 4.6rem;position:relative;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
.diff th+th{border-left:1px solid var(--line)}
.diff tr:not(.gap)>td:nth-child(-n+2){border-right:1px solid var(--line)}
.diff td[data-n]::before{content:attr(data-n);position:absolute;left:0;width:3.1rem;text-align:right;color:var(--muted);user-select:none;-webkit-user-select:none}
.diff td.added::before{content:attr(data-n) " +"}
.diff td.removed::before{content:attr(data-n) " \\2212"}
.diff td.added::before,.diff td.removed::before{width:4.1rem}
.diff .added{background:var(--added)}
.diff .removed{background:var(--removed)}
.diff .changed td:not([data-n]):not(.why){background:var(--none)}
.diff ins,.diff del{text-decoration:none}
.diff mark{color:inherit;background:var(--added-mark);border-radius:3px}
.diff del mark{background:var(--removed-mark)}
.diff .why{padding:.1rem .8rem;border-top:1px solid var(--line);white-space:normal;font:13px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.diff .why p{margin:0}.diff .why p+p{margin-top:.3rem}
.diff .gap td{padding:.25rem .8rem;text-align:center;color:var(--muted);background:var(--none);font:12px/1.5 system-ui,sans-serif;border-block:1px solid var(--line)}
.diff .gap:first-child td{border-top:0}
footer{border-top:1px solid var(--line);padding:1rem 0 2rem;color:var(--muted);font-size:.9rem}
@media (max-width:56rem){
.wrap{padding:0 .9rem}
h1{font-size:1.4rem}
.tiles div{min-width:5.6rem;padding:.35rem .65rem .4rem}
.filter{position:static}
.filter label,.filter label:first-child{flex:1 1 8rem}
.filter label:first-child{flex-basis:100%}
.filter select{width:100%;max-width:none}
.object>summary .place{margin-left:0;flex-basis:100%}
.grid th,.grid td{padding-right:.6rem}
.panel li,.said li{grid-template-columns:minmax(0,1fr);gap:.15rem}
.diff thead{position:absolute;clip-path:inset(50%)}
.diff,.diff tbody,.diff tr,.diff td{display:block;border:0}
.diff tr:not(.gap)>td:nth-child(-n+2){border-right:0}
.diff td{padding-left:3.9rem}
.diff td[data-n]::before{width:2.3rem}
.diff td.added::before,.diff td.removed::before{width:3.4rem}
.diff td:empty,.diff tr:not(.changed) td[data-n]+td[data-n]{display:none}
.diff .why{margin:.15rem .6rem .45rem 3.9rem;padding:.15rem .6rem;border-top:0;border-left:3px solid var(--change);background:var(--card)}
.diff .why:empty{display:none}
}
@media print{
:root{${variables(palettes.light)}}
body{font-size:10pt;background:#fff}
.filter,.skip{display:none}
.object{break-inside:auto;content-visibility:visible}
.object::details-content{content-visibility:visible;block-size:auto}
.object>summary{break-after:avoid}
.diff{font-size:8pt}
.diff tr{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
