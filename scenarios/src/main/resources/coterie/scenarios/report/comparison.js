// Several runs, or a study.

function compared(d, curves) {
  verdicts(d);
  comparisonTable(d);
  const rows = d.rows;
  const ofRuns = d.over === 'users';
  const pairs = rows.filter(r => r.by_user);
  if (rows.some(r => r.difference !== null && r.difference !== undefined)) {
    const from = ofRuns ? d.against : 'the baseline';
    const c = chart('forest-chart', 'differences from ' + from, () => {
      const shown = rows.filter(r => r.difference !== null && r.difference !== undefined);
      return {
        grid: {left: leftOf(shown.map(r => r.name))},
        legend: {data: [MEAN, ...(pairs.length ? [EACH] : [])]},
        tooltip: {
          formatter: p => `${escaped(shown[p.dataIndex].name)}: ${interval(shown[p.dataIndex].difference, shown[p.dataIndex].interval)}`
        },
        xAxis: valueAxis(`difference of ${d.measure} (${d.better === 'higher' ? 'right' : 'left'} is better)`, {scale: false}),
        yAxis: {...namesAxis(shown.map(r => r.name)), splitLine: {show: false}},
        series: [
          {
            type: 'custom',
            name: MEAN,
            itemStyle: {color: colours()[0]},
            encode: {x: [1, 2, 3], y: 0},
            data: shown.map((r, k) => [k, r.difference, r.difference - (r.interval ?? 0), r.difference + (r.interval ?? 0)]),
            renderItem: (params, api) => {
              const [m, lo, hi] = [1, 2, 3].map(d => api.coord([api.value(d), api.value(0)]));
              return {
                type: 'group',
                children: [
                  {type: 'line', shape: {x1: lo[0], y1: lo[1], x2: hi[0], y2: hi[1]}, style: {stroke: colours()[0], lineWidth: 2}},
                  {type: 'circle', shape: {cx: m[0], cy: m[1], r: 5}, style: {fill: colours()[0]}}
                ]
              };
            }
          },
          {
            // One point for each user, or quantiles of many users.
            type: 'scatter',
            name: EACH,
            symbolSize: 5,
            itemStyle: {color: colours()[1], opacity: 0.5},
            data: shown.flatMap((r, k) => (r.by_user || []).map(([user, x]) => [x, k, user])),
            tooltip: {
              formatter: p =>
                `${escaped(shown[p.value[1]].name)}: ${fixed(p.value[0])}` + (p.value[2] === null ? '' : ` (user ${p.value[2]})`)
            }
          },
          {
            type: 'line',
            data: [],
            markLine: {silent: true, symbol: 'none', data: [{xAxis: 0}], lineStyle: {color: ink(), type: 'solid'}, label: {show: false}}
          }
        ]
      };
    });
    c.tall = () => 90 + 28 * rows.length;
    c.box.style.height = c.tall() + 'px';
    section(
      'forest',
      'Differences from ' + from,
      `Means over ${d.over}, with 95 % confidence intervals (Student’s t).` + (pairs.length ? ' Small points: single users.' : ''),
      c.node
    );
  }
  if (curves && d.metrics.length) overlaid(d);
  const axes = d.keys.filter(k => !(ofRuns && k === 'run') && new Set(rows.map(r => r.values[k])).size > 1);
  const cells = new Set(rows.map(r => JSON.stringify(axes.map(k => r.values[k]))));
  if (curves && axes.length === 2 && cells.size === rows.length) grid(d, axes);
}

const MEAN = 'mean, 95 % confidence interval';
const EACH = 'single users';
// Names on a vertical axis have at most this width; longer ones take several lines.
const leftOf = (names, most = 170) => Math.min(most, 16 + largest(names.map(n => 7 * n.length)));
const namesAxis = (names, most = 170) => ({
  type: 'category',
  inverse: true,
  data: names,
  axisLabel: {width: leftOf(names, most) - 12, overflow: 'break', lineHeight: 13}
});

// Curves of more variants than this cover one another's bands.
const MOST_BANDS = 8;

// Variants whose curves share a chart. Where there are too many, each value of one setting has a chart of its own.
function chartsOf(d) {
  const alone = [{value: null, rows: d.rows}];
  if (d.over === 'users' || d.rows.length <= MOST_BANDS) return alone;
  const splits = d.keys
    .map(k => {
      const values = d.rows.map(r => r.values[k]).filter((v, n, all) => all.indexOf(v) === n);
      return values.map(v => ({
        value: v,
        rows: d.rows
          .filter(r => r.values[k] === v)
          .map(r => ({...r, name: d.keys.filter(o => o !== k).map(o => r.values[o]).join(', ') || r.name}))
      }));
    })
    .filter(parts => parts.length > 1 && parts.every(p => p.rows.length > 1 && p.rows.length <= MOST_BANDS));
  return splits.length ? splits.reduce((a, b) => (b.length < a.length ? b : a)) : alone;
}

