// Words, numbers and elements.

const page = document.getElementById('page');
const dark = matchMedia('(prefers-color-scheme: dark)');
const charts = [];
let printing = false;

const capital = s => s.charAt(0).toUpperCase() + s.slice(1);
const digits = (x, n = 4) =>
  x === null || x === undefined || !isFinite(x) ? '–' : Number(x.toPrecision(n)).toLocaleString('en', {maximumFractionDigits: 6});
const bytes = b => {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let k = 0;
  for (; b >= 1000 && k < units.length - 1; k++) b /= 1000;
  return digits(b, 3) + ' ' + units[k];
};
const duration = s =>
  s === null || !isFinite(s)
    ? '–'
    : s < 1
      ? digits(s * 1000, 3) + ' ms'
      : s < 120
        ? digits(s, 3) + ' s'
        : s < 7200
          ? digits(s / 60, 3) + ' min'
          : s < 172800
            ? digits(s / 3600, 3) + ' h'
            : digits(s / 86400, 3) + ' d';
const escaped = t => String(t).replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);

function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (v === true) e.setAttribute(k, '');
    else if (v !== false && v !== null) e.setAttribute(k, v);
  }
  e.append(...children.filter(c => c !== null && c !== undefined));
  return e;
}

function section(id, title, about, ...children) {
  const s = element('section', {id}, element('h2', {}, title), about ? element('p', {class: 'soft'}, about) : null, ...children);
  page.append(s);
  return s;
}

// What is shown.
let data = JSON.parse(document.getElementById('data').textContent);
