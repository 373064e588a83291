// How old things were, who took part, who did what when.

function staleness() {
  const a = () => data.report.ages;
  const versions = chart(
    'versions-chart',
    'versions behind',
    () => {
      const v = a().versions;
      const last = v.reduce((m, x, k) => (x ? k : m), 0);
      const sum = v.reduce((m, x) => m + x, 0) || 1;
      return {
        tooltip: {formatter: p => `${p.name} versions behind: ${digits(100 * p.value, 3)} %`},
        xAxis: {
          type: 'category',
          name: 'versions behind',
          nameLocation: 'middle',
          nameGap: 28,
          data: v.slice(0, last + 1).map((_, k) => (k === v.length - 1 ? '≥ ' + k : String(k)))
        },
        yAxis: {type: 'value', axisLabel: {formatter: x => digits(100 * x, 2) + ' %'}},
        series: [{type: 'bar', data: v.slice(0, last + 1).map(x => x / sum)}]
      };
    },
    'low'
  );
  const seconds = chart(
    'ages-chart',
    'seconds since it was sent',
    () => {
      const s = a().seconds;
      const first = s.count.findIndex(x => x),
        last = s.count.reduce((m, x, k) => (x ? k : m), 0);
      const sum = s.count.reduce((m, x) => m + x, 0) || 1;
      const from = Math.max(0, first);
      return {
        tooltip: {formatter: p => `up to ${p.name}: ${digits(100 * p.value, 3)} %`},
        xAxis: {
          type: 'category',
          name: 'virtual time since it was sent, up to',
          nameLocation: 'middle',
          nameGap: 28,
          data: s.up_to.slice(from, last + 1).map(duration)
        },
        yAxis: {type: 'value', axisLabel: {formatter: x => digits(100 * x, 2) + ' %'}},
        series: [{type: 'bar', data: s.count.slice(from, last + 1).map(x => x / sum)}]
      };
    },
    'low'
  );
  const part = chart(
    'participation-chart',
    'participation',
    () => {
      const p = data.report.participation.filter(x => x !== null);
      const classes = Array(20).fill(0);
      p.forEach(x => classes[Math.min(19, Math.floor(x * 20))]++);
      return {
        tooltip: {formatter: q => `${q.name} of the occasions: ${q.value} users`},
        xAxis: {
          type: 'category',
          name: 'share of the occasions that a user took',
          nameLocation: 'middle',
          nameGap: 28,
          data: classes.map((_, k) => `${5 * k}–${5 * k + 5} %`)
        },
        yAxis: {type: 'value', name: 'users', minInterval: 1},
        series: [{type: 'bar', data: classes}]
      };
    },
    'low'
  );
  section(
    'staleness',
    'Staleness and participation',
    'How old the snapshots were that users mixed with, over all mixings; and how often users took part.',
    element('div', {class: 'pair'}, versions.node, seconds.node, part.node)
  );
  return {update: () => [versions, seconds, part].forEach(c => c.update())};
}

const KINDS = ['training', 'away', 'down'];

function timeline() {
  let messages = false;
  const whole = () => !!data.report.activity.intervals;
  const rows = () => (whole() ? data.report.bins.order : [...Array(data.report.bins.count).keys()]);
  const c = chart('timeline-chart', 'who did what when', () => {
    const a = data.report.activity;
    const zoom = [
      {type: 'inside', filterMode: 'weakFilter'},
      {type: 'slider', height: 18, bottom: 6, filterMode: 'weakFilter', labelFormatter: duration, textStyle: {color: ink()}}
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
            stroke: dark.matches && !printing ? '#15171a' : '#fff',
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
      legend: {data: [...KINDS, ...(messages ? ['messages'] : [])]},
      dataZoom: zoom,
      grid: {left: 50, right: 18, top: 30, bottom: 66},
      tooltip: {
        formatter: p =>
          p.seriesName === 'messages'
            ? ''
            : `user ${p.value[5]}: ${p.seriesName}${p.value[3] >= 0 ? ', turn ' + p.value[3] : ''}<br>${duration(p.value[1])} to ${duration(p.value[2])}` +
              (p.value[4] === 3 ? '<br>it trains, and neither publishes nor mixes' : '') +
              (p.value[4] === 1 ? '<br>did not take part in the collaboration at its end' : '')
      },
      xAxis: timeAxis(a.end),
      yAxis: {type: 'category', inverse: true, data: rows().map(String), splitLine: {show: false}},
      series
    };
  });
  function heatline(s, zoom) {
    const n = data.report.bins.count;
    const cells = [];
    for (let i = 0; i < n; i++)
      for (let k = 0; k < s.steps; k++) cells.push([k, i, s.training[i * s.steps + k], s.away[i * s.steps + k], s.down[i * s.steps + k]]);
    return {
      dataZoom: zoom,
      grid: {left: 50, right: 18, top: 10, bottom: 66},
      tooltip: {
        formatter: p =>
          `${duration(p.value[0] * s.step)} to ${duration((p.value[0] + 1) * s.step)}<br>training ${p.value[2]} %, away ${p.value[3]} %, down ${p.value[4]} %`
      },
      xAxis: {type: 'category', data: Array.from({length: s.steps}, (_, k) => duration(k * s.step)), splitLine: {show: false}},
      yAxis: {type: 'category', inverse: true, data: Array.from({length: n}, (_, k) => String(k)), splitLine: {show: false}},
      visualMap: {
        show: false,
        min: 0,
        max: 100,
        dimension: 2,
        inRange: {color: dark.matches && !printing ? ['#1e2125', '#7fcf9a'] : ['#f6f7f9', '#2e8b57']}
      },
      series: [{type: 'heatmap', data: cells, progressive: 0}]
    };
  }
  const size = () => {
    c.node.style.height = Math.min(900, 130 + (whole() ? 20 : 6) * rows().length) + 'px';
  };
  size();
  const a = data.report.activity;
  const many = whole() && a.messages_in_all > a.messages.length;
  section(
    'timeline',
    'Who did what when',
    whole()
      ? 'Each bar is a turn; pale where its user did not take part in the collaboration at its end, and with gaps where it was absent. Scroll, or use the bar below, to zoom.'
      : 'Too much for single turns: the share of time that the users of a row were training (point at it for absences and crashes).',
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
