// Several runs, or a study.

function compared(d, curves) {
  const rows = d.rows;
  const differences = rows.some(r => r.incomparable || (r.difference !== null && r.difference !== undefined));
  const two = x => (Math.abs(x) >= 0.1 || x === 0 ? x.toFixed(2) : digits(x, 3));
  const pm = (x, s) =>
    x === null || x === undefined
      ? '–'
      : two(x) + (s === null || s === undefined ? '' : ' ± ' + (Math.abs(x) >= 0.1 ? s.toFixed(2) : digits(s, 2)));
  const ofRuns = d.over === 'users';
  const pairs = rows.filter(r => r.by_user);
  const figures = rows[0].figures || [];
  const figure = f =>
    f.value === null
      ? '–'
      : {number: two, share: x => digits(100 * x, 3) + ' %', bytes, seconds: duration}[f.unit](f.value);
  const found = r => (r.n || !r.lost ? pm(r.mean, r.deviation) + (r.lost ? ' ' : '') : '') + (r.lost || '');
  const table = element(
    'table',
    {id: 'table'},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...d.keys.map(k => element('th', {}, head(d.keys, k))),
        element('th', {class: 'number'}, d.measure),
        ofRuns ? null : element('th', {class: 'number'}, 'n'),
        differences ? element('th', {class: 'number'}, ofRuns ? 'difference' : 'against the baseline') : null,
        pairs.length ? element('th', {class: 'number'}, 'users that are better') : null,
        ...figures.map(f => element('th', {class: 'number'}, f.label)),
        ofRuns ? null : element('th', {}, 'runs')
      )
    ),
    element(
      'tbody',
      {},
      ...rows.map(r =>
        element(
          'tr',
          {},
          ...d.keys.map(k => {
            const report = ofRuns && k === 'run' && r.runs[0].report;
            return element('td', {}, report ? element('a', {href: report}, r.values[k]) : r.values[k]);
          }),
          element('td', {class: 'number'}, r.best ? element('b', {}, found(r)) : found(r)),
          ofRuns ? null : element('td', {class: 'number'}, String(r.n)),
          differences ? element('td', {class: 'number'}, r.incomparable ? 'NA' : pm(r.difference, r.interval)) : null,
          pairs.length ? element('td', {class: 'number'}, r.by_user ? `${r.better_users} of ${r.users}` : '–') : null,
          ...(r.figures || []).map(f => element('td', {class: 'number'}, figure(f))),
          ofRuns
            ? null
            : element(
                'td',
                {},
                ...r.runs
                  .map(x => (x.report ? element('a', {href: x.report}, 'seed ' + x.seed) : 'seed ' + x.seed))
                  .flatMap((e, k) => (k ? [', ', e] : [e]))
              )
        )
      )
    )
  );
  section(
    'comparison',
    'Compared',
    `Mean ± standard deviation over ${d.over}, the ${d.better === 'higher' ? 'highest' : 'lowest'} in bold` +
      (differences
        ? `; differences ${ofRuns ? `from ${d.against}, user by user` : 'seed by seed'}, ± half of the 95 % confidence interval (Student’s t)`
        : '') +
      (rows.some(r => /NA/.test(r.lost)) ? '; NA: the target was never reached.' : '.') +
      (figures.length
        ? ' Versions old: mean age of what was mixed, and weighted by trust. Trust to oracle and trust change are L1 distances. Columns of settings: what differs.'
        : ''),
    element('div', {class: 'wide'}, table)
  );
  if (rows.some(r => r.difference !== null && r.difference !== undefined)) {
    const from = ofRuns ? d.against : 'the baseline';
    const c = chart('forest-chart', 'differences from ' + from, () => {
      const shown = rows.filter(r => r.difference !== null && r.difference !== undefined);
      return {
        grid: {left: 12, right: 24, top: 10, bottom: 40, containLabel: true},
        tooltip: {formatter: p => `${escaped(shown[p.dataIndex].name)}: ${pm(shown[p.dataIndex].difference, shown[p.dataIndex].interval)}`},
        xAxis: {type: 'value', name: `difference (${d.better === 'higher' ? 'right' : 'left'} is better)`, nameLocation: 'middle', nameGap: 26},
        yAxis: {type: 'category', inverse: true, data: shown.map(r => r.name), splitLine: {show: false}},
        series: [
          {
            type: 'custom',
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
            symbolSize: 5,
            itemStyle: {color: colours()[1], opacity: 0.5},
            data: shown.flatMap((r, k) => (r.by_user || []).map(([user, x]) => [x, k, user])),
            tooltip: {
              formatter: p =>
                `${escaped(shown[p.value[1]].name)}: ${two(p.value[0])}` + (p.value[2] === null ? '' : ` (user ${p.value[2]})`)
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
    c.node.style.height = 70 + 28 * rows.length + 'px';
    section(
      'forest',
      'Differences from ' + from,
      pairs.length ? 'Small points are users; the large one is their mean, with its 95 % confidence interval.' : null,
      c.node
    );
  }
  if (curves && d.metrics.length) overlaid(d);
  const axes = d.keys.filter(k => !(ofRuns && k === 'run') && new Set(rows.map(r => r.values[k])).size > 1);
  const cells = new Set(rows.map(r => JSON.stringify(axes.map(k => r.values[k]))));
  if (curves && axes.length === 2 && cells.size === rows.length) grid(d, axes);
}

// The last part of a key path, or all of it if the last part is that of another key too.
function head(keys, key) {
  const last = k => k.slice(k.lastIndexOf('.') + 1);
  return keys.filter(k => last(k) === last(key)).length > 1 ? key : last(key);
}

function overlaid(d) {
  const m = d.metrics[0];
  let x = 'time';
  const runs = d.over === 'users';
  const c = chart('curves-chart', m.label + (runs ? ' of all runs' : ' of all variants'), () => {
    const series = d.rows
      .filter(r => r.curve)
      .flatMap((r, k) => {
        const s = x === 'iteration' ? r.curve.by_iteration : r.curve.by_time;
        const [area, line] = band(r.name, s, s.at, colours()[k % 10]);
        return d.rows.length > 6 ? [line] : [area, line];
      });
    return {
      series,
      legend: {data: d.rows.filter(r => r.curve).map(r => r.name)},
      dataZoom: [{type: 'inside', filterMode: 'none'}],
      tooltip: {
        trigger: 'axis',
        order: 'valueAsc',
        formatter: all =>
          [
            x === 'iteration' ? 'iteration ' + digits(all[0].value[0]) : duration(all[0].value[0]),
            ...all.filter(l => !/ spread$/.test(l.seriesName)).map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1])}`)
          ].join('<br>')
      },
      xAxis:
        x === 'iteration'
          ? {type: 'value', name: 'iterations', nameLocation: 'middle', nameGap: 28, max: 'dataMax'}
          : timeAxis(lastOf(d.rows.filter(r => r.curve).map(r => r.curve.by_time.at)), 'virtual time'),
      yAxis: metricAxis(m, d.rows.filter(r => r.curve).flatMap(r => [r.curve.by_time.low, r.curve.by_time.high]))
    };
  });
  section(
    'curves',
    capital(m.label),
    runs
      ? 'The mean over users' + (d.rows.length > 6 ? '.' : '; the area holds the middle 80 % of users.')
      : 'The mean over users and seeds' + (d.rows.length > 6 ? '.' : '; the area reaches from the lowest to the highest seed.'),
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
              c.update();
            }
          },
          element('option', {value: 'time'}, 'virtual time'),
          element('option', {value: 'iteration'}, 'iterations')
        )
      )
    ),
    c.node
  );
}

function grid(d, [a, b]) {
  const values = k => [...new Set(d.rows.map(r => r.values[k]))];
  const [xs, ys] = [values(a), values(b)];
  const c = chart('grid-chart', d.measure + ' over the grid', () => {
    const cells = d.rows.filter(r => r.mean !== null).map(r => [xs.indexOf(r.values[a]), ys.indexOf(r.values[b]), r.mean]);
    const all = cells.map(x => x[2]);
    return {
      grid: {left: 12, right: 20, top: 10, bottom: 70, containLabel: true},
      tooltip: {formatter: p => `${escaped(xs[p.value[0]])}, ${escaped(ys[p.value[1]])}: ${digits(p.value[2])}`},
      xAxis: {
        type: 'category',
        data: xs,
        name: a,
        nameLocation: 'middle',
        nameGap: 24,
        splitLine: {show: false},
        axisLabel: {interval: 0, hideOverlap: false, overflow: 'truncate', width: 900 / xs.length}
      },
      yAxis: {type: 'category', data: ys, name: b, splitLine: {show: false}},
      visualMap: {
        min: Math.min(...all),
        max: Math.max(...all),
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemWidth: 12,
        itemHeight: 90,
        formatter: v => digits(v, 3),
        textStyle: {color: ink()},
        inRange: {color: ['#2e8b57', '#f3e9c6', '#c2691c']}
      },
      series: [{type: 'heatmap', data: cells, label: {show: true, color: '#1d2025', formatter: p => digits(p.value[2])}}]
    };
  });
  c.node.style.height = 130 + 44 * ys.length + 'px';
  section('grid', 'Over the grid', null, c.node);
}

function comparison() {
  page.append(element('h1', {}, data.title));
  compared(data, true);
  if (data.text)
    page.append(element('section', {}, element('details', {}, element('summary', {}, 'The table as text'), element('pre', {}, data.text))));
}
