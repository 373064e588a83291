// How old things were, who took part, who did what when.

function staleness() {
  const a = () => data.report.ages;
  const unmixed = () => nothing('no snapshot of another user has been mixed' + (data.summary ? '' : ' yet'));
  const share = counts => {
    const sum = counts.reduce((m, x) => m + x, 0);
    return counts.map(x => x / sum);
  };
  const range = counts => [counts.findIndex(x => x), counts.reduce((m, x, k) => (x ? k : m), 0)];
  const versions = chart(
    'versions-chart',
    'versions behind',
    () => {
      const v = a().versions;
      const [first, last] = range(v);
      if (first < 0) return unmixed();
      return {
        tooltip: {formatter: p => `${p.name} versions behind: ${digits(100 * p.value, 3)} %`},
        xAxis: {
          type: 'category',
          name: 'versions behind',
          data: v.slice(0, last + 1).map((_, k) => (k === v.length - 1 ? '≥ ' + k : String(k)))
        },
        yAxis: shareAxis('Share of mixed snapshots'),
        series: [{type: 'bar', data: share(v.slice(0, last + 1))}]
      };
    },
    'low'
  );
  const seconds = chart(
    'ages-chart',
    'seconds since it was sent',
    () => {
      const s = a().seconds;
      const [first, last] = range(s.count);
      if (first < 0) return unmixed();
      const from = k => (first + k === 0 ? 0 : s.up_to[first + k - 1]);
      // Edges are round in seconds and thousandths, and would not be so in minutes.
      const [unit, length] = TIMES[s.up_to[last] < 1 ? 0 : 1];
      return histogram(
        share(s.count.slice(first, last + 1)),
        k => tick(from(k) / length),
        {name: `time since it was sent (${unit}), bins of equal ratio`},
        shareAxis('Share of mixed snapshots'),
        (k, y) => `${duration(from(k))} to ${duration(from(k + 1))}: ${digits(100 * y, 3)} %`
      );
    },
    'low'
  );
  const part = chart(
    'participation-chart',
    'participation',
    () => {
      const p = data.report.participation.filter(x => x !== null);
      if (!p.length) return nothing('no user has had an occasion' + (data.summary ? '' : ' yet'));
      const classes = Array(PARTS).fill(0);
      p.forEach(x => classes[Math.min(PARTS - 1, Math.floor(x * PARTS))]++);
      const percent = k => tick((100 * k) / PARTS);
      return histogram(
        classes,
        percent,
        {name: `occasions that a user took (%), bins of ${100 / PARTS} %`},
        countAxis('Users'),
        (k, y) => `${percent(k)} to ${percent(k + 1)} % of the occasions: ${y} users`,
        PARTS / 5
      );
    },
    'low'
  );
  section(
    'staleness',
    'Staleness and participation',
    withTerms(
      'How old the snapshots were that users mixed with, over all mixings: [versions behind], and time since they were sent. ' +
        '[Participation|participation]: on which share of its occasions a user took part.'
    ),
    element('div', {class: 'pair'}, versions.node, seconds.node, part.node)
  );
  return {update: () => [versions, seconds, part].forEach(c => c.update())};
}

const PARTS = 20;
const KINDS = ['training', 'away', 'down'];