// A band that is wider than the range of all means is cut there: lines would be flat beside it.
function cutBands(curves) {
  const means = curves.flatMap(c => c.mean).filter(v => known(v));
  const [low, high] = [smallest(means), largest(means)];
  const room = high - low || Math.abs(high) / 20 || 1;
  const cut = v => Math.max(low > 0 ? Math.max(low - room, low / 2) : low - room, Math.min(high + room, v));
  return curves.map(c => ({at: c.at, mean: c.mean, low: c.low.map(cut), high: c.high.map(cut)}));
}

function overlaid(d) {
  const m = d.metrics[0];
  let x = 'time';
  const runs = d.over === 'users';
  const parts = chartsOf(d);
  const bands = !runs && parts.every(p => p.rows.length <= MOST_BANDS);
  const own = parts.map(part => {
    const id = part.value === null ? '' : '-' + String(part.value).replace(/[^A-Za-z0-9._-]+/g, '-');
    const what = m.label + (runs ? ' of all runs' : part.value === null ? ' of all variants' : ': ' + part.value);
    return chart(`curves${id}-chart`, what, () => {
      const shown = part.rows.filter(r => r.curve);
      if (!shown.length) return nothing(`no ${m.label} was measured`);
      const curves = cutBands(shown.map(r => (x === 'iteration' ? r.curve.by_iteration : r.curve.by_time)));
      const series = shown.flatMap((r, k) => {
        const [area, line] = band(r.name, curves[k], curves[k].at, colours()[k % 10]);
        return bands ? [area, line] : [line];
      });
      return {
        series,
        legend: {data: shown.map(r => r.name)},
        dataZoom: [{type: 'inside', filterMode: 'none'}],
        tooltip: {
          trigger: 'axis',
          order: 'valueAsc',
          formatter: all =>
            [
              x === 'iteration' ? 'iteration ' + tick(all[0].value[0]) : duration(all[0].value[0]),
              ...all.filter(l => !/ spread$/.test(l.seriesName)).map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1])}`)
            ].join('<br>')
        },
        xAxis:
          x === 'iteration'
            ? countAxis('iterations of each user')
            : timeAxis(lastOf(shown.map(r => r.curve.by_time.at)), 'virtual time'),
        yAxis: metricAxis(m, curves.flatMap(c => [c.low, c.high]))
      };
    });
  });
  section(
    'curves',
    capital(m.label) + ' on the test sets' + unitOf(m),
    runs
      ? 'Means over users.'
      : `Means over ${d.honest ? 'honest ' : ''}users and seeds` +
          (bands ? '; bands: 95 % confidence intervals of the mean over seeds (Student’s t), cut where they are wider than all means.' : '.'),
    element(
      'div',
      {class: 'controls'},
      element(
        'label',
        {},
        'against ',
        element(
          'select',
          {
            onchange: e => {
              x = e.target.value;
              own.forEach(c => c.update());
            }
          },
          element('option', {value: 'time'}, 'virtual time'),
          element('option', {value: 'iteration'}, 'iterations')
        )
      )
    ),
    parts.map((p, k) => [p.value === null ? null : element('h3', {}, String(p.value)), own[k].node])
  );
}

function grid(d, [a, b]) {
  const values = k => [...new Set(d.rows.map(r => r.values[k]))];
  const [xs, ys] = [values(a), values(b)];
  const c = chart('grid-chart', d.measure + ' over the grid', () => {
    const cells = d.rows.filter(r => r.mean !== null).map(r => [xs.indexOf(r.values[a]), ys.indexOf(r.values[b]), r.mean]);
    const all = cells.map(x => x[2]);
    return {
      grid: {left: leftOf(ys)},
      tooltip: {formatter: p => `${escaped(xs[p.value[0]])}, ${escaped(ys[p.value[1]])}: ${digits(p.value[2])}`},
      xAxis: {
        type: 'category',
        data: xs,
        name: a,
        splitLine: {show: false},
        axisLabel: {interval: 0, hideOverlap: false, overflow: 'truncate', width: 900 / xs.length}
      },
      yAxis: {...namesAxis(ys), inverse: false, name: b, splitLine: {show: false}},
      visualMap: {
        min: smallest(all),
        max: largest(all),
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemWidth: 12,
        itemHeight: 90,
        text: [digits(largest(all), 3), `${d.measure} ${digits(smallest(all), 3)}`],
        textStyle: {color: ink()},
        inRange: {color: ['#2e8b57', '#f3e9c6', '#c2691c']}
      },
      series: [{type: 'heatmap', data: cells, label: {show: true, color: '#1d2025', formatter: p => digits(p.value[2])}}]
    };
  });
  c.tall = () => 130 + 44 * ys.length;
  c.box.style.height = c.tall() + 'px';
  section('grid', 'Over the grid', `Means of ${d.measure} over ${d.over}.`, c.node);
}
