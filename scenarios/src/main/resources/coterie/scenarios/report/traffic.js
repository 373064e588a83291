// Bytes, and whether trust settles and users drift apart.

function traffic() {
  const c = chart(
    'traffic-chart',
    'bytes sent',
    () => {
      const t = data.report.traffic;
      if (!t.at.length) return nothing('no turn has ended yet');
      const sum = t.parameters.map((v, k) => v + t.predictions[k]);
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
        yAxis: bytesAxis('Sent until then', largest(sum)),
        series: [
          area('predictions', sum, t.predictions),
          area('parameters', t.parameters, t.parameters)
        ]
      };
    },
    'low'
  );
  section('traffic', 'Bytes sent', 'By all users together since the beginning; the areas lie on one another.', c.node);
  return c;
}

function steps() {
  const line = (id, label, axis, key) =>
    chart(
      id,
      label,
      () => {
        const s = data.report.steps;
        const known = zip(s.turn, s[key]).filter(p => p[1] !== null);
        if (!known.length) return nothing('no user has mixed often enough yet');
        return {
          tooltip: {
            trigger: 'axis',
            formatter: p => `turn ${p[0].value[0]}, ${duration(s.at[s.turn.indexOf(p[0].value[0])])}: ${digits(p[0].value[1])}`
          },
          xAxis: countAxis('turn'),
          yAxis: axis,
          series: [{type: 'line', symbol: known.length > 1 ? 'none' : 'circle', data: known}]
        };
      },
      'low'
    );
  const change = line('change-chart', 'change of trust', valueAxis('Change of trust (L1, 0 to 2)'), 'change');
  const oracle = line('oracle-distance-chart', 'distance of trust from the oracle', valueAxis('Trust to oracle (L1, 0 to 2)'), 'oracle');
  const distance = line('distance-chart', 'distance to those mixed with', valueAxis('Distance of parameters (RMS)'), 'distance');
  section(
    'steps',
    'Does trust settle, and do users drift apart?',
    'Means over the users that mixed after a turn.',
    element(
      'div',
      {class: 'pair'},
      element(
        'div',
        {},
        element('h3', {}, '‖W(t) − W(t−1)‖₁'),
        element(
          'p',
          {class: 'soft'},
          withTerms(
            '[Trust change|trust change]: the sum of what a user’s weights change by between two mixings. 0: nothing has ' +
              'changed; 2: all weight has moved.'
          )
        ),
        change.node
      ),
      element(
        'div',
        {},
        element('h3', {}, 'Trust and the oracle’s'),
        element(
          'p',
          {class: 'soft'},
          withTerms(
            '[Trust to oracle|trust to oracle]: how far a user’s weights are from those of the oracle, which follows every ' +
              'change of data at once. 0: equal; 2: no weight in common.'
          )
        ),
        oracle.node
      ),
      element(
        'div',
        {},
        element('h3', {}, 'Distance between models'),
        element('p', {class: 'soft'}, 'Root mean square distance of a user’s parameters from those that it mixes with.'),
        distance.node
      )
    )
  );
  return {update: () => [change, oracle, distance].forEach(c => c.update())};
}
