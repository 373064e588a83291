// A metric over time and iterations.

// The mean over users of their newest values at each instant; null before all of them have one.
function heldMean(curves, at, byIteration) {
  const next = curves.map(() => 0);
  return at.map(t => {
    curves.forEach((c, k) => {
      const own = byIteration ? c.i : c.t;
      while (next[k] < own.length && own[next[k]] <= t) next[k]++;
    });
    const held = curves.map((c, k) => (next[k] ? c.p[next[k] - 1] : null));
    return held.length && held.every(v => v !== null) ? held.reduce((a, b) => a + b, 0) / held.length : null;
  });
}

const MOST_DRIFTS = 40;

// Instants at which users' data changes: of single users if some are shown; of all, or the first and the last if they are many.
function driftLines(single, place) {
  const at = (data.report.drifts || [])
    .filter(d => !single.length || single.indexOf(d.user) >= 0)
    .map(d => d.at)
    .filter((t, k, all) => all.indexOf(t) === k);
  if (!at.length) return [];
  const shown = at.length > MOST_DRIFTS ? [smallest(at), largest(at)] : at;
  return [
    {
      type: 'line',
      name: 'drift',
      symbol: 'none',
      data: [],
      markLine: {
        silent: true,
        symbol: 'none',
        animation: false,
        lineStyle: {color: ink(), type: 'dotted', width: 1, opacity: 0.7},
        // Names side by side would cover one another.
        label: {position: 'insideEndTop', formatter: p => (p.dataIndex === 0 ? 'drift' : ''), color: ink()},
        data: shown.map(t => ({xAxis: place(t)}))
      }
    }
  ];
}

// k: its place among the run's reported metrics; the first is that of runs compared with this one.
function metric(k) {
  const m = data.report.metrics[k];
  const r = () => data.report;
  let x = 'time',
    users = '';
  const c = chart(m.name + '-chart', m.label + ' on the test sets', () => {
    const clock = wallClock(r().wall);
    const p = r().metrics[k];
    if (!p.by_time.at.length) return nothing(`no ${m.label} has been measured yet`);
    const s = x === 'iteration' ? p.by_iteration : p.by_time;
    const at = x === 'wall' ? s.at.map(clock) : s.at;
    const series = band('mean of all users', s, at, colours()[0]);
    if (r().attackers) {
      series.push({
        type: 'line',
        name: 'mean of honest users',
        symbol: 'none',
        lineStyle: {width: 2, type: 'dashed'},
        itemStyle: {color: colours()[9]},
        data: zip(at, s.honest)
      });
    }
    (r().groups || []).forEach((name, g) => {
      const members = p.users.filter((_, u) => r().group[u] === g);
      series.push({
        type: 'line',
        name: `mean of ${name}`,
        symbol: 'none',
        lineStyle: {width: 2, type: 'dotted'},
        itemStyle: {color: colours()[(g + 1) % 10]},
        data: zip(at, heldMean(members, s.at, x === 'iteration'))
      });
    });
    for (let u of new Set(usersIn(users, p.users.length))) {
      let own = p.users[u];
      series.push({
        type: 'line',
        name: `user ${u} (${r().categories[r().category[u]]}${r().groups ? ', ' + r().groups[r().group[u]] : ''})`,
        symbol: 'none',
        lineStyle: {width: 1, opacity: 0.75},
        itemStyle: {color: colours()[r().category[u] % 10]},
        data: zip(x === 'iteration' ? own.i : x === 'wall' ? own.t.map(clock) : own.t, own.p)
      });
    }
    const other = data.compared && k === 0 ? data.compared.rows.filter(o => o.curve && !o.here) : [];
    other.forEach((o, n) => {
      const curve = x === 'iteration' ? o.curve.by_iteration : o.curve.by_time;
      if (x !== 'wall')
        series.push({
          type: 'line',
          name: o.name,
          symbol: 'none',
          lineStyle: {type: 'dashed', width: 1.5},
          itemStyle: {color: colours()[((r().groups || []).length + n + 1) % 10]},
          data: zip(curve.at, curve.mean)
        });
    });
    const shown = series.filter(l => !/ spread$/.test(l.name)).map(l => l.name);
    const single = usersIn(users, p.users.length);
    return {
      series:
        x === 'iteration'
          ? series
          : series
              .concat(driftLines(single, x === 'wall' ? clock : t => t))
              .concat(attackAreas(lastOf([s.at]), x === 'wall' ? clock : t => t)),
      legend: {data: shown.slice(0, 40)},
      tooltip: {trigger: 'axis', order: 'valueAsc', formatter: tip},
      dataZoom: [{type: 'inside', filterMode: 'none'}],
      xAxis:
        x === 'iteration'
          ? countAxis('iterations of each user')
          : timeAxis(
              lastOf([at, ...(x === 'wall' ? [] : other.map(o => o.curve.by_time.at))]),
              x === 'wall' ? 'wall time' : 'virtual time'
            ),
      yAxis: metricAxis(m, [
        s.low,
        s.high,
        r().attackers ? s.honest : [],
        ...usersIn(users, p.users.length).map(u => p.users[u].p),
        ...other.map(o => o.curve.by_time.mean)
      ])
    };
    function tip(all) {
      const lines = all
        .filter(l => !/ spread$/.test(l.seriesName))
        .slice(0, 14)
        .map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1])}`);
      return [x === 'iteration' ? 'iteration ' + tick(all[0].value[0]) : duration(all[0].value[0]), ...lines].join('<br>');
    }
  });
  const axis = element(
    'select',
    {
      'aria-label': 'against what',
      onchange: e => {
        x = e.target.value;
        c.update();
      }
    },
    element('option', {value: 'time'}, 'virtual time'),
    element('option', {value: 'wall'}, 'wall time'),
    element('option', {value: 'iteration'}, 'iterations')
  );
  section(
    m.name,
    capital(m.label) + ' on the test sets' + (m.unit ? ` (${m.unit})` : ''),
    `Thick: the mean over the ${r().category.length} users, without those whose training has diverged by then; the area ` +
      `holds the middle 80 % of them. ${data.report.groups ? 'Dotted: the mean over each group. ' : ''}` +
      `${data.report.drifts ? 'Upright lines: the data of users changes. ' : ''}` +
      `${data.report.attackers ? 'Dashed: the mean over the users that never attack. Shaded: when users attack. ' : ''}` +
      `${capital(m.better)} is better. Scroll to zoom.`,
    element(
      'div',
      {class: 'controls'},
      element('label', {}, 'against ', axis),
      element(
        'label',
        {},
        'single users ',
        element('input', {
          type: 'text',
          placeholder: 'all, or 0, 3, 5-8',
          oninput: e => {
            users = e.target.value;
            c.update();
          }
        })
      )
    ),
    c.node
  );
  return c;
}
