// The page of a run: what stands on it, and the parts that are only words.

function samples() {
  if (!data.samples || !data.samples.length) return;
  section(
    'samples',
    'What the models write',
    'The beginning is the user’s test text. The same random numbers draw both continuations.',
    ...data.samples.flatMap(s => [
      element('h3', {}, `user ${s.user} (${s.category})`),
      element('p', {class: 'soft'}, 'the base'),
      element('blockquote', {}, element('b', {}, s.beginning), s.before),
      element('p', {class: 'soft'}, 'with the user’s adapter'),
      element('blockquote', {}, element('b', {}, s.beginning), s.after)
    ])
  );
}

// The label may name terms: see withTerms.
function tile(value, label) {
  return element('div', {class: 'tile'}, element('b', {}, value), element('span', {}, withTerms(label)));
}

function header() {
  const s = data.summary;
  page.append(element('h1', {}, data.title));
  if (!s) return;
  const first = data.report.metrics[0];
  const mean = list => {
    const x = list.filter(v => v !== null);
    return x.length ? x.reduce((a, b) => a + b, 0) / x.length : null;
  };
  // Without candidates there is no age, and a mean of zero would look like fresh snapshots.
  const aged = (s.staleness.versions ?? {}).count !== 0;
  const age = x => (aged ? digits(x, 3) : '–');
  page.append(
    element(
      'p',
      {class: 'soft'},
      `${s.strategy} on ${s.users} users, ${s.topology} topology, ${s.mode}, ${s.clock} clock, seed ${s.seed}` +
        (s.status === 'completed' ? '' : ` – ${s.status}`)
    ),
    ...(s.diverged && s.diverged.length
      ? [
          element(
            'p',
            {id: 'diverged'},
            'Training has diverged: ' +
              s.diverged
                .slice(0, 20)
                .map(d => `user ${d.user} at iteration ${d.iteration} (${d.symptom})`)
                .join(', ') +
              (s.diverged.length > 20 ? ` and ${s.diverged.length - 20} more` : '') +
              (s[first.name].users ? `; the ${first.label} is the mean over the other ${s[first.name].users} users` : '') +
              (s.ended_by === 'divergence' ? ', at the instant at which the run ended with it.' : '.')
          )
        ]
      : []),
    element(
      'div',
      {class: 'tiles', id: 'tiles'},
      ...data.report.metrics.map(m =>
        tile(plusMinus(s[m.name].mean, s[m.name].std), `${m.label} at the end (before: ${digits(mean(s[m.name].before))})`)
      ),
      tile(age(s.staleness.mean_versions), '[versions behind], in the mean'),
      tile(aged ? duration(s.staleness.mean_seconds) : '–', '[age] of what was mixed, in the mean'),
      // Runs of earlier versions do not say it.
      ...('trust_weighted_versions' in s.staleness
        ? [
            tile(age(s.staleness.trust_weighted_versions), '[versions behind], each by the weight it was given'),
            tile(digits(s.trust_change_l1.last, 3), '[change of trust|trust change] at the last mixing (L1, 0 to 2)')
          ]
        : []),
      tile(known(s.participation) ? digits(100 * s.participation, 3) + ' %' : '–', 'of the occasions users [took part|participation]'),
      s.presence === null || s.presence === undefined ? null : tile(digits(100 * s.presence, 3) + ' %', 'of the time present'),
      tile(bytes(s.bytes_sent.total), 'sent'),
      tile(`${tick(s.messages.lost)} of ${tick(s.messages.sent)}`, 'messages lost'),
      tile(digits(s.consensus_distance, 3), '[consensus distance] at the end'),
      tile(digits(s.trust_to_oracle_l1, 3), '[trust’s distance to the oracle|trust to oracle] (L1, 0 to 2)'),
      ...(s.attackers
        ? [
            ...data.report.metrics.map(m =>
              tile(plusMinus(s.honest[m.name].mean, s.honest[m.name].std), `${m.label} of the ${s.honest.users} honest users`)
            ),
            tile(digits(s.attackers.weight, 3), `weight that honest users gave ${s.attackers.users} attackers`),
            known(s.attackers.influence) && digits(s.attackers.influence, 3) !== digits(s.attackers.weight, 3)
              ? tile(digits(s.attackers.influence, 3), '[influence] of attackers after aggregation')
              : null,
            tile(digits(s.attackers.auc, 3), '[detection of attackers|AUC of attackers] by trust (AUC, 0.5: chance)'),
            'seconds_to_auc' in s.attackers
              ? tile(known(s.attackers.seconds_to_auc) ? duration(s.attackers.seconds_to_auc) : 'never', 'until the AUC stayed at 0.9')
              : null
          ]
        : []),
      tile(duration(s.virtual_seconds), '[virtual time]'),
      tile(duration(s.wall_seconds), 'wall time'),
      tile(digits(s.tokens_per_second, 3), 'trained a second, in tokens or rows')
    ),
    element(
      'p',
      {class: 'soft'},
      `± is the standard deviation over the ${s[first.name].users ?? s.users} users whose results count (of the population, ddof 0).`
    )
  );
}

