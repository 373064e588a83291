// Which evidence tells how much a neighbour's model helps.

const EVIDENCE = {
  utility: 'utility',
  parameter_cosine: 'cosine of parameters',
  weight_cosine: 'cosine of ΔW',
  validation_loss: '− validation loss',
  logit_l1: '− ℓ1 of logits',
  probability_l1: '− ℓ1 of probabilities',
  kl: '− KL',
  symmetric_kl: '− symmetric KL',
  change_cosine: 'cosine of changed predictions'
};

function utility() {
  if (!data.report.utility) return null;
  const u = () => data.report.utility;
  // The order of EVIDENCE, in which a kind has the same colour in every chart.
  const kinds = Object.keys(EVIDENCE).filter(k => k in u().points.evidence);
  let shown = kinds[0];
  const scatter = chart(
    'utility-chart',
    'utility and evidence',
    () => {
      const p = u().points;
      const points = same => zip(p.evidence[shown], p.utility).filter((v, k) => p.same[k] === same && v[0] !== null && v[1] !== null);
      return {
        legend: {data: ['same category', 'another category']},
        tooltip: {formatter: v => `${escaped(EVIDENCE[shown])}: ${digits(v.value[0])}<br>utility: ${digits(v.value[1])}`},
        xAxis: valueAxis(EVIDENCE[shown]),
        yAxis: valueAxis('Utility (nats)'),
        series: ['same category', 'another category'].map((name, k) => ({
          type: 'scatter',
          name,
          symbolSize: 5,
          itemStyle: {color: colours()[k], opacity: 0.6},
          data: points(1 - k)
        }))
      };
    },
    'square'
  );
  const over = (id, label, key) =>
    chart(id, label, () => {
      const r = u().rounds;
      const names = Object.keys(EVIDENCE).filter(k => k in r[key] && r[key][k].some(v => v !== null));
      if (!names.length) return nothing('no round has an order yet');
      return {
        legend: {data: names.map(k => EVIDENCE[k])},
        tooltip: {
          trigger: 'axis',
          order: 'valueDesc',
          formatter: all =>
            [duration(all[0].value[0])].concat(all.map(l => `${l.marker}${escaped(l.seriesName)}: ${digits(l.value[1], 3)}`)).join('<br>')
        },
        xAxis: timeAxis(lastOf([r.at]), 'virtual time'),
        yAxis: {type: 'value', name: 'Spearman’s ρ', min: -1, max: 1, axisLabel: {formatter: tick}},
        series: names.map(k => ({
          type: 'line',
          name: EVIDENCE[k],
          symbol: r.at.length > 1 ? 'none' : 'circle',
          lineStyle: {width: 2, type: k === 'utility' ? 'dashed' : 'solid'},
          itemStyle: {color: k === 'utility' ? ink() : colours()[kinds.indexOf(k) % 10]},
          data: zip(r.at, r[key][k]).filter(v => v[1] !== null)
        }))
      };
    });
  const withUtility = over('utility-correlation-chart', 'rank correlation of evidence and utility', 'with_utility');
  const withOracle = over('oracle-correlation-chart', 'rank correlation of evidence and the oracle', 'with_oracle');
  section(
    'utility',
    'What tells whether a neighbour helps?',
    withTerms(
      '[Utility|utility]: how much a user’s validation loss falls if it mixes in a little of a neighbour’s model. Evidence is signed so ' +
        'that larger values mean more alike. A point is one neighbour of one user at one instant; there may be more than are shown.'
    ),
    element(
      'div',
      {class: 'controls'},
      element(
        'label',
        {},
        'evidence ',
        element(
          'select',
          {
            id: 'utility-evidence',
            onchange: e => {
              shown = e.target.value;
              scatter.update();
            }
          },
          kinds.map(k => element('option', {value: k}, EVIDENCE[k]))
        )
      )
    ),
    scatter.node,
    element('h3', {}, 'Does evidence order neighbours as utility does?'),
    element(
      'p',
      {class: 'soft'},
      'Spearman’s ρ over the neighbours of a user at one instant; the mean over the users that measured after the same turn. 1: the ' +
        'same order; 0: none.'
    ),
    withUtility.node,
    element('h3', {}, 'And as the oracle does?'),
    element('p', {class: 'soft'}, withTerms('The same with the weights of the [oracle]. Dashed: utility itself.')),
    withOracle.node
  );
  return {update: () => [scatter, withUtility, withOracle].forEach(c => c.update())};
}
