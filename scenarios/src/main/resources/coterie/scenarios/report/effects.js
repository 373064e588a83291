// What claims found: an effect and its interval each, beside the line of no effect.

// Shapes differ too, so that nothing is said by colour alone.
const VERDICTS = [
  {label: 'holds', sign: '✓', colour: 2, symbol: 'circle'},
  {label: 'fails', sign: '✗', colour: 7, symbol: 'path://M1,0L5,4L9,0L10,1L6,5L10,9L9,10L5,6L1,10L0,9L4,5L0,1Z'},
  {label: 'unclear', sign: '?', colour: 8, symbol: 'emptyCircle'},
  {label: 'not reached', sign: '–', colour: 8, symbol: 'none'}
];
const verdictOf = c => VERDICTS.find(v => v.label === c.verdict);

// Charts of all claims that have an effect: one for each quantity, since an axis has one unit.
function effects(claims, prefix = '') {
  const found = claims.filter(c => known(c.effect));
  const quantities = found.map(c => c.quantity).filter((q, k, all) => all.indexOf(q) === k);
  return quantities.map((q, k) =>
    effectChart(`${prefix}effects${k ? '-' + (k + 1) : ''}-chart`, q, found.filter(c => c.quantity === q))
  );
}

function effectChart(id, quantity, shown) {
  const percent = quantity.startsWith('relative');
  const scale = x => (percent ? 100 * x : x);
  const names = shown.map(c => c.name);
  const c = chart(id, 'effects: ' + quantity, () => ({
    grid: {left: leftOf(names, 290)},
    legend: {data: VERDICTS.map(v => v.label).filter(v => shown.some(s => s.verdict === v))},
    tooltip: {formatter: p => `${escaped(names[p.value[1]])}: ${interval(scale(shown[p.value[1]].effect), scale(shown[p.value[1]].interval))}`},
    xAxis: valueAxis(capital(quantity) + (percent ? ' (%)' : ' (right: as claimed)'), {scale: false}),
    yAxis: {...namesAxis(names, 290), splitLine: {show: false}},
    series: [
      {
        type: 'custom',
        silent: true,
        encode: {x: [1, 2, 3, 4], y: 0},
        data: shown.map((s, k) => {
          const half = s.interval ?? 0;
          return [k, s.effect - half, s.effect + half, -s.within, s.within].map((x, n) => (n ? scale(x) : x));
        }),
        renderItem: (params, api) => {
          const [lo, hi, from, to] = [1, 2, 3, 4].map(d => api.coord([api.value(d), api.value(0)]));
          const colour = colours()[verdictOf(shown[params.dataIndex]).colour];
          return {
            type: 'group',
            children: [
              // What counts as equal.
              {type: 'rect', shape: {x: from[0], y: from[1] - 7, width: to[0] - from[0], height: 14}, style: {fill: lines(), opacity: 0.6}},
              {type: 'line', shape: {x1: lo[0], y1: lo[1], x2: hi[0], y2: hi[1]}, style: {stroke: colour, lineWidth: 2}}
            ]
          };
        }
      },
      ...VERDICTS.map(v => ({
        type: 'scatter',
        name: v.label,
        symbol: v.symbol,
        symbolSize: 11,
        itemStyle: {color: colours()[v.colour]},
        data: shown.map((s, k) => [scale(s.effect), k]).filter(p => shown[p[1]].verdict === v.label)
      })),
      {
        type: 'line',
        data: [],
        markLine: {silent: true, symbol: 'none', data: [{xAxis: 0}], lineStyle: {color: ink(), type: 'solid'}, label: {show: false}}
      }
    ]
  }));
  c.wide = 640;
  c.tall = () => 100 + 26 * shown.length;
  c.box.style.height = c.tall() + 'px';
  return c;
}

// The charts of a suite, in the order of its page.
function suiteCharts() {
  data.studies.forEach(s => effects(s.claims, s.name + '-'));
}
