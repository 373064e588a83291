// The verdicts on claims, as a table with the runs behind them.

const MOST_SEEDS = 1000;
const probability = p => (!known(p) ? '–' : p < 0.0001 ? '< 0.0001' : digits(p, 2));

function needed(c) {
  if (c.verdict !== 'unclear') return '–';
  return c.seeds < 2 ? 'more' : c.needed > MOST_SEEDS ? `> ${grouped(String(MOST_SEEDS))}` : String(c.needed);
}

const verdictMark = (label, text = label) =>
  element('span', {class: 'verdict ' + label.replace(' ', '-')}, `${verdictOf({verdict: label}).sign} ${text}`);

// How many claims hold, fail and so on.
const verdictCounts = claims =>
  VERDICTS.map(v => [v.label, claims.filter(c => c.verdict === v.label).length])
    .filter(([, n]) => n)
    .flatMap(([label, n], k) => [k ? ' ' : null, verdictMark(label, `${n} ${label}`)]);

// Relative differences in percent, as the chart has them.
const effectOf = c =>
  known(c.effect) && c.quantity.startsWith('relative') ? interval(100 * c.effect, known(c.interval) ? 100 * c.interval : null) + ' %' : interval(c.effect, c.interval);

function runsOf(c, rows) {
  const behind = c.rows.map(k => rows[k]);
  const count = behind.reduce((sum, r) => sum + r.runs.length, 0);
  const seed = x => (x.report ? element('a', {href: x.report}, `seed ${x.seed}`) : `seed ${x.seed}`);
  return element(
    'details',
    {},
    element('summary', {}, `${count} runs`),
    ...behind.map(r => element('div', {}, r.name + ': ', ...r.runs.flatMap((x, k) => (k ? [', ', seed(x)] : [seed(x)]))))
  );
}

function verdictRows(claims, rows) {
  const heads = ['claim', 'verdict', 'measure', 'effect', 'p', 'seeds', 'seeds needed', 'from', 'runs'];
  const numbers = ['effect', 'p', 'seeds', 'seeds needed'];
  return element(
    'div',
    {class: 'wide'},
    element(
      'table',
      {class: 'verdicts'},
      element('thead', {}, element('tr', {}, ...heads.map(h => element('th', {class: numbers.includes(h) ? 'number' : null}, h)))),
      element(
        'tbody',
        {},
        ...claims.map(c =>
          element(
            'tr',
            {},
            element('td', {}, c.name, element('div', {class: 'soft'}, c.what)),
            element('td', {}, verdictMark(c.verdict)),
            element('td', {}, c.measure),
            element('td', {class: 'number'}, effectOf(c)),
            element('td', {class: 'number'}, probability(c.p)),
            element('td', {class: 'number'}, String(c.seeds)),
            element('td', {class: 'number'}, needed(c)),
            element('td', {}, c.from),
            element('td', {}, runsOf(c, rows))
          )
        )
      )
    )
  );
}

const HOW =
  'Effect: the mean over n seeds of the larger less the smaller, of a relative difference, a slope per step or Spearman’s ρ; positive if the ' +
  'claim is right. In brackets its confidence interval (Student’s t over seeds, standard deviations with ddof 1). Intervals and p are corrected ' +
  'for the number of claims of the study (Holm), so that all its verdicts together are wrong in at most 5 % of all studies. Seeds needed: ' +
  'those that would decide it if mean and deviation stayed as they are.';

function verdicts(d) {
  if (!d.claims || !d.claims.length) return;
  section('verdicts', 'Verdicts', HOW, element('p', {}, verdictCounts(d.claims)), verdictRows(d.claims, d.rows));
  const charts = effects(d.claims);
  if (charts.length)
    section(
      'effects',
      'Effects',
      'Each claim’s effect with its interval, and the line of no effect. Grey: what counts as equal.',
      ...charts.map(c => c.node)
    );
}

// The page of a suite: several studies, of which each has a page of its own.
function suite() {
  const all = data.studies.flatMap(s => s.claims);
  page.append(
    element('h1', {}, data.title),
    element('p', {class: 'soft'}, data.about),
    element('p', {class: 'soft'}, data.made),
    element('p', {}, verdictCounts(all)),
    element('p', {class: 'soft'}, HOW)
  );
  data.studies.forEach(s =>
    section(
      s.name,
      s.name,
      s.question,
      element('p', {class: 'soft'}, s.runs + '. ', s.report ? element('a', {href: s.report}, 'The study’s page') : null),
      element('p', {}, verdictCounts(s.claims)),
      verdictRows(s.claims, s.rows),
      ...effects(s.claims, s.name + '-').map(c => c.node)
    )
  );
}
