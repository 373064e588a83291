// What charts have in common: colours, margins, axes with titles, units and round ticks.

const colours = () =>
  night()
    ? ['#7db4ee', '#f2a65a', '#7fcf9a', '#e08bb5', '#c3b1f5', '#e5d36a', '#79d3d6', '#f0907a', '#b9c0c9', '#9bbf5f']
    : ['#2563a8', '#c2691c', '#2e8b57', '#b0447f', '#6a4fc0', '#8a7400', '#1f8a8c', '#b3402a', '#5c6470', '#5d7f1f'];

// In place of a chart that has nothing to show yet.
const nothing = text => ({nothing: text});

const LEFT = 58;
const LINE = 20;

// A whole option from what is particular to a chart. On paper there is nothing to point at or to move.
function base(option, paper = false) {
  const text = {color: ink()};
  if (option.nothing)
    return {
      title: {text: option.nothing, left: 'center', top: 'middle', textStyle: {color: ink(), fontSize: 13, fontWeight: 'normal'}}
    };
  const slider = !paper && (option.dataZoom ?? []).some(z => z.type === 'slider');
  const rows = option.legend ? (paper ? legendRows(option.legend.data) : 1) : 0;
  const scale = option.visualMap ?? {};
  const named = a => (a && !Array.isArray(a) ? a.name : null);
  const grid = {
    left: LEFT,
    right: 20,
    top: 10 + LINE * rows + (named(option.yAxis) ? LINE : 0) + ('top' in scale ? LINE : 0),
    bottom: 26 + (named(option.xAxis) ? LINE : 0) + (slider ? 32 : 0) + ('bottom' in scale ? 44 : 0),
    ...option.grid
  };
  const axis = a => ({
    nameGap: 8,
    ...a,
    axisLabel: {color: ink(), hideOverlap: true, ...a.axisLabel},
    nameTextStyle: {color: ink(), ...a.nameTextStyle},
    axisLine: {show: true, lineStyle: {color: ink(), opacity: 0.5}},
    axisTick: {show: true, lineStyle: {color: ink(), opacity: 0.5}},
    splitLine: a.splitLine ?? {lineStyle: {color: lines(), opacity: 0.6}}
  });
  const along = a => axis({nameLocation: 'middle', nameGap: 26, ...a});
  // Above the axis and beginning at the margin, it takes no width and can be read without turning one's head.
  const upward = a =>
    axis({nameLocation: a.inverse ? 'start' : 'end', ...a, nameTextStyle: {align: 'left', padding: [0, 0, 0, 4 - grid.left]}});
  const ticks = (option.yAxis ?? {}).ticks;
  return {
    animation: false,
    color: colours(),
    textStyle: {...text, fontFamily: paper ? 'Liberation Sans, Arial, Helvetica, sans-serif' : 'system-ui, "Segoe UI", sans-serif'},
    backgroundColor: paper ? '#fff' : 'transparent',
    ...option,
    grid,
    tooltip: {confine: true, ...option.tooltip, show: !paper},
    legend: option.legend
      ? {textStyle: text, type: paper ? 'plain' : 'scroll', top: 0, left: 0, itemWidth: 18, ...option.legend}
      : undefined,
    dataZoom: paper ? undefined : option.dataZoom,
    xAxis: option.xAxis && along(option.xAxis),
    yAxis: option.yAxis && upward(option.yAxis),
    series: ticks ? withTicks(option.series, ticks) : option.series
  };
}

const PAPER = {'': [440, 280], low: [440, 240], square: [400, 420]};

// About how many rows a legend takes on paper.
const legendRows = names =>
  Math.max(1, Math.ceil((names ?? []).reduce((sum, name) => sum + 34 + 7 * name.length, 0) / PAPER[''][0]));

// Only the part that is seen; null: all of it.
function zoomedAs(option, zoom) {
  if (!zoom || !option.xAxis) return option;
  const [start, end] = zoom;
  const dataZoom = (option.dataZoom ?? [{type: 'inside', filterMode: 'none'}]).map(z => ({...z, start, end}));
  const axis = option.xAxis;
  if (!axis.last) return {...option, dataZoom};
  const {name, interval, axisLabel} = timeAxis(axis.last, axis.title, start, end);
  return {...option, dataZoom, xAxis: {...axis, name, interval, axisLabel: {...axis.axisLabel, ...axisLabel}}};
}

// Without rules for a pointer and marks of the library, which mean nothing in a file.
const still = text => text.replace(/<style[^]*?<\/style>\s*/g, '').replace(/ (class|ecmeta_\w+)="[^"]*"/g, '');

const fileName = c => c.id.replace(/-chart$/, '') + '.svg';

// A chart as it is printed or saved: its option and size; null if it shows nothing.
function figure(c, zoom) {
  const particular = c.option();
  if (particular.nothing) return null;
  const [width, height] = PAPER[c.kind];
  return {option: zoomedAs(base(particular, true), zoom), width: c.wide ?? width, height: c.tall ? c.tall() : height};
}

function svg(c, zoom) {
  const f = figure(c, zoom);
  if (!f) return null;
  const own = echarts.init(null, null, {renderer: 'svg', ssr: true, width: f.width, height: f.height});
  own.setOption(f.option);
  const text = still(own.renderToSVGString());
  own.dispose();
  return text;
}

