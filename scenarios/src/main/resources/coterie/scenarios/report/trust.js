// Who trusts whom, as matrices and as a graph.

const unpacked = new Map();
function matrix(packed) {
  if (!unpacked.has(packed)) {
    if (unpacked.size > 200) unpacked.clear();
    const bytes = Uint8Array.from(atob(packed), ch => ch.charCodeAt(0));
    // The lower byte comes first. How engines order the bytes of a Uint16Array is up to them.
    unpacked.set(packed, Uint16Array.from({length: bytes.length / 2}, (_, k) => bytes[2 * k] | (bytes[2 * k + 1] << 8)));
  }
  return unpacked.get(packed);
}

const attacks = user => (data.report.attackers || []).includes(user);

// Users in the order of matrices; the first one of several that share a row.
function rowNames() {
  const {count, order} = data.report.bins;
  const all = Array.from({length: count}, () => []);
  order.forEach((u, k) => all[Math.floor((k * count) / order.length)].push(u));
  return all.map(us => (us.length === 1 ? us[0] + (attacks(us[0]) ? '*' : '') : us[0] + ' …'));
}

function trust() {
  const t = () => data.report.trust;
  const n = () => data.report.bins.count;
  let frame = -1;
  const at = () => (frame < 0 ? t().at.length - 1 : Math.min(frame, t().at.length - 1));
  const largest = () => {
    let most = 1;
    for (let packed of [t().weights[at()], t().oracle]) if (packed) for (let v of matrix(packed)) most = Math.max(most, v);
    return most / 65535;
  };
  const heat = packed => () => {
    const m = packed() ? matrix(packed()) : new Uint16Array(n() * n());
    const cells = [];
    for (let i = 0; i < n(); i++) for (let j = 0; j < n(); j++) cells.push([j, i, m[i * n() + j] / 65535]);
    const shown = rowNames();
    return {
      grid: {left: 50, right: 8},
      tooltip: {formatter: p => `${escaped(shown[p.value[1]])} trusts ${escaped(shown[p.value[0]])}: ${digits(p.value[2], 3)}`},
      xAxis: {type: 'category', name: 'from user', data: shown, splitLine: {show: false}},
      yAxis: {type: 'category', name: 'To user (mixes)', data: shown, inverse: true, splitLine: {show: false}},
      visualMap: {
        min: 0,
        max: largest(),
        calculable: false,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemHeight: 90,
        itemWidth: 12,
        textStyle: {color: ink()},
        text: [digits(largest(), 2), 'weight 0'],
        inRange: {
          color: night() ? ['#1e2125', '#2f5f93', '#7db4ee', '#f4f8ff'] : ['#f6f7f9', '#a9c9ea', '#2563a8', '#0c2a4d']
        }
      },
      series: [
        {
          type: 'heatmap',
          data: cells,
          itemStyle: {borderWidth: 0},
          emphasis: {itemStyle: {borderColor: ink(), borderWidth: 1}},
          progressive: 0
        }
      ]
    };
  };
  if (!t().at.length) {
    section('trust', 'Trust', data.summary ? 'No user has mixed by trust.' : 'No user has mixed by trust yet.');
    return null;
  }
  const learned = chart(
    'trust-learned',
    'the learned trust matrix',
    heat(() => t().weights[at()]),
    'square'
  );
  const oracle = chart(
    'trust-oracle',
    "the oracle's trust matrix",
    heat(() => t().oracle),
    'square'
  );
  const label = element('output', {id: 'trust-time'}, duration(t().at[at()]));
  const slider = element('input', {
    type: 'range',
    id: 'trust-slider',
    min: 0,
    max: t().at.length - 1,
    value: t().at.length - 1,
    'aria-label': 'time of the trust matrix',
    oninput: e => {
      frame = Number(e.target.value) === t().at.length - 1 ? -1 : Number(e.target.value);
      show();
    }
  });
  let playing = null;
  const play = element(
    'button',
    {
      onclick: () => {
        if (playing) return stop();
        frame = 0;
        playing = setInterval(() => {
          if (at() >= t().at.length - 1) return stop();
          frame = at() + 1;
          slider.value = frame;
          show();
        }, 150);
        play.textContent = 'stop';
      }
    },
    'play'
  );
  const stop = () => {
    clearInterval(playing);
    playing = null;
    play.textContent = 'play';
  };
  function show() {
    label.textContent = duration(t().at[at()]);
    learned.update();
  }
  const many = data.report.bins.order.length > n();
  section(
    'trust',
    'Trust',
    withTerms(
      'Each row holds the weights with which a user mixes: its [trust row]. Beside it what the [oracle] would give, which knows ' +
        'every user’s mixture of text. Users are ordered by [category]' +
        (data.report.attackers ? ' (* attacks)' : '') +
        (many ? '; a row stands for several users, and an entry is the weight that they give all users of the column together.' : '.')
    ),
    element('div', {class: 'controls'}, play, slider, label),
    element(
      'div',
      {class: 'pair'},
      element('div', {}, element('h3', {}, 'learned'), learned.node),
      element('div', {}, element('h3', {}, 'the oracle’s'), oracle.node)
    )
  );
  return {
    update() {
      slider.max = t().at.length - 1;
      if (frame < 0) slider.value = slider.max;
      show();
      oracle.update();
    }
  };
}

