// The page: its elements, colours and terms.

const page = document.getElementById('page');
const dark = matchMedia('(prefers-color-scheme: dark)');
const charts = [];
// Pictures that leave the page, on paper or as files, are light.
let printing = false;

const property = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const ink = () => (printing ? '#000' : property('--ink') || '#000');
const lines = () => (printing ? '#ccc' : property('--line') || '#bbb');
const night = () => dark.matches && !printing;

function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (let [k, v] of Object.entries(attributes)) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (v === true) e.setAttribute(k, '');
    else if (v !== false && v !== null) e.setAttribute(k, v);
  }
  e.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined));
  return e;
}

function section(id, title, about, ...children) {
  const s = element(
    'section',
    {id},
    element('h2', {}, title),
    about ? element('p', {class: 'soft'}, about) : null,
    children
  );
  page.append(s);
  return s;
}

// What is shown.
let data = JSON.parse(document.getElementById('data').textContent);

// Terms that the page uses, with their meaning in the glossary.
const meanings = JSON.parse(document.getElementById('terms').textContent);
const used = new Set();
const place = key => 'term-' + key.replace(/\W+/g, '-');
function term(key, text = key) {
  if (!(key in meanings)) return text;
  used.add(key);
  return element('a', {class: 'term', href: '#' + place(key), title: meanings[key]}, text);
}

// Parts of a sentence, in which [words] or [words|term] are terms.
const withTerms = text =>
  text
    .split(/\[([^\]]+)\]/)
    .map((part, k) => (k % 2 ? term(part.split('|')[1] ?? part, part.split('|')[0]) : part))
    .filter(part => part !== '');

function terms() {
  const keys = [...used].sort();
  if (keys.length)
    section(
      'terms',
      'Terms',
      null,
      element('dl', {}, keys.flatMap(k => [element('dt', {id: place(k)}, k), element('dd', {}, meanings[k])]))
    );
}
