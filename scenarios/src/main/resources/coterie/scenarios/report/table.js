// The table of several runs, or of a study.

const FIGURE_TERMS = {
  'versions old': 'versions behind',
  age: 'age',
  'took part': 'participation',
  'trust to oracle': 'trust to oracle',
  'trust change': 'trust change',
  'virtual time': 'virtual time'
};

function comparisonTable(d) {
  const rows = d.rows;
  const differences = rows.some(r => r.incomparable || (r.difference !== null && r.difference !== undefined));
  const ofRuns = d.over === 'users';
  const pairs = rows.filter(r => r.by_user);
  const figures = rows[0].figures || [];
  const figure = f =>
    f.value === null
      ? '–'
      : {number: fixed, share: x => digits(100 * x, 3) + ' %', bytes, seconds: duration}[f.unit](f.value);
  const found = r => (r.n || !r.lost ? plusMinus(r.mean, r.deviation) + (r.lost ? ' ' : '') : '') + (r.lost || '');
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
        element('th', {class: 'number'}, 'n'),
        differences ? element('th', {class: 'number'}, ofRuns ? 'difference' : 'against the baseline') : null,
        pairs.length ? element('th', {class: 'number'}, 'users that are better') : null,
        ...figures.map(f => element('th', {class: 'number'}, term(FIGURE_TERMS[f.label], f.label))),
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
          element('td', {class: 'number'}, String(r.n)),
          differences ? element('td', {class: 'number'}, r.incomparable ? 'NA' : interval(r.difference, r.interval)) : null,
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
    `Mean ± standard deviation over n ${d.over} (of the ${ofRuns ? 'population, ddof 0' : 'sample, ddof 1'}); ` +
      `the ${d.better === 'higher' ? 'highest' : 'lowest'} mean in bold. ` +
      (differences
        ? `Differences ${ofRuns ? `from ${d.against} are means over users, user by user` : 'are means over seeds, seed by seed'}, ` +
          'with their 95 % confidence intervals (Student’s t) in brackets. '
        : '') +
      (rows.some(r => /NA/.test(r.lost)) ? 'NA: the target was never reached. ' : '') +
      (figures.length ? '“By trust”: versions old, weighted by trust. Columns of settings: what differs.' : ''),
    element('div', {class: 'wide'}, table)
  );
}

// The last part of a key path, or all of it if the last part is that of another key too.
function head(keys, key) {
  const last = k => k.slice(k.lastIndexOf('.') + 1);
  return keys.filter(k => last(k) === last(key)).length > 1 ? key : last(key);
}