function graph() {
  let layout = 'circular';
  let byGroup = false;
  const c = chart(
    'graph-chart',
    'who trusts whom',
    () => {
      const r = data.report,
        g = r.graph;
      const kinds = byGroup ? r.groups : r.categories;
      const kind = byGroup ? r.group : r.category;
      const members = r.categories.map((_, k) => r.category.filter(x => x === k).length);
      const nodes = g.grouped
        ? r.categories.map((name, k) => ({
            id: String(k),
            name: `${name} (${members[k]})`,
            category: k,
            symbolSize: 14 + 40 * Math.sqrt(members[k] / r.category.length),
            label: {position: 'bottom'}
          }))
        : r.bins.order.map(u => ({
            id: String(u),
            name: String(u),
            category: kind[u],
            symbolSize: r.category.length > 80 ? 8 : 18,
            ...(attacks(u) ? {symbol: 'diamond', itemStyle: {borderColor: ink(), borderWidth: 2}} : {}),
            label: {show: r.category.length <= 80}
          }));
      const most = largest([...g.edges.map(e => e[2] ?? 0), 1e-9]);
      return {
        legend: {data: kinds.slice()},
        tooltip: {
          formatter: p =>
            p.dataType === 'edge'
              ? `${escaped(p.data.target)} takes ${p.data.value === null ? 'part of' : digits(p.data.value, 3) + ' of'} ${escaped(p.data.source)}`
              : escaped(`user ${p.name}${attacks(Number(p.name)) && !g.grouped ? ', an attacker' : ''}`)
        },
        series: [
          {
            type: 'graph',
            layout,
            roam: true,
            top: 40,
            categories: kinds.map(name => ({name})),
            data: nodes,
            label: {show: true, color: ink()},
            force: {repulsion: 120, edgeLength: 60, layoutAnimation: false},
            emphasis: {focus: 'adjacency'},
            lineStyle: {color: 'source', curveness: 0.12},
            links: g.edges
              .filter(e => e[0] !== e[1])
              .map(e => ({
                source: String(e[0]),
                target: String(e[1]),
                value: e[2],
                lineStyle: {width: e[2] === null ? 1 : 0.4 + (3 * e[2]) / most, opacity: e[2] === null ? 0.5 : 0.08 + (0.7 * e[2]) / most}
              }))
          }
        ]
      };
    },
    'square'
  );
  const colour =
    (data.report.groups ? 'Colour: category, or group. ' : 'Colour: category. ') +
    (data.report.attackers ? 'Diamonds: users that attack. ' : '');
  section(
    'graph',
    'Who trusts whom',
    data.report.graph.grouped
      ? 'There are many users: a node stands for a category, an edge for the weight that its users give those of another.'
      : data.report.trust.at.length
        ? colour + 'The stronger a line, the more of a user’s parameters come from the other, at its last mixing.'
        : colour + 'Lines join neighbours; no user has mixed by trust' + (data.summary ? '.' : ' yet.'),
    element(
      'div',
      {class: 'controls'},
      element(
        'label',
        {},
        'layout ',
        element(
          'select',
          {
            onchange: e => {
              layout = e.target.value;
              c.update();
            }
          },
          element('option', {value: 'circular'}, 'circle'),
          element('option', {value: 'force'}, 'forces')
        )
      ),
      data.report.groups && !data.report.graph.grouped
        ? element(
            'label',
            {},
            'colour ',
            element(
              'select',
              {
                id: 'graph-colour',
                onchange: e => {
                  byGroup = e.target.value === 'group';
                  c.update();
                }
              },
              element('option', {value: 'category'}, 'category'),
              element('option', {value: 'group'}, 'group')
            )
          )
        : null
    ),
    c.node
  );
  return c;
}
