'use strict';
// The page of a run, of a comparison of runs, and of a run that is under way. It draws what was added up before; nothing here goes over single events.
(() => {
  const page = document.getElementById('page');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const charts = [];
  let printing = false;

  // ---- words and numbers

  const digits = (x, n = 4) => x === null || x === undefined || !isFinite(x) ? '–' : Number(x.toPrecision(n)).toLocaleString('en', {maximumFractionDigits: 6});
  const bytes = b => {
    const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
    let k = 0;
    for (; b >= 1000 && k < units.length - 1; k++) b /= 1000;
    return digits(b, 3) + ' ' + units[k];
  };
  const duration = s => s === null || !isFinite(s) ? '–' : s < 1 ? digits(s * 1000, 3) + ' ms' : s < 120 ? digits(s, 3) + ' s'
    : s < 7200 ? digits(s / 60, 3) + ' min' : s < 172800 ? digits(s / 3600, 3) + ' h' : digits(s / 86400, 3) + ' d';
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

  // ---- charts

  const colours = () => dark.matches && !printing
    ? ['#7db4ee', '#f2a65a', '#7fcf9a', '#e08bb5', '#c3b1f5', '#e5d36a', '#79d3d6', '#f0907a', '#b9c0c9', '#9bbf5f']
    : ['#2563a8', '#c2691c', '#2e8b57', '#b0447f', '#6a4fc0', '#8a7400', '#1f8a8c', '#b3402a', '#5c6470', '#5d7f1f'];
  const ink = () => getComputedStyle(document.documentElement).getPropertyValue(printing ? '--ink-print' : '--ink').trim() || '#000';
  const lines = () => getComputedStyle(document.documentElement).getPropertyValue('--line').trim() || '#bbb';

  // A chart is drawn when it is first seen, and again when what it shows, the paper's colour or its width changes.
  const seen = new IntersectionObserver(entries => entries.forEach(e => e.isIntersecting && charts.filter(c => c.node === e.target && !c.chart).forEach(c => c.draw())), {rootMargin: '300px'});
  const sized = new ResizeObserver(entries => entries.forEach(e => charts.filter(c => c.node === e.target && c.chart).forEach(c => c.chart.resize())));

  function chart(id, label, option, kind = '') {
    const node = element('div', {id, class: 'chart ' + kind, role: 'img', 'aria-label': label});
    const c = {
      node, chart: null,
      draw() {
        if (!c.chart) c.chart = echarts.init(node, null, {renderer: 'canvas'});
        c.chart.setOption(base(option()), {notMerge: true});
      },
      update(full = true) {
        if (c.chart) c.chart.setOption(full ? base(option()) : option(), {notMerge: full});
      }
    };
    charts.push(c);
    seen.observe(node);
    sized.observe(node);
    return c;
  }

  function base(option) {
    const text = {color: ink()};
    const axis = a => ({...a, axisLabel: {color: ink(), hideOverlap: true, ...a.axisLabel}, nameTextStyle: {color: ink()}, axisLine: {lineStyle: {color: lines()}},
      splitLine: a.splitLine ?? {lineStyle: {color: lines(), opacity: .6}}});
    const all = (x, f) => x === undefined ? x : Array.isArray(x) ? x.map(f) : f(x);
    return {animation: false, color: colours(), textStyle: text, backgroundColor: 'transparent', ...option,
      grid: option.grid ?? {left: 62, right: 18, top: 30, bottom: 46},
      tooltip: {confine: true, ...option.tooltip},
      legend: option.legend ? {textStyle: text, type: 'scroll', top: 0, ...option.legend} : undefined,
      xAxis: all(option.xAxis, axis), yAxis: all(option.yAxis, axis)};
  }

  const restyle = () => charts.forEach(c => c.chart && c.update());
  dark.addEventListener('change', restyle);
  addEventListener('beforeprint', () => { printing = true; charts.forEach(c => c.draw()); });
  addEventListener('afterprint', () => { printing = false; restyle(); });

  // Ticks of a time axis where a clock has them.
  const TICKS = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 7776000];
  const timeAxis = (last, name) => ({type: 'value', name, nameLocation: 'middle', nameGap: 28, min: 0, max: last || 1, interval: TICKS.find(t => last / t <= 8) ?? last / 8, axisLabel: {formatter: duration, showMaxLabel: false}});
  // Some five ticks between the lowest and the highest, whatever lies between them.
  function logAxis(lists) {
    let low = Infinity, high = 0;
    for (const list of lists) for (const v of list) if (v > 0) { low = Math.min(low, v); high = Math.max(high, v); }
    if (!high) [low, high] = [1, 10];
    const ratio = high / low;
    return {type: 'log', logBase: ratio > 16 ? 2 : Math.max(1.02, ratio ** .2), min: low * .97, max: high * 1.03,
      axisLabel: {formatter: v => digits(v, 3), showMinLabel: false, showMaxLabel: false}};
  }
  const lastOf = lists => Math.max(0, ...lists.filter(x => x.length).map(x => x[x.length - 1]));

  const zip = (x, y) => x.map((v, k) => [v, y[k]]);

  // A mean with its spread. The area is a polygon of its own: stacked lines add up the wrong axis where both hold numbers.
  function band(name, s, x, colour) {
    const area = {type: 'custom', name: name + ' spread', silent: true, clip: true, tooltip: {show: false}, encode: {x: 0, y: [1, 2], tooltip: []}, itemStyle: {color: colour}, z: 1,
      data: x.map((v, k) => [v, s.low[k], s.high[k]]),
      renderItem: (params, api) => params.dataIndexInside > 0 ? null : {type: 'polygon', style: {fill: colour, opacity: .18},
        shape: {points: [...x.map((v, k) => api.coord([v, s.high[k]])), ...x.map((v, k) => api.coord([v, s.low[k]])).reverse()]}}};
    return [area, {type: 'line', name, symbol: 'none', data: zip(x, s.mean), lineStyle: {width: 2.5, color: colour}, itemStyle: {color: colour}, z: 3}];
  }

  // Where virtual time was when, by a real clock: between two samples in a straight line.
  function wallClock(w) {
    return t => {
      let low = 0, high = w.virtual.length - 1;
      if (high < 0) return null;
      if (t >= w.virtual[high]) return w.wall[high];
      while (low < high) {
        const mid = low + high >> 1;
        if (w.virtual[mid] < t) low = mid + 1; else high = mid;
      }
      if (low === 0) return w.virtual[0] > 0 ? w.wall[0] * t / w.virtual[0] : w.wall[0];
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

  // ---- a run

  let data = JSON.parse(document.getElementById('data').textContent);

  function perplexity() {
    const r = () => data.report;
    let x = 'time', users = '';
    const c = chart('perplexity-chart', 'perplexity on the test sets', () => {
      const clock = wallClock(r().wall);
      const p = r().perplexity;
      const s = x === 'iteration' ? p.by_iteration : p.by_time;
      const at = x === 'wall' ? s.at.map(clock) : s.at;
      const series = band('mean of all users', s, at, colours()[0]);
      for (const u of new Set(usersIn(users, p.users.length))) {
        const own = p.users[u];
        series.push({type: 'line', name: `user ${u} (${r().categories[r().category[u]]})`, symbol: 'none', lineStyle: {width: 1, opacity: .75},
          itemStyle: {color: colours()[r().category[u] % 10]}, data: zip(x === 'iteration' ? own.i : x === 'wall' ? own.t.map(clock) : own.t, own.p)});
      }
      const other = data.compared ? data.compared.rows.filter(o => o.curve && !o.here) : [];
      other.forEach((o, k) => {
        const curve = x === 'iteration' ? o.curve.by_iteration : o.curve.by_time;
        if (x !== 'wall') series.push({type: 'line', name: o.name, symbol: 'none', lineStyle: {type: 'dashed', width: 1.5}, itemStyle: {color: colours()[(k + 1) % 10]}, data: zip(curve.at, curve.mean)});
      });
      const shown = series.filter(l => !/ spread$/.test(l.name)).map(l => l.name);
      return {series, legend: {data: shown.slice(0, 40)}, tooltip: {trigger: 'axis', order: 'valueAsc', formatter: tip},
        dataZoom: [{type: 'inside', filterMode: 'none'}],
        xAxis: x === 'iteration' ? {type: 'value', name: 'iterations', nameLocation: 'middle', nameGap: 28, max: 'dataMax'}
          : timeAxis(lastOf([at, ...(x === 'wall' ? [] : other.map(o => o.curve.by_time.at))]), x === 'wall' ? 'wall time' : 'virtual time'),
        yAxis: logAxis([s.low, s.high, ...usersIn(users, p.users.length).map(u => p.users[u].p), ...other.map(o => o.curve.by_time.mean)])};
      function tip(all) {
        const lines = all.filter(l => !/ spread$/.test(l.seriesName)).slice(0, 14).map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1])}`);
        return [x === 'iteration' ? 'iteration ' + digits(all[0].value[0]) : duration(all[0].value[0]), ...lines].join('<br>');
      }
    });
    const axis = element('select', {'aria-label': 'against what', onchange: e => { x = e.target.value; c.update(); }},
      element('option', {value: 'time'}, 'virtual time'), element('option', {value: 'wall'}, 'wall time'), element('option', {value: 'iteration'}, 'iterations'));
    section('perplexity', 'Perplexity on the test sets', 'Thick: the mean over users; the area holds the middle 80 % of them. Scroll to zoom.',
      element('div', {class: 'controls'}, element('label', {}, 'against ', axis),
        element('label', {}, 'single users ', element('input', {type: 'text', placeholder: 'all, or 0, 3, 5-8', oninput: e => { users = e.target.value; c.update(); }}))), c.node);
    return c;
  }

  const unpacked = new Map();
  function matrix(packed) {
    if (!unpacked.has(packed)) {
      if (unpacked.size > 200) unpacked.clear();
      const raw = Uint8Array.from(atob(packed), ch => ch.charCodeAt(0));
      unpacked.set(packed, new Uint16Array(raw.buffer));
    }
    return unpacked.get(packed);
  }

  function trust() {
    const t = () => data.report.trust;
    const n = () => data.report.bins.count;
    let frame = -1;
    const at = () => frame < 0 ? t().at.length - 1 : Math.min(frame, t().at.length - 1);
    const names = () => {
      const all = Array.from({length: n()}, () => []);
      data.report.bins.order.forEach((u, k) => all[Math.floor(k * n() / data.report.bins.order.length)].push(u));
      return all.map(us => us.length === 1 ? String(us[0]) : us[0] + ' …');
    };
    const largest = () => {
      let most = 1;
      for (const packed of [t().weights[at()], t().oracle]) if (packed) for (const v of matrix(packed)) most = Math.max(most, v);
      return most / 65535;
    };
    const heat = packed => () => {
      const m = packed() ? matrix(packed()) : new Uint16Array(n() * n());
      const cells = [];
      for (let i = 0; i < n(); i++) for (let j = 0; j < n(); j++) cells.push([j, i, m[i * n() + j] / 65535]);
      const shown = names();
      return {grid: {left: 44, right: 8, top: 8, bottom: 64}, tooltip: {formatter: p => `${escaped(shown[p.value[1]])} trusts ${escaped(shown[p.value[0]])}: ${digits(p.value[2], 3)}`},
        xAxis: {type: 'category', data: shown, splitLine: {show: false}}, yAxis: {type: 'category', data: shown, inverse: true, splitLine: {show: false}},
        visualMap: {min: 0, max: largest(), calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 90, itemWidth: 12, textStyle: {color: ink()},
          text: [digits(largest(), 2), '0'], inRange: {color: dark.matches && !printing ? ['#1e2125', '#2f5f93', '#7db4ee', '#f4f8ff'] : ['#f6f7f9', '#a9c9ea', '#2563a8', '#0c2a4d']}},
        series: [{type: 'heatmap', data: cells, itemStyle: {borderWidth: 0}, emphasis: {itemStyle: {borderColor: ink(), borderWidth: 1}}, progressive: 0}]};
    };
    if (!t().at.length) {
      section('trust', 'Trust', 'Nobody has mixed by trust.');
      return null;
    }
    const learned = chart('trust-learned', 'the learned trust matrix', heat(() => t().weights[at()]), 'square');
    const oracle = chart('trust-oracle', "the oracle's trust matrix", heat(() => t().oracle), 'square');
    const label = element('output', {id: 'trust-time'}, duration(t().at[at()]));
    const slider = element('input', {type: 'range', id: 'trust-slider', min: 0, max: t().at.length - 1, value: t().at.length - 1, 'aria-label': 'time of the trust matrix',
      oninput: e => { frame = Number(e.target.value) === t().at.length - 1 ? -1 : Number(e.target.value); show(); }});
    let playing = null;
    const play = element('button', {onclick: () => {
      if (playing) return stop();
      frame = 0;
      playing = setInterval(() => { if (at() >= t().at.length - 1) return stop(); frame = at() + 1; slider.value = frame; show(); }, 150);
      play.textContent = 'stop';
    }}, 'play');
    const stop = () => { clearInterval(playing); playing = null; play.textContent = 'play'; };
    function show() {
      label.textContent = duration(t().at[at()]);
      learned.update();
    }
    const many = data.report.bins.order.length > n();
    section('trust', 'Trust', 'How much of whom (columns) goes into whom (rows), beside what an oracle that knows everybody’s mixture of text would give. Users are ordered by category'
      + (many ? '; a row stands for several users, and an entry is the weight they give all users of the column together.' : '.'),
      element('div', {class: 'controls'}, play, slider, label),
      element('div', {class: 'pair'}, element('div', {}, element('h3', {}, 'learned'), learned.node), element('div', {}, element('h3', {}, 'the oracle’s'), oracle.node)));
    return {update() {
      slider.max = t().at.length - 1;
      if (frame < 0) slider.value = slider.max;
      show();
      oracle.update();
    }};
  }

  function graph() {
    let layout = 'circular';
    const c = chart('graph-chart', 'who trusts whom', () => {
      const r = data.report, g = r.graph;
      const members = r.categories.map((_, k) => r.category.filter(x => x === k).length);
      const nodes = g.grouped ? r.categories.map((name, k) => ({id: String(k), name: `${name} (${members[k]})`, category: k, symbolSize: 14 + 40 * Math.sqrt(members[k] / r.category.length), label: {position: 'bottom'}}))
        : r.bins.order.map(u => ({id: String(u), name: String(u), category: r.category[u], symbolSize: r.category.length > 80 ? 8 : 18, label: {show: r.category.length <= 80}}));
      const most = Math.max(...g.edges.map(e => e[2] ?? 0), 1e-9);
      return {legend: {data: r.categories.slice()}, tooltip: {formatter: p => p.dataType === 'edge' ? `${escaped(p.data.target)} takes ${p.data.value === null ? 'part of' : digits(p.data.value, 3) + ' of'} ${escaped(p.data.source)}` : escaped(`user ${p.name}`)},
        series: [{type: 'graph', layout, roam: true, top: 40, categories: r.categories.map(name => ({name})), data: nodes, label: {show: true, color: ink()},
          force: {repulsion: 120, edgeLength: 60, layoutAnimation: false}, emphasis: {focus: 'adjacency'}, lineStyle: {color: 'source', curveness: .12},
          links: g.edges.filter(e => e[0] !== e[1]).map(e => ({source: String(e[0]), target: String(e[1]), value: e[2],
            lineStyle: {width: e[2] === null ? 1 : .4 + 3 * e[2] / most, opacity: e[2] === null ? .5 : .08 + .7 * e[2] / most}}))}]};
    }, 'square');
    section('graph', 'Who trusts whom', data.report.graph.grouped ? 'Users are many: a node stands for a category, an edge for the weight that its users give those of another.'
      : 'Colour: category. The stronger a line, the more of a user’s adapter comes from the other, at its last mixing.',
      element('div', {class: 'controls'}, element('label', {}, 'layout ', element('select', {onchange: e => { layout = e.target.value; c.update(); }},
        element('option', {value: 'circular'}, 'circle'), element('option', {value: 'force'}, 'forces')))), c.node);
    return c;
  }

  function staleness() {
    const a = () => data.report.ages;
    const versions = chart('versions-chart', 'versions behind', () => {
      const v = a().versions;
      const last = v.reduce((m, x, k) => x ? k : m, 0);
      const sum = v.reduce((m, x) => m + x, 0) || 1;
      return {tooltip: {formatter: p => `${p.name} versions behind: ${digits(100 * p.value, 3)} %`},
        xAxis: {type: 'category', name: 'versions behind', nameLocation: 'middle', nameGap: 28, data: v.slice(0, last + 1).map((_, k) => k === v.length - 1 ? '≥ ' + k : String(k))},
        yAxis: {type: 'value', axisLabel: {formatter: x => digits(100 * x, 2) + ' %'}}, series: [{type: 'bar', data: v.slice(0, last + 1).map(x => x / sum)}]};
    }, 'low');
    const seconds = chart('ages-chart', 'seconds since it was sent', () => {
      const s = a().seconds;
      const first = s.count.findIndex(x => x), last = s.count.reduce((m, x, k) => x ? k : m, 0);
      const sum = s.count.reduce((m, x) => m + x, 0) || 1;
      const from = Math.max(0, first);
      return {tooltip: {formatter: p => `up to ${p.name}: ${digits(100 * p.value, 3)} %`},
        xAxis: {type: 'category', name: 'virtual time since it was sent, up to', nameLocation: 'middle', nameGap: 28, data: s.up_to.slice(from, last + 1).map(duration)},
        yAxis: {type: 'value', axisLabel: {formatter: x => digits(100 * x, 2) + ' %'}}, series: [{type: 'bar', data: s.count.slice(from, last + 1).map(x => x / sum)}]};
    }, 'low');
    const part = chart('participation-chart', 'participation', () => {
      const p = data.report.participation.filter(x => x !== null);
      const classes = Array(20).fill(0);
      p.forEach(x => classes[Math.min(19, Math.floor(x * 20))]++);
      return {tooltip: {formatter: q => `${q.name} of the occasions: ${q.value} users`},
        xAxis: {type: 'category', name: 'share of the occasions that a user took', nameLocation: 'middle', nameGap: 28, data: classes.map((_, k) => `${5 * k}–${5 * k + 5} %`)},
        yAxis: {type: 'value', name: 'users', minInterval: 1}, series: [{type: 'bar', data: classes}]};
    }, 'low');
    section('staleness', 'Staleness and participation', 'How old the snapshots were that users mixed with, over all mixings; and how often users took part.',
      element('div', {class: 'pair'}, versions.node, seconds.node, part.node));
    return {update: () => [versions, seconds, part].forEach(c => c.update())};
  }

  const KINDS = ['training', 'away', 'down'];

  function timeline() {
    let messages = false;
    const whole = () => !!data.report.activity.intervals;
    const rows = () => whole() ? data.report.bins.order : [...Array(data.report.bins.count).keys()];
    const c = chart('timeline-chart', 'who did what when', () => {
      const a = data.report.activity;
      const zoom = [{type: 'inside', filterMode: 'weakFilter'}, {type: 'slider', height: 18, bottom: 6, filterMode: 'weakFilter', labelFormatter: duration, textStyle: {color: ink()}}];
      if (!whole()) return heatline(a.shares, zoom);
      const place = new Map(rows().map((u, k) => [u, k]));
      const [green, grey, red, blue] = [colours()[2], colours()[8], colours()[7], colours()[0]];
      const box = (params, api) => {
        const [x0, y] = api.coord([api.value(1), api.value(0)]), x1 = api.coord([api.value(2), 0])[0];
        const h = api.size([0, 1])[1] * .62;
        const rect = echarts.graphic.clipRectByRect({x: x0, y: y - h / 2, width: Math.max(1, x1 - x0), height: h}, params.coordSys);
        return rect && {type: 'rect', shape: rect, style: {fill: api.visual('color'), stroke: dark.matches && !printing ? '#15171a' : '#fff', lineWidth: x1 - x0 > 6 ? 1 : 0,
          opacity: api.value(4) === 1 ? .45 : 1}};
      };
      const series = KINDS.map((name, kind) => ({type: 'custom', name, renderItem: box, itemStyle: {color: [green, grey, red][kind]}, encode: {x: [1, 2], y: 0}, clip: true,
        data: a.intervals.filter(i => i[1] === kind).map(i => [place.get(i[0]), i[2], i[3], i[4], i[5], i[0]])}));
      if (messages) {
        series.push({type: 'custom', name: 'messages', encode: {x: [0, 1], y: [2, 3]}, itemStyle: {color: blue}, clip: true, silent: true,
          data: a.messages.map(m => [m[2], m[3] ?? m[2], place.get(m[0]), place.get(m[1]), m[4], m[3] === null ? 1 : 0]),
          renderItem: (params, api) => {
            const p = api.coord([api.value(0), api.value(2)]), q = api.coord([api.value(1), api.value(3)]);
            return {type: 'line', shape: {x1: p[0], y1: p[1], x2: q[0], y2: q[1]}, style: {stroke: api.value(5) ? red : blue, lineWidth: 1, opacity: api.value(4) ? .55 : .8, lineDash: api.value(4) ? null : [3, 3]}};
          }});
      }
      return {legend: {data: [...KINDS, ...(messages ? ['messages'] : [])]}, dataZoom: zoom, grid: {left: 50, right: 18, top: 30, bottom: 66},
        tooltip: {formatter: p => p.seriesName === 'messages' ? '' : `user ${p.value[5]}: ${p.seriesName}${p.value[3] >= 0 ? ', turn ' + p.value[3] : ''}<br>${duration(p.value[1])} to ${duration(p.value[2])}`
          + (p.value[4] === 1 ? '<br>did not take part in the collaboration at its end' : '')},
        xAxis: timeAxis(a.end), yAxis: {type: 'category', inverse: true, data: rows().map(String), splitLine: {show: false}}, series};
    });
    function heatline(s, zoom) {
      const n = data.report.bins.count;
      const cells = [];
      for (let i = 0; i < n; i++) for (let k = 0; k < s.steps; k++) cells.push([k, i, s.training[i * s.steps + k], s.away[i * s.steps + k], s.down[i * s.steps + k]]);
      return {dataZoom: zoom, grid: {left: 50, right: 18, top: 10, bottom: 66},
        tooltip: {formatter: p => `${duration(p.value[0] * s.step)} to ${duration((p.value[0] + 1) * s.step)}<br>training ${p.value[2]} %, away ${p.value[3]} %, down ${p.value[4]} %`},
        xAxis: {type: 'category', data: Array.from({length: s.steps}, (_, k) => duration(k * s.step)), splitLine: {show: false}},
        yAxis: {type: 'category', inverse: true, data: Array.from({length: n}, (_, k) => String(k)), splitLine: {show: false}},
        visualMap: {show: false, min: 0, max: 100, dimension: 2, inRange: {color: dark.matches && !printing ? ['#1e2125', '#7fcf9a'] : ['#f6f7f9', '#2e8b57']}},
        series: [{type: 'heatmap', data: cells, progressive: 0}]};
    }
    const size = () => { c.node.style.height = Math.min(900, 130 + (whole() ? 20 : 6) * rows().length) + 'px'; };
    size();
    const a = data.report.activity;
    const many = whole() && a.messages_in_all > a.messages.length;
    section('timeline', 'Who did what when', whole() ? 'Each bar is a turn; pale where its user did not take part in the collaboration at its end. Scroll, or use the bar below, to zoom.'
      : 'Too much for single turns: the share of time that the users of a row were training (point at it for absences and crashes).',
      element('div', {class: 'controls'}, whole() ? element('label', {}, element('input', {type: 'checkbox', id: 'messages', disabled: !a.messages.length, onchange: e => { messages = e.target.checked; c.update(); }}),
        a.messages.length ? ` messages${many ? ` (the first ${a.messages.length} of ${a.messages_in_all})` : ''}; red and dashed: lost` : ' messages (none recorded: record.messages)') : null), c.node);
    return {update() { size(); c.update(); }};
  }

  function traffic() {
    const c = chart('traffic-chart', 'bytes sent', () => {
      const t = data.report.traffic;
      const area = (name, y, own) => ({type: 'line', name, areaStyle: {opacity: .35}, symbol: 'none', data: t.at.map((v, k) => [v, y[k], own[k]])});
      return {legend: {data: ['parameters', 'predictions']}, tooltip: {trigger: 'axis', formatter: all => [duration(all[0].value[0]), ...all.map(l => `${l.marker}${l.seriesName}: ${bytes(l.value[2])}`)].join('<br>')},
        xAxis: timeAxis(lastOf([t.at]), 'virtual time'), yAxis: {type: 'value', axisLabel: {formatter: bytes}},
        series: [area('predictions', t.predictions.map((v, k) => v + t.parameters[k]), t.predictions), area('parameters', t.parameters, t.parameters)]};
    }, 'low');
    section('traffic', 'Bytes sent', 'By all users together, until when, by what they are for.', c.node);
    return c;
  }

  function steps() {
    const line = (id, title, key) => chart(id, title, () => {
      const s = data.report.steps;
      return {tooltip: {trigger: 'axis', formatter: p => `turn ${p[0].value[0]}, ${duration(s.at[p[0].dataIndex])}: ${digits(p[0].value[1])}`},
        xAxis: {type: 'value', name: 'turn', nameLocation: 'middle', nameGap: 28, max: 'dataMax', minInterval: 1}, yAxis: {type: 'value', scale: true, axisLabel: {formatter: v => digits(v, 3)}},
        series: [{type: 'line', symbol: 'none', data: zip(s.turn, s[key])}]};
    }, 'low');
    const change = line('change-chart', 'change of trust', 'change');
    const distance = line('distance-chart', 'distance to those mixed with', 'distance');
    section('steps', 'Does trust settle, and do users drift apart?', null, element('div', {class: 'pair'},
      element('div', {}, element('h3', {}, '‖W(t) − W(t−1)‖'), element('p', {class: 'soft'}, 'Change of all users’ trust from one mixing to the next (Frobenius).'), change.node),
      element('div', {}, element('h3', {}, 'Distance between adapters'), element('p', {class: 'soft'}, 'Root mean square distance of a user’s adapter from those it mixes with, in the mean over users.'), distance.node)));
    return {update: () => [change, distance].forEach(c => c.update())};
  }

  function samples() {
    if (!data.samples || !data.samples.length) return;
    section('samples', 'What the models write', 'The beginning is the user’s test text. The same random numbers draw both continuations.',
      ...data.samples.flatMap(s => [element('h3', {}, `user ${s.user} (${s.category})`),
        element('p', {class: 'soft'}, 'the base'), element('blockquote', {}, element('b', {}, s.beginning), s.before),
        element('p', {class: 'soft'}, 'with the user’s adapter'), element('blockquote', {}, element('b', {}, s.beginning), s.after)]));
  }

  function tile(value, label) {
    return element('div', {class: 'tile'}, element('b', {}, value), element('span', {}, label));
  }

  function header() {
    const s = data.summary;
    page.append(element('h1', {}, data.title));
    if (!s) return;
    const spread = p => `${digits(p.mean)} ± ${digits(p.std, 3)}`;
    const mean = list => { const x = list.filter(v => v !== null); return x.length ? x.reduce((a, b) => a + b, 0) / x.length : null; };
    page.append(element('p', {class: 'soft'}, `${s.strategy} on ${s.users} users, ${s.topology} topology, ${s.mode}, ${s.clock} clock, seed ${s.seed}`
      + (s.status === 'completed' ? '' : ` – ${s.status}`)),
      element('div', {class: 'tiles', id: 'tiles'},
        tile(spread(s.perplexity), `perplexity at the end (before: ${digits(mean(s.perplexity.before))})`),
        tile(digits(s.staleness.mean_versions, 3), 'versions behind, in the mean'), tile(duration(s.staleness.mean_seconds), 'age of what was mixed'),
        tile(s.participation === null ? '–' : digits(100 * s.participation, 3) + ' %', 'participation'), tile(bytes(s.bytes_sent.total), 'sent'),
        tile(`${digits(s.messages.lost, 6)} of ${digits(s.messages.sent, 6)}`, 'messages lost'), tile(digits(s.consensus_distance, 3), 'consensus distance at the end'),
        tile(digits(s.trust_to_oracle_l1, 3), 'trust’s distance to the oracle (L1)'), tile(duration(s.virtual_seconds), 'virtual time'), tile(duration(s.wall_seconds), 'wall time'),
        tile(digits(s.tokens_per_second, 3), 'tokens trained a second')));
  }

  function footer() {
    if (data.summary) {
      page.append(element('section', {}, element('details', {}, element('summary', {}, 'The summary'), element('pre', {}, JSON.stringify(data.summary, null, 2)))));
    }
    if (data.scenario) {
      page.append(element('section', {}, element('details', {id: 'scenario'}, element('summary', {}, 'The scenario, with every default written out'), element('pre', {}, data.scenario))));
    }
  }

  function run() {
    header();
    const parts = [perplexity()];
    if (data.compared) compared(data.compared, false);
    parts.push(trust(), graph(), staleness(), timeline(), traffic(), steps());
    samples();
    footer();
    return parts.filter(p => p);
  }

  // ---- several runs

  function compared(d, curves) {
    const rows = d.rows;
    const differences = rows.some(r => r.difference !== null && r.difference !== undefined);
    const two = x => Math.abs(x) >= .1 || x === 0 ? x.toFixed(2) : digits(x, 3);
    const pm = (x, s) => x === null || x === undefined ? '–' : two(x) + (s === null || s === undefined ? '' : ' ± ' + (Math.abs(x) >= .1 ? s.toFixed(2) : digits(s, 2)));
    const table = element('table', {id: 'table'}, element('thead', {}, element('tr', {}, ...d.keys.map(k => element('th', {}, k.slice(k.lastIndexOf('.') + 1))),
      element('th', {class: 'number'}, d.measure), element('th', {class: 'number'}, 'n'), differences ? element('th', {class: 'number'}, 'against the baseline') : null, element('th', {}, 'runs'))),
      element('tbody', {}, ...rows.map(r => element('tr', {}, ...d.keys.map(k => element('td', {}, r.values[k])), element('td', {class: 'number'}, r.best ? element('b', {}, pm(r.mean, r.deviation)) : pm(r.mean, r.deviation)),
        element('td', {class: 'number'}, String(r.n)), differences ? element('td', {class: 'number'}, pm(r.difference, r.interval)) : null,
        element('td', {}, ...r.runs.map(x => x.report ? element('a', {href: x.report}, 'seed ' + x.seed) : 'seed ' + x.seed).flatMap((e, k) => k ? [', ', e] : [e]))))));
    section('comparison', 'Compared', `Mean ± standard deviation over ${d.over}, the lowest in bold` + (differences ? '; differences seed by seed, ± half of the 95 % confidence interval (Student’s t).' : '.'),
      element('div', {class: 'wide'}, table));
    if (differences) {
      const c = chart('forest-chart', 'differences to the baseline', () => {
        const shown = rows.filter(r => r.difference !== null && r.difference !== undefined);
        return {grid: {left: 12, right: 24, top: 10, bottom: 40, containLabel: true}, tooltip: {formatter: p => `${escaped(shown[p.dataIndex].name)}: ${pm(shown[p.dataIndex].difference, shown[p.dataIndex].interval)}`},
          xAxis: {type: 'value', name: 'difference to the baseline (left is better)', nameLocation: 'middle', nameGap: 26}, yAxis: {type: 'category', inverse: true, data: shown.map(r => r.name), splitLine: {show: false}},
          series: [{type: 'custom', encode: {x: [1, 2, 3], y: 0}, data: shown.map((r, k) => [k, r.difference, r.difference - (r.interval ?? 0), r.difference + (r.interval ?? 0)]),
            renderItem: (params, api) => {
              const [m, lo, hi] = [1, 2, 3].map(d => api.coord([api.value(d), api.value(0)]));
              return {type: 'group', children: [{type: 'line', shape: {x1: lo[0], y1: lo[1], x2: hi[0], y2: hi[1]}, style: {stroke: colours()[0], lineWidth: 2}},
                {type: 'circle', shape: {cx: m[0], cy: m[1], r: 5}, style: {fill: colours()[0]}}]};
            }}, {type: 'line', data: [], markLine: {silent: true, symbol: 'none', data: [{xAxis: 0}], lineStyle: {color: ink(), type: 'solid'}, label: {show: false}}}]};
      });
      c.node.style.height = 70 + 28 * rows.length + 'px';
      section('forest', 'Differences to the baseline', null, c.node);
    }
    if (curves) overlaid(d);
    const axes = d.keys.filter(k => new Set(rows.map(r => r.values[k])).size > 1);
    if (curves && axes.length === 2) grid(d, axes);
  }

  function overlaid(d) {
    let x = 'time';
    const c = chart('curves-chart', 'perplexity of all variants', () => {
      const series = d.rows.filter(r => r.curve).flatMap((r, k) => {
        const s = x === 'iteration' ? r.curve.by_iteration : r.curve.by_time;
        const [area, line] = band(r.name, s, s.at, colours()[k % 10]);
        return d.rows.length > 6 ? [line] : [area, line];
      });
      return {series, legend: {data: d.rows.filter(r => r.curve).map(r => r.name)}, dataZoom: [{type: 'inside', filterMode: 'none'}],
        tooltip: {trigger: 'axis', order: 'valueAsc', formatter: all => [x === 'iteration' ? 'iteration ' + digits(all[0].value[0]) : duration(all[0].value[0]),
          ...all.filter(l => !/ spread$/.test(l.seriesName)).map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1])}`)].join('<br>')},
        xAxis: x === 'iteration' ? {type: 'value', name: 'iterations', nameLocation: 'middle', nameGap: 28, max: 'dataMax'}
          : timeAxis(lastOf(d.rows.filter(r => r.curve).map(r => r.curve.by_time.at)), 'virtual time'),
        yAxis: logAxis(d.rows.filter(r => r.curve).flatMap(r => [r.curve.by_time.low, r.curve.by_time.high]))};
    });
    section('curves', 'Perplexity', 'The mean over users and seeds' + (d.rows.length > 6 ? '.' : '; the area reaches from the lowest to the highest seed.'),
      element('div', {class: 'controls'}, element('label', {}, 'against ', element('select', {onchange: e => { x = e.target.value; c.update(); }},
        element('option', {value: 'time'}, 'virtual time'), element('option', {value: 'iteration'}, 'iterations')))), c.node);
  }

  function grid(d, [a, b]) {
    const values = k => [...new Set(d.rows.map(r => r.values[k]))];
    const [xs, ys] = [values(a), values(b)];
    const c = chart('grid-chart', d.measure + ' over the grid', () => {
      const cells = d.rows.filter(r => r.mean !== null).map(r => [xs.indexOf(r.values[a]), ys.indexOf(r.values[b]), r.mean]);
      const all = cells.map(x => x[2]);
      return {grid: {left: 12, right: 20, top: 10, bottom: 70, containLabel: true}, tooltip: {formatter: p => `${escaped(xs[p.value[0]])}, ${escaped(ys[p.value[1]])}: ${digits(p.value[2])}`},
        xAxis: {type: 'category', data: xs, name: a, nameLocation: 'middle', nameGap: 24, splitLine: {show: false}, axisLabel: {interval: 0, hideOverlap: false, overflow: 'truncate', width: 900 / xs.length}}, yAxis: {type: 'category', data: ys, name: b, splitLine: {show: false}},
        visualMap: {min: Math.min(...all), max: Math.max(...all), orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 12, itemHeight: 90, formatter: v => digits(v, 3), textStyle: {color: ink()},
          inRange: {color: ['#2e8b57', '#f3e9c6', '#c2691c']}}, series: [{type: 'heatmap', data: cells, label: {show: true, color: '#1d2025', formatter: p => digits(p.value[2])}}]};
    });
    c.node.style.height = 130 + 44 * ys.length + 'px';
    section('grid', 'Over the grid', null, c.node);
  }

  function comparison() {
    page.append(element('h1', {}, data.title));
    compared(data, true);
    if (data.text) page.append(element('section', {}, element('details', {}, element('summary', {}, 'The table as text'), element('pre', {}, data.text))));
  }

  // ---- a run under way

  function live() {
    let parts = null, waiting = false, again = false, shape = null;
    const state = element('span', {id: 'state'}, 'waiting …'), bar = element('progress', {max: 1, value: 0, 'aria-label': 'turns done'});
    const button = (id, text) => element('button', {id, disabled: true, onclick: () => post(id)}, text);
    const [pause, resume, stop] = [button('pause', 'pause'), button('resume', 'go on'), button('stop', 'stop')];
    const top = element('div', {class: 'live controls'}, state, bar, pause, resume, stop);
    page.append(top);
    const post = what => fetch(what, {method: 'POST'}).then(r => { if (!r.ok) state.textContent = 'refused: ' + r.status; });

    async function refresh() {
      if (waiting) { again = true; return; }
      waiting = true;
      try {
        const next = await (await fetch('data')).json();
        if (next.report) {
          data = next;
          // What a section is made of changes when trust begins, turns become too many, or the run ends.
          const now = JSON.stringify([data.title, !!data.summary, !!data.report.trust.at.length, !!data.report.activity.intervals, data.report.graph.grouped]);
          if (now !== shape) {
            shape = now;
            charts.splice(0).forEach(c => c.chart && c.chart.dispose());
            page.replaceChildren(top);
            parts = run();
          } else {
            parts.forEach(p => p.update());
          }
        }
      } finally {
        waiting = false;
        if (again) { again = false; setTimeout(refresh, 200); }
      }
    }

    const events = new EventSource('events');
    events.addEventListener('state', e => {
      const s = JSON.parse(e.data);
      state.textContent = `${s.title}: ${s.ended ? 'ended' : s.paused ? 'paused' : 'running'}, ${s.turns} of ${s.of} turns, ${duration(s.seconds)}`;
      bar.value = s.of ? s.turns / s.of : 0;
      pause.disabled = s.ended || s.paused || !s.pausable;
      resume.disabled = s.ended || !s.paused;
      stop.disabled = s.ended;
      if (s.version !== events.version) { events.version = s.version; refresh(); }
      if (s.over) { events.close(); }
    });
    events.onerror = () => { state.textContent = 'the run is not there any more; what is shown was the last'; state.classList.add('bad'); [pause, resume, stop].forEach(b => { b.disabled = true; }); };
    events.onopen = () => state.classList.remove('bad');
    addEventListener('pagehide', () => events.close());
  }

  ({run, comparison, live})[data.kind]();
})();
