// How honest users trust attackers, and when attacks take place.

const SHOWN_ATTACKS = 3;

// The times of attacks in a chart over time, as areas with the attacks' names. last: the end of the axis in virtual time;
// place: where an instant lies on the axis.
function attackAreas(last, place) {
  const spans = [];
  (data.report.attack_times || [])
    .filter(a => a.from < last)
    .forEach(a => {
      const until = a.until === null ? last : Math.min(a.until, last);
      const same = spans.find(s => s.from === a.from && s.until === until);
      if (!same) spans.push({from: a.from, until, names: [a.attack]});
      else if (same.names.indexOf(a.attack) < 0) same.names.push(a.attack);
    });
  if (!spans.length) return [];
  const name = s => (s.names.length > SHOWN_ATTACKS ? s.names.length + ' attacks' : s.names.join(', '));
  return [
    {
      type: 'line',
      name: 'attacks',
      symbol: 'none',
      data: [],
      markArea: {
        silent: true,
        animation: false,
        itemStyle: {color: colours()[3], opacity: 0.08},
        label: {position: 'insideTop', color: ink()},
        data: spans.map(s => [{name: name(s), xAxis: place(s.from)}, {xAxis: place(s.until)}])
      }
    }
  ];
}

function inAttackers() {
  if (!data.report.in_attackers) return null;
  const t = () => data.report.in_attackers;
  // Where a rule leaves the weights as they are, both curves are the same.
  const differs = () => t().influence.some((v, k) => v !== null && v !== t().weight[k]);
  const overTime = (id, label, axis, curves) =>
    chart(
      id,
      label,
      () => {
        const at = t().at;
        if (!at.length) return nothing('no honest user has mixed during an attack' + (data.summary ? '' : ' yet'));
        const shown = curves();
        if (!shown.some(c => t()[c.key].some(v => v !== null))) return nothing('no row has both attackers and other candidates');
        const last = Math.max(lastOf([at]), data.report.activity.end || 0);
        return {
          legend: {data: shown.map(c => c.name)},
          tooltip: {
            trigger: 'axis',
            formatter: all =>
              [duration(all[0].value[0])].concat(all.map(l => `${l.marker}${l.seriesName}: ${digits(l.value[1], 3)}`)).join('<br>')
          },
          dataZoom: [{type: 'inside', filterMode: 'none'}],
          xAxis: timeAxis(last, 'virtual time'),
          yAxis: axis,
          series: shown
            .map(c => ({
              type: 'line',
              step: 'end',
              name: c.name,
              symbol: at.length > 1 ? 'none' : 'circle',
              lineStyle: {width: 2, type: c.type},
              itemStyle: {color: c.colour},
              data: zip(at, t()[c.key]).filter(v => v[1] !== null)
            }))
            .concat(attackAreas(last, s => s))
        };
      },
      'low'
    );
  const weight = overTime('attackers-chart', 'trust in attackers', valueAxis('Weight on attackers (0 to 1)'), () =>
    [{key: 'weight', name: 'trust', type: 'solid', colour: colours()[7]}]
      .concat(differs() ? [{key: 'influence', name: 'after aggregation', type: 'solid', colour: colours()[0]}] : [])
      .concat([{key: 'equal', name: 'equal weights', type: 'dotted', colour: ink()}])
  );
  const auc = overTime(
    'attackers-auc-chart',
    'detection of attackers by trust',
    {type: 'value', name: 'AUC of attackers (0.5: chance)', min: 0, max: 1, axisLabel: {formatter: tick}},
    () => [{key: 'auc', name: 'AUC of 1 − trust', type: 'solid', colour: colours()[7]}]
  );
  section(
    'attackers',
    'Do honest users trust attackers?',
    withTerms(
      'Means over the users that never attack, each by its newest [trust row] of a time of attacks. Attackers: ' +
        data.report.attackers.slice(0, 40).join(', ') +
        (data.report.attackers.length > 40 ? ' and ' + (data.report.attackers.length - 40) + ' more' : '') +
        '. Shaded: when they attack.'
    ),
    element(
      'div',
      {class: 'pair'},
      element(
        'div',
        {},
        element('h3', {}, 'Weight on attackers'),
        element(
          'p',
          {class: 'soft'},
          withTerms(
            'The weight that honest users give users that attack at that time, together. After aggregation: their [influence], ' +
              'where the rule tells it and it is not the weight. Dotted: what equal weights would give them.'
          )
        ),
        weight.node
      ),
      element(
        'div',
        {},
        element('h3', {}, 'Detection'),
        element(
          'p',
          {class: 'soft'},
          withTerms('[AUC of attackers]. 1: attackers have less weight than all honest users; 0.5: trust says nothing.')
        ),
        auc.node
      )
    )
  );
  return {update: () => [weight, auc].forEach(c => c.update())};
}
