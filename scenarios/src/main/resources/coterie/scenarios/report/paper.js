// In place of dom.js where figures are drawn without a browser: nothing is shown, charts are only collected.

const charts = [];
const printing = true;
const ink = () => '#000';
const lines = () => '#ccc';
const night = () => false;

const element = () => ({style: {}, append() {}});
const page = element();
const section = element;
const term = (key, text = key) => text;
const withTerms = text => text;
const comparisonTable = () => {};
const verdicts = d => effects(d.claims ?? []);
const data = JSON.parse(source);

// Engines without a browser have none of these. Nothing is drawn later, since nothing moves.
globalThis.setTimeout = () => 0;
globalThis.clearTimeout = () => {};
function atob(text) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const out = [];
  let bits = 0,
    value = 0;
  for (let k = 0; k < text.length && text.charAt(k) !== '='; k++) {
    value = ((value << 6) | letters.indexOf(text.charAt(k))) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push(String.fromCharCode((value >> bits) & 255));
    }
  }
  return out.join('');
}

function chart(id, label, option, kind = '') {
  const box = element();
  const c = {id, box, node: box, kind, option, update() {}};
  charts.push(c);
  return c;
}
