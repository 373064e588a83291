// Charts: when they are drawn, what they have in common, axes.

const colours = () =>
  dark.matches && !printing
    ? ['#7db4ee', '#f2a65a', '#7fcf9a', '#e08bb5', '#c3b1f5', '#e5d36a', '#79d3d6', '#f0907a', '#b9c0c9', '#9bbf5f']
    : ['#2563a8', '#c2691c', '#2e8b57', '#b0447f', '#6a4fc0', '#8a7400', '#1f8a8c', '#b3402a', '#5c6470', '#5d7f1f'];
const ink = () =>
  getComputedStyle(document.documentElement)
    .getPropertyValue(printing ? '--ink-print' : '--ink')
    .trim() || '#000';
const lines = () => getComputedStyle(document.documentElement).getPropertyValue('--line').trim() || '#bbb';

// A chart is drawn when it is first seen, and again when what it shows, the paper's colour or its width changes.
const seen = new IntersectionObserver(
  entries => entries.forEach(e => e.isIntersecting && charts.filter(c => c.node === e.target && !c.chart).forEach(c => c.draw())),
  {rootMargin: '300px'}
);
const sized = new ResizeObserver(entries =>
  entries.forEach(e => charts.filter(c => c.node === e.target && c.chart).forEach(c => c.chart.resize()))
);

function chart(id, label, option, kind = '') {
  const node = element('div', {id, class: 'chart ' + kind, role: 'img', 'aria-label': label});
  const c = {
    node,
    chart: null,
    draw() {
      if (!c.chart) c.chart = echarts.init(node, null, {renderer: 'canvas'});
      const next = base(option());
      // Who has zoomed in stays there, whatever comes.
      const zoomed = (c.chart.getOption() ?? {}).dataZoom ?? [];
      if (next.dataZoom) next.dataZoom = next.dataZoom.map((z, k) => (zoomed[k] ? {...z, start: zoomed[k].start, end: zoomed[k].end} : z));
      c.chart.setOption(next, {notMerge: true});
    },
    update() {
      if (c.chart) c.draw();
    }
  };
  charts.push(c);
  seen.observe(node);
  sized.observe(node);
  return c;
}

function base(option) {
  const text = {color: ink()};
  const axis = a => ({
    ...a,
    axisLabel: {color: ink(), hideOverlap: true, ...a.axisLabel},
    nameTextStyle: {color: ink()},
    axisLine: {lineStyle: {color: lines()}},
    splitLine: a.splitLine ?? {lineStyle: {color: lines(), opacity: 0.6}}
  });
  const all = (x, f) => (x === undefined ? x : Array.isArray(x) ? x.map(f) : f(x));
  return {
    animation: false,
    color: colours(),
    textStyle: text,
    backgroundColor: 'transparent',
    ...option,
    grid: option.grid ?? {left: 62, right: 18, top: 30, bottom: 46},
    tooltip: {confine: true, ...option.tooltip},
    legend: option.legend ? {textStyle: text, type: 'scroll', top: 0, ...option.legend} : undefined,
    xAxis: all(option.xAxis, axis),
    yAxis: all(option.yAxis, axis)
  };
}

const restyle = () => charts.forEach(c => c.update());
dark.addEventListener('change', restyle);
addEventListener('beforeprint', () => {
  printing = true;
  charts.forEach(c => c.draw());
});
addEventListener('afterprint', () => {
  printing = false;
  restyle();
});

// Ticks of a time axis where a clock has them.
const TICKS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
  86400, 172800, 604800, 2592000, 7776000
];
const timeAxis = (last, name) => ({
  type: 'value',
  name,
  nameLocation: 'middle',
  nameGap: 28,
  min: 0,
  max: last || 1,
  interval: TICKS.find(t => last / t <= 8) ?? last / 8,
  axisLabel: {formatter: duration, showMaxLabel: false}
});
// Some five ticks between the lowest and the highest, whatever lies between them.
// Errors and perplexities span orders of magnitude; shares and scores of which more is better do not.
function metricAxis(m, lists) {
  return m.better === 'lower' ? logAxis(lists) : {type: 'value', scale: true, axisLabel: {formatter: v => digits(v, 3)}};
}

function logAxis(lists) {
  let low = Infinity,
    high = 0;
  for (const list of lists)
    for (const v of list)
      if (v > 0) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
  if (!high) [low, high] = [1, 10];
  const ratio = high / low;
  return {
    type: 'log',
    logBase: ratio > 16 ? 2 : Math.max(1.02, ratio ** 0.2),
    min: low * 0.97,
    max: high * 1.03,
    axisLabel: {formatter: v => digits(v, 3), showMinLabel: false, showMaxLabel: false}
  };
}
const lastOf = lists => Math.max(0, ...lists.filter(x => x.length).map(x => x[x.length - 1]));

const zip = (x, y) => x.map((v, k) => [v, y[k]]);

// A mean with its spread. The area is a polygon of its own: stacked lines add up the wrong axis where both hold numbers.
function band(name, s, x, colour) {
  const area = {
    type: 'custom',
    name: name + ' spread',
    silent: true,
    clip: true,
    tooltip: {show: false},
    encode: {x: 0, y: [1, 2], tooltip: []},
    itemStyle: {color: colour},
    z: 1,
    data: x.map((v, k) => [v, s.low[k], s.high[k]]),
    renderItem: (params, api) =>
      params.dataIndexInside > 0
        ? null
        : {
            type: 'polygon',
            style: {fill: colour, opacity: 0.18},
            shape: {points: [...x.map((v, k) => api.coord([v, s.high[k]])), ...x.map((v, k) => api.coord([v, s.low[k]])).reverse()]}
          }
  };
  return [
    area,
    {type: 'line', name, symbol: 'none', data: zip(x, s.mean), lineStyle: {width: 2.5, color: colour}, itemStyle: {color: colour}, z: 3}
  ];
}

// Where virtual time was when, by a real clock: between two samples in a straight line.
function wallClock(w) {
  return t => {
    let low = 0,
      high = w.virtual.length - 1;
    if (high < 0) return null;
    if (t >= w.virtual[high]) return w.wall[high];
    while (low < high) {
      const mid = (low + high) >> 1;
      if (w.virtual[mid] < t) low = mid + 1;
      else high = mid;
    }
    if (low === 0) return w.virtual[0] > 0 ? (w.wall[0] * t) / w.virtual[0] : w.wall[0];
    const [a, b] = [w.virtual[low - 1], w.virtual[low]];
    return w.wall[low - 1] + (w.wall[low] - w.wall[low - 1]) * (b > a ? (t - a) / (b - a) : 1);
  };
}

// "0, 4, 7-9" or "all"
function usersIn(text, count) {
  if (text.trim() === 'all') return [...Array(count).keys()];
  return text.split(/[\s,;]+/).flatMap(part => {
    const m = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!m) return [];
    const [from, to] = [Number(m[1]), Math.min(count - 1, Number(m[2] ?? m[1]))];
    return from > to ? [] : [...Array(to - from + 1).keys()].map(k => from + k);
  });
}
