/** What the page can do beyond showing everything: filter, open and close, and print what is closed. */
export const pageScript = `
'use strict';
(() => {
  const form = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const openAll = document.getElementById('open');
  const objects = [...document.querySelectorAll('details.object')];
  const files = [...document.querySelectorAll('section.file')];
  const fields = ['text', 'rule', 'kind', 'namespace', 'level'].map((name) => form.elements[name]);
  const texts = new Map();
  const textOf = (object) => {
    if (!texts.has(object)) texts.set(object, object.textContent.toLowerCase());
    return texts.get(object);
  };
  const fits = (object, { text, rule, kind, namespace, level }) =>
    (rule === '' || object.dataset.rules.split(' ').includes(rule)) &&
    (level === '' || object.dataset.levels.split(' ').includes(level)) &&
    (kind === '' || object.dataset.kind === kind) &&
    (namespace === '' || object.dataset.namespace === namespace) &&
    (text === '' || text.split(/\\s+/).every((word) => textOf(object).includes(word)));
  const filter = () => {
    const wanted = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    wanted.text = wanted.text.trim().toLowerCase();
    let count = 0;
    for (const object of objects) {
      object.hidden = !fits(object, wanted);
      if (!object.hidden) count++;
    }
    openAll.disabled = count > 300;
    for (const file of files) file.hidden = !file.querySelector('details.object:not([hidden])');
    shown.value = count === objects.length ? count + ' shown' : count + ' of ' + objects.length + ' shown';
  };
  const remember = () => {
    const chosen = new URLSearchParams(fields.filter(({ value }) => value).map(({ name, value }) => [name, value]));
    const hash = chosen.toString();
    try {
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : '#' + hash);
    } catch {
      // Where the page is a part of another one, its address may not be changed.
    }
  };
  const recall = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target) {
      if (target.hidden) {
        for (const field of fields) field.value = '';
        filter();
      }
      if ('open' in target) target.open = true;
      target.scrollIntoView();
      return;
    }
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const field of fields) field.value = chosen.get(field.name) ?? '';
    for (const field of fields) if (field.selectedIndex === -1) field.value = '';
    filter();
  };
  let waiting;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      filter();
      remember();
    }, 150);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => {
    filter();
    remember();
  }));
  const setOpen = (open) => {
    for (const object of objects) if (!object.hidden) object.open = open;
  };
  openAll.addEventListener('click', () => setOpen(true));
  document.getElementById('close').addEventListener('click', () => setOpen(false));
  addEventListener('hashchange', recall);
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = objects.filter((object) => !object.open && !object.hidden);
    for (const object of closed) object.open = true;
  });
  addEventListener('afterprint', () => {
    for (const object of closed) object.open = false;
  });
  form.hidden = false;
  filter();
  if (location.hash !== '') recall();
})();
`;
