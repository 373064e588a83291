// Bytes, and whether trust settles and users drift apart.

function traffic() {
  const c = chart(
    'traffic-chart',
    'bytes sent',
    () => {
      const t = data.report.traffic;
      const area = (name, y, own) => ({
        type: 'line',
        name,
        areaStyle: {opacity: 0.35},
        symbol: 'none',
        data: t.at.map((v, k) => [v, y[k], own[k]])
      });
      return {
        legend: {data: ['parameters', 'predictions']},
        tooltip: {
          trigger: 'axis',
          formatter: all => [duration(all[0].value[0]), ...all.map(l => `${l.marker}${l.seriesName}: ${bytes(l.value[2])}`)].join('<br>')
        },
        xAxis: timeAxis(lastOf([t.at]), 'virtual time'),
        yAxis: {type: 'value', axisLabel: {formatter: bytes}},
        series: [
          area(
            'predictions',
            t.predictions.map((v, k) => v + t.parameters[k]),
            t.predictions
          ),
          area('parameters', t.parameters, t.parameters)
        ]
      };
    },
    'low'
  );
  section('traffic', 'Bytes sent', 'By all users together, until when, by what they are for.', c.node);
  return c;
}

function steps() {
  const line = (id, title, key) =>
    chart(
      id,
      title,
      () => {
        const s = data.report.steps;
        return {
          tooltip: {trigger: 'axis', formatter: p => `turn ${p[0].value[0]}, ${duration(s.at[p[0].dataIndex])}: ${digits(p[0].value[1])}`},
          xAxis: {type: 'value', name: 'turn', nameLocation: 'middle', nameGap: 28, max: 'dataMax', minInterval: 1},
          yAxis: {type: 'value', scale: true, axisLabel: {formatter: v => digits(v, 3)}},
          series: [{type: 'line', symbol: 'none', data: zip(s.turn, s[key])}]
        };
      },
      'low'
    );
  const change = line('change-chart', 'change of trust', 'change');
  const distance = line('distance-chart', 'distance to those mixed with', 'distance');
  section(
    'steps',
    'Does trust settle, and do users drift apart?',
    null,
    element(
      'div',
      {class: 'pair'},
      element(
        'div',
        {},
        element('h3', {}, '‖W(t) − W(t−1)‖₁'),
        element('p', {class: 'soft'}, 'How much of its trust a user gives to others than at its mixing before: the sum of what its weights change by, in the mean over users. 0: nothing has changed, 2: everything.'),
        change.node
      ),
      element(
        'div',
        {},
        element('h3', {}, 'Distance between models'),
        element('p', {class: 'soft'}, 'Root mean square distance of a user’s parameters from those it mixes with, in the mean over users.'),
        distance.node
      )
    )
  );
  return {update: () => [change, distance].forEach(c => c.update())};
}