function timeline() {
  let messages = false;
  const whole = () => !!data.report.activity.intervals;
  const rows = () => (whole() ? data.report.bins.order : [...Array(data.report.bins.count).keys()]);
  const c = chart('timeline-chart', 'who did what when', () => {
    const a = data.report.activity;
    if (!a.end) return nothing('no turn has ended yet');
    const zoom = [
      {type: 'inside', filterMode: 'weakFilter'},
      {
        type: 'slider',
        height: 18,
        bottom: 6,
        filterMode: 'weakFilter',
        labelFormatter: duration,
        textStyle: {color: ink()}
      }
    ];
    if (!whole()) return heatline(a.shares, zoom);
    const place = new Map(rows().map((u, k) => [u, k]));
    const [green, grey, red, blue] = [colours()[2], colours()[8], colours()[7], colours()[0]];
    const box = (params, api) => {
      const [x0, y] = api.coord([api.value(1), api.value(0)]),
        x1 = api.coord([api.value(2), 0])[0];
      // An absence in which the user trains is a thin line below its turns.
      const thin = api.value(4) === 3;
      const h = api.size([0, 1])[1] * (thin ? 0.12 : 0.62);
      const rect = echarts.graphic.clipRectByRect({x: x0, y: thin ? y + 3 * h : y - h / 2, width: Math.max(1, x1 - x0), height: h}, params.coordSys);
      return (
        rect && {
          type: 'rect',
          shape: rect,
          style: {
            fill: api.visual('color'),
            stroke: night() ? '#15171a' : '#fff',
            lineWidth: x1 - x0 > 6 ? 1 : 0,
            opacity: api.value(4) === 1 ? 0.45 : 1
          }
        }
      );
    };
    const series = KINDS.map((name, kind) => ({
      type: 'custom',
      name,
      renderItem: box,
      itemStyle: {color: [green, grey, red][kind]},
      encode: {x: [1, 2], y: 0},
      clip: true,
      data: a.intervals.filter(i => i[1] === kind).map(i => [place.get(i[0]), i[2], i[3], i[4], i[5], i[0]])
    }));
    const drifts = data.report.drifts || [];
    if (drifts.length) {
      series.push({
        type: 'custom',
        name: 'drift',
        itemStyle: {color: colours()[4]},
        encode: {x: 1, y: 0},
        clip: true,
        data: drifts.map(d => [place.get(d.user), d.at, d.user, d.mixture]),
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(1), api.value(0)]);
          const h = api.size([0, 1])[1] * 0.45;
          return {
            type: 'polygon',
            shape: {points: [[x - 5, y - h], [x + 5, y - h], [x, y]]},
            style: {fill: api.visual('color')}
          };
        }
      });
    }
    const attacked = data.report.attacks || [];
    if (attacked.length) {
      series.push({
        type: 'custom',
        name: 'attack',
        itemStyle: {color: colours()[3]},
        encode: {x: 1, y: 0},
        clip: true,
        data: attacked.map(a => [place.get(a.user), a.at, a.user, a.attack, a.begins ? 1 : 0]),
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(1), api.value(0)]);
          const h = api.size([0, 1])[1] * 0.35;
          const tip = api.value(4) ? x + 9 : x - 9;
          return {
            type: 'polygon',
            shape: {points: [[x, y - h], [x, y + h], [tip, y]]},
            style: {fill: api.visual('color')}
          };
        }
      });
    }
    if (messages) {
      series.push({
        type: 'custom',
        name: 'messages',
        encode: {x: [0, 1], y: [2, 3]},
        itemStyle: {color: blue},
        clip: true,
        silent: true,
        data: a.messages.map(m => [m[2], m[3] ?? m[2], place.get(m[0]), place.get(m[1]), m[4], m[3] === null ? 1 : 0]),
        renderItem: (params, api) => {
          const p = api.coord([api.value(0), api.value(2)]),
            q = api.coord([api.value(1), api.value(3)]);
          return {
            type: 'line',
            shape: {x1: p[0], y1: p[1], x2: q[0], y2: q[1]},
            style: {
              stroke: api.value(5) ? red : blue,
              lineWidth: 1,
              opacity: api.value(4) ? 0.55 : 0.8,
              lineDash: api.value(4) ? null : [3, 3]
            }
          };
        }
      });
    }
    return {
      legend: {
        data: [
          ...KINDS,
          ...(drifts.length ? ['drift'] : []),
          ...(attacked.length ? ['attack'] : []),
          ...(messages ? ['messages'] : [])
        ]
      },
      dataZoom: zoom,
      grid: {left: 50},
      tooltip: {
        formatter: p =>
          p.seriesName === 'messages'
            ? ''
            : p.seriesName === 'drift'
              ? `user ${p.value[2]}: new data from ${duration(p.value[1])} on<br>${escaped(p.value[3])}`
            : p.seriesName === 'attack'
              ? `user ${p.value[2]} ${p.value[4] ? 'begins' : 'ends'} an attack, ${escaped(p.value[3])}, at ${duration(p.value[1])}`
              : `user ${p.value[5]}: ${p.seriesName}${p.value[3] >= 0 ? ', turn ' + p.value[3] : ''}<br>${duration(p.value[1])} to ${duration(p.value[2])}` +
              (p.value[4] === 3 ? '<br>it trains, and neither publishes nor mixes' : '') +
              (p.value[4] === 1 ? '<br>did not take part in the collaboration at its end' : '')
      },
      xAxis: timeAxis(a.end, 'virtual time'),
      yAxis: {type: 'category', name: 'User', inverse: true, data: rows().map(String), splitLine: {show: false}},
      series
    };
  });
  // The share of time that the users of a row were training, in cells of equal time.
  function heatline(s, zoom) {
    const n = data.report.bins.count;
    const names = rowNames();
    const cells = [];
    for (let i = 0; i < n; i++)
      for (let k = 0; k < s.steps; k++) {
        let at = i * s.steps + k;
        cells.push([k * s.step, i, s.training[at], s.away[at], s.down[at]]);
      }
    return {
      dataZoom: zoom,
      grid: {left: 50},
      tooltip: {
        formatter: p =>
          `users from ${names[p.value[1]]}, ${duration(p.value[0])} to ${duration(p.value[0] + s.step)}<br>` +
          `training ${p.value[2]} %, away ${p.value[3]} %, down ${p.value[4]} %`
      },
      xAxis: timeAxis(s.step * s.steps, 'virtual time'),
      yAxis: {type: 'category', name: 'Users, from', inverse: true, data: names, splitLine: {show: false}},
      visualMap: {
        min: 0,
        max: 100,
        dimension: 2,
        calculable: false,
        orient: 'horizontal',
        right: 10,
        top: 0,
        itemHeight: 90,
        itemWidth: 12,
        textStyle: {color: ink()},
        text: ['100 %', 'training 0'],
        inRange: {color: night() ? ['#1e2125', '#7fcf9a'] : ['#f6f7f9', '#2e8b57']}
      },
      series: [
        {
          type: 'custom',
          encode: {x: 0, y: 1},
          clip: true,
          data: cells,
          renderItem: (params, api) => {
            const [x, y] = api.coord([api.value(0), api.value(1)]);
            const [end] = api.coord([api.value(0) + s.step, api.value(1)]);
            const h = api.size([0, 1])[1];
            return {type: 'rect', shape: {x, y: y - h / 2, width: end - x, height: h}, style: {fill: api.visual('color')}};
          }
        }
      ]
    };
  }
  c.wide = 640;
  c.tall = () => Math.min(900, 150 + (whole() ? 20 : 6) * rows().length);
  const size = () => {
    c.box.style.height = c.tall() + 'px';
  };
  size();
  const a = data.report.activity;
  const many = whole() && a.messages_in_all > a.messages.length;
  section(
    'timeline',
    'Who did what when',
    whole()
      ? 'Each bar is a turn: pale where its user did not take part in the collaboration at its end, with gaps where it was ' +
        'absent. ' +
        (data.report.drifts ? 'Triangles that point down: the data of a user changes. ' : '') +
        (data.report.attackers ? 'Triangles that point right: an attack begins; left: it ends. ' : '') +
        'Scroll, or use the bar below, to zoom.'
      : 'There are too many turns to draw each: the share of time that the users of a row were training. Point at it for ' +
        'absences and crashes.',
    element(
      'div',
      {class: 'controls'},
      whole()
        ? element(
            'label',
            {},
            element('input', {
              type: 'checkbox',
              id: 'messages',
              disabled: !a.messages.length,
              onchange: e => {
                messages = e.target.checked;
                c.update();
              }
            }),
            a.messages.length
              ? ` messages${many ? ` (the first ${a.messages.length} of ${a.messages_in_all})` : ''}; red and dashed: lost`
              : ' messages (none recorded: record.messages)'
          )
        : null
    ),
    c.node
  );
  return {
    update() {
      size();
      c.update();
    }
  };
}
