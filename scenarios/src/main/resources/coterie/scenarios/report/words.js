// Numbers and words. What figures are made of (see Figures.java) keeps to the JavaScript that Rhino knows: no `const` in
// loops, and neither `...` nor defaults in calls, parameters and destructuring, except for plain default values.

const largest = list => list.reduce((a, b) => Math.max(a, b), -Infinity);
const smallest = list => list.reduce((a, b) => Math.min(a, b), Infinity);
const capital = s => s.charAt(0).toUpperCase() + s.slice(1);
const known = x => x !== null && x !== undefined && isFinite(x);
const grouped = text => text.replace(/^(-?\d+)/, whole => whole.replace(/\B(?=(\d{3})+$)/g, ','));

// A number with n significant digits, without trailing zeros; more digits if they stand before the point.
function digits(x, n = 4) {
  if (!known(x)) return '–';
  const rounded = Number(x.toPrecision(n));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : grouped(String(rounded));
}

// Ticks and counts are exact: only the last bits of their arithmetic are cut off.
const tick = x => digits(x, 12);

// Numbers of the page's data have five digits; more decimals than that would be invented.
const DATA_DIGITS = 5;
const decimals = x => Math.max(0, Math.min(2, x ? DATA_DIGITS - 1 - Math.floor(Math.log10(Math.abs(x))) : 2));
const small = x => x !== 0 && Math.abs(x) < 0.1;
const fixed = x => (small(x) ? digits(x, 3) : grouped(x.toFixed(decimals(x))));
// A number and what follows it, with equally many decimals.
const besides = (x, s) => (small(x) || small(s) ? digits(s, 2) : grouped(s.toFixed(decimals(x))));
const plusMinus = (x, s) => (known(x) ? fixed(x) + (known(s) ? ' ± ' + besides(x, s) : '') : '–');
const interval = (x, half) =>
  known(x) ? fixed(x) + (known(half) ? ` [${[x - half, x + half].map(v => besides(x, v)).join(', ')}]` : '') : '–';

const BYTES = [['B', 1], ['KB', 1e3], ['MB', 1e6], ['GB', 1e9], ['TB', 1e12], ['PB', 1e15]];
const unitOfBytes = b => BYTES.slice().reverse().find(u => Math.abs(b) >= u[1]) ?? BYTES[0];
const bytes = b => (known(b) ? digits(b / unitOfBytes(b)[1], 3) + ' ' + unitOfBytes(b)[0] : '–');

const TIMES = [['ms', 0.001], ['s', 1], ['min', 60], ['h', 3600], ['d', 86400]];
// The unit for a length of time: the largest of which it has at least this many.
const unitOfTime = (s, least) => TIMES.slice().reverse().find(u => s >= least * u[1] * (1 - 1e-9)) ?? TIMES[0];
function duration(s) {
  if (!known(s)) return '–';
  const [name, length] = s === 0 ? TIMES[1] : s < 1 ? TIMES[0] : unitOfTime(s, 2);
  return digits(s / length, 3) + ' ' + name;
}
const escaped = t => String(t).replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);