// Steps in which a clock, or a calendar, counts.
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
  86400, 172800, 432000, 864000, 1728000, 4320000, 8640000
];
const MOST_TICKS = 7;

// Times from 0 to last, of which those between two shares in percent are seen. All ticks are in one unit.
function timeAxis(last, title, start = 0, end = 100) {
  const length = last || 1;
  const [from, to] = [(length * start) / 100, (length * end) / 100];
  const step = STEPS.find(t => (to - from) / t <= MOST_TICKS) ?? STEPS[STEPS.length - 1] * Math.ceil(length / STEPS[STEPS.length - 1] / MOST_TICKS);
  // With at least three of a unit on the axis, steps are halves of it at the smallest.
  const [unit, seconds] = unitOfTime(to - from, 3);
  const round = t => Math.abs(t / step - Math.round(t / step)) < 1e-6;
  return {
    type: 'value',
    title,
    last: length,
    name: `${title} (${unit})`,
    min: 0,
    max: length,
    interval: step,
    axisLabel: {formatter: t => tick(t / seconds), showMinLabel: round(from), showMaxLabel: round(to)}
  };
}

const countAxis = name => ({type: 'value', name, minInterval: 1, axisLabel: {formatter: tick}});
const valueAxis = (name, more = {}) => ({type: 'value', name, scale: true, axisLabel: {formatter: tick}, ...more});
const shareAxis = name => ({type: 'value', name: `${name} (%)`, axisLabel: {formatter: x => tick(100 * x)}});
function bytesAxis(name, most) {
  const [unit, size] = unitOfBytes(most);
  return {type: 'value', name: `${name} (${unit})`, axisLabel: {formatter: b => tick(b / size)}};
}

const unitOf = m => (m.unit ? ` (${m.unit})` : '');

// Errors and perplexities span orders of magnitude; shares and scores of which more is better do not.
const metricAxis = (m, lists) =>
  m.better === 'lower' ? logAxis(m.label + unitOf(m), lists) : valueAxis(capital(m.label) + unitOf(m));

function logAxis(name, lists) {
  let low = Infinity,
    high = 0;
  for (let list of lists)
    for (let v of list)
      if (v > 0) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
  if (!high) [low, high] = [1, 10];
  return {
    type: 'log',
    name: `${capital(name)}, log scale`,
    min: low * 0.97,
    max: high * 1.03,
    ticks: logTicks(low * 0.97, high * 1.03),
    axisLabel: {show: false},
    splitLine: {show: false}
  };
}

const MANTISSAS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];
const FEWEST_TICKS = 4;

// Round numbers from low to high: powers of ten if there are enough, simple multiples of them, or equal steps.
function logTicks(low, high) {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  for (let mantissas of MANTISSAS) {
    let found = [];
    for (let k = from; k <= to; k++) for (let m of mantissas) found.push(m * 10 ** k);
    let inside = found.filter(v => v >= low && v <= high);
    if (inside.length >= FEWEST_TICKS) {
      let every = Math.ceil(inside.length / 8);
      return inside.filter((v, k) => k % every === 0);
    }
  }
  const raw = (high - low) / (FEWEST_TICKS + 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw);
  return Array.from({length: Math.floor(high / step) - Math.ceil(low / step) + 1}, (_, k) => (Math.ceil(low / step) + k) * step);
}

// Logarithmic axes have ticks at powers of their base only: these are lines of a series.
function withTicks(series, ticks) {
  const at = series.findIndex(s => s.type === 'line');
  const markLine = {
    silent: true,
    symbol: 'none',
    z: 0,
    animation: false,
    lineStyle: {color: lines(), type: 'solid', width: 1, opacity: 0.6},
    label: {position: 'start', distance: 6, color: ink(), opacity: 1, formatter: p => tick(p.value)},
    data: ticks.map(v => ({yAxis: v}))
  };
  return series.map((s, k) => (k === at ? {...s, markLine} : s));
}

const lastOf = lists => largest([0, ...lists.filter(x => x.length).map(x => x[x.length - 1])]);

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

// Bars from edge to edge: edge(k) is where bar k begins, as its tick says it. Bars are equally wide.
function histogram(heights, edge, xAxis, yAxis, tip, every = Math.ceil(heights.length / 8)) {
  const n = heights.length;
  return {
    tooltip: {formatter: p => tip(p.value[0], p.value[1])},
    xAxis: {
      ...xAxis,
      type: 'value',
      min: 0,
      max: n,
      interval: every,
      minorTick: {show: every > 1, splitNumber: every},
      splitLine: {show: false},
      axisLabel: {formatter: k => (k === Math.round(k) ? edge(k) : ''), showMaxLabel: n % every === 0}
    },
    yAxis,
    series: [
      {
        type: 'custom',
        encode: {x: 0, y: 1},
        itemStyle: {color: colours()[0]},
        data: heights.map((y, k) => [k, y]),
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const [end, zero] = api.coord([api.value(0) + 1, 0]);
          return {type: 'rect', shape: {x: x + 0.5, y, width: Math.max(1, end - x - 1), height: zero - y}, style: api.style()};
        }
      }
    ]
  };
}

// Where virtual time was when, by a real clock: between two samples in a straight line.
function wallClock(w) {
  return t => {
    let low = 0,
      high = w.virtual.length - 1;
    if (high < 0) return null;
    if (t >= w.virtual[high]) return w.wall[high];
    while (low < high) {
      let mid = (low + high) >> 1;
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