// One line a group of users.
function groups() {
  const s = data.summary;
  if (!s || !s.groups) return;
  const percent = x => (x === null ? '–' : digits(100 * x, 3) + ' %');
  const head = ['group', 'users', ...data.report.metrics.map(m => m.label), 'turns', 'versions behind', 'took part', 'time present'];
  const rows = Object.entries(s.groups).map(([name, g]) => [
    name,
    String(g.users),
    ...data.report.metrics.map(m => plusMinus(g[m.name].mean, g[m.name].std)),
    tick(g.turns),
    digits(g.mean_versions, 3),
    percent(g.participation),
    percent(g.presence)
  ]);
  section(
    'groups',
    'Groups',
    'At the end: mean ± standard deviation over the users of a group (of the population, ddof 0). Versions behind: of what ' +
      'they mixed, in the mean.',
    element(
      'div',
      {class: 'wide'},
      element(
        'table',
        {},
        element('tr', {}, ...head.map(h => element('th', {}, h))),
        ...rows.map(row => element('tr', {}, ...row.map(cell => element('td', {}, cell))))
      )
    )
  );
}

// Where the run comes from, and how to repeat it. Runs of earlier versions do not say it.
function provenance() {
  const s = data.summary;
  const p = s && s.provenance;
  if (!p) return;
  const where = q =>
    `${q.devices.join(', ')}` + (q.threads ? `, threads: ${q.threads}` : '') + (q.nodes ? `, nodes: ${q.nodes}` : '');
  const machine = q => `${q.processor}, cores: ${q.cores}; ${q.operating_system}; Java ${q.java}`;
  const rows = [
    ['began', p.began],
    ['ended', p.ended],
    ['command', p.command],
    ['program', p.program],
    ['machine', p.processor ? machine(p) : null],
    ['device', p.devices ? where(p) + (p.recomputed ? '; activations recomputed' : '') : null],
    ['engine', s.engine],
    ['seed', p.seed],
    ['base', p.base ? [p.base, p.base_hash].filter(x => x).join(' ') : null],
    ['data', [p.data, p.data_hash].filter(x => x).join(' ')],
    ...p.inputs.map(i => [i.setting, i.hash]),
    ...p.resumed.map(q => ['resumed', [q.began, q.command, q.program, machine(q), where(q)].filter(x => x).join('; ')])
  ].filter(r => r[1] !== null && r[1] !== undefined);
  section(
    'provenance',
    'Provenance',
    'Times are UTC. Hashes are SHA-256: of the base, of all users’ data, of the files that settings name.',
    element(
      'div',
      {class: 'wide'},
      element('table', {}, ...rows.map(r => element('tr', {}, element('th', {}, r[0]), element('td', {}, String(r[1])))))
    ),
    element('h3', {}, 'To repeat it'),
    element('pre', {id: 'repeat'}, p.repeat.join('\n')),
    element(
      'p',
      {class: 'soft'},
      s.clock === 'wall'
        ? 'By the wall clock, no run repeats another exactly.'
        : 'Type this where the run was started. With the same program, on the same kind of processor, both runs have the same hashes.'
    )
  );
}

function footer() {
  if (data.summary) {
    page.append(
      element(
        'section',
        {},
        element('details', {}, element('summary', {}, 'The summary'), element('pre', {}, JSON.stringify(data.summary, null, 2)))
      )
    );
  }
  if (data.scenario) {
    page.append(
      element(
        'section',
        {},
        element(
          'details',
          {id: 'scenario'},
          element('summary', {}, 'The scenario, with every default written out'),
          element('pre', {}, data.scenario)
        )
      )
    );
  }
}

function run() {
  header();
  groups();
  const parts = runCharts();
  samples();
  provenance();
  terms();
  footer();
  return parts;
}

function comparison() {
  page.append(element('h1', {}, data.title));
  if (data.question) page.append(element('p', {class: 'soft'}, data.question));
  compared(data, true);
  if (data.text)
    page.append(element('section', {}, element('details', {}, element('summary', {}, 'The table as text'), element('pre', {}, data.text))));
  terms();
}
