// The list of the runs in a folder: sorted, filtered, and ticked to be compared.

// A run's page lies where its report lies in the folder.
const pageOf = name => [...name.split('/').filter(s => s).map(encodeURIComponent), 'report.html'].join('/');

function runs() {
  // What was chosen is part of the address, so that it is there again after a look at a run.
  const chosen = new URLSearchParams(location.hash.slice(1));
  const ticked = new Set(chosen.getAll('run'));
  let sort = chosen.get('sort'),
    down = chosen.has('down'),
    all = chosen.has('all');
  const filter = element('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'words, or loss=0.1',
    value: chosen.get('filter') ?? '',
    oninput: draw
  });
  const more = element('input', {
    type: 'checkbox',
    id: 'all',
    checked: all,
    onchange: () => {
      all = more.checked;
      draw();
    }
  });
  const moreText = element('label', {}, more, element('span', {}));
  const compare = element('button', {id: 'compare', onclick: () => location.assign('compare?' + query([...ticked]))}, 'compare');
  const clear = element(
    'button',
    {
      id: 'clear',
      onclick: () => {
        ticked.clear();
        draw();
      }
    },
    'untick all'
  );
  const count = element('span', {class: 'soft', id: 'count'});
  const table = element('table', {id: 'runs'});
  page.append(
    element('h1', {}, data.title),
    element(
      'p',
      {class: 'soft'},
      'Mean ± standard deviation over users. Columns of settings: what differs. Tick runs to compare them; the others are compared with the first.'
    ),
    element('div', {class: 'controls'}, element('label', {}, 'filter ', filter), moreText, compare, clear, count),
    element('div', {class: 'wide'}, table)
  );
  draw();
  repeatedly('runs.json', next => {
    if (JSON.stringify(next) === JSON.stringify(data)) return;
    data = next;
    draw();
  });

  function draw() {
    const {columns, rows} = data;
    const hidden = columns.filter(c => c.more).length;
    moreText.hidden = !hidden;
    moreText.lastChild.textContent = ` all settings that differ (${hidden} more)`;
    const shown = columns.flatMap((c, k) => (all || !c.more ? [k] : []));
    const words = filter.value.toLowerCase().split(/\s+/).filter(w => w);
    const found = rows.filter(r => {
      const text = [r.name, r.problem, ...r.cells, ...columns.map((c, k) => `${c.head}=${r.values[k]}`)].join('\n').toLowerCase();
      return words.every(w => text.includes(w));
    });
    const by = columns.findIndex(c => c.key === sort);
    const sorted = by < 0 ? found : [...found].sort((a, b) => order(a.values[by], b.values[by]));
    const names = new Set(rows.filter(r => r.ended).map(r => r.name));
    [...ticked].filter(t => !names.has(t)).forEach(t => ticked.delete(t));
    count.textContent = rows.length ? `${found.length} of ${rows.length} runs` : 'There is no run here yet.';
    const focused = table.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    table.replaceChildren(
      element('thead', {}, element('tr', {}, element('th', {}), ...shown.map(k => heading(columns[k])))),
      element('tbody', {}, ...sorted.map(r => row(r, shown)))
    );
    if (focused) [...table.querySelectorAll('[data-key]')].find(e => e.dataset.key === focused)?.focus();
    controls();
  }

  function controls() {
    compare.disabled = ticked.size < 2;
    compare.textContent = ticked.size ? `compare ${ticked.size} runs` : 'compare';
    clear.disabled = !ticked.size;
    const state = new URLSearchParams();
    if (sort) state.set('sort', sort);
    if (down) state.set('down', '');
    if (all) state.set('all', '');
    if (filter.value) state.set('filter', filter.value);
    ticked.forEach(t => state.append('run', t));
    const hash = state.toString();
    history.replaceState(null, '', hash ? '#' + hash : location.pathname);
  }

  // Numbers in their order, then other values by the alphabet, then runs without a value.
  function order(x, y) {
    if (x === '' || y === '') return (x === '') - (y === '');
    const number = t => (/^[-+.0-9eE]+$/.test(t) && isFinite(t) ? Number(t) : null);
    const [a, b] = [number(x), number(y)];
    const up = a !== null && b !== null ? a - b : a !== null ? -1 : b !== null ? 1 : x < y ? -1 : x > y ? 1 : 0;
    return down ? -up : up;
  }

  function heading(c) {
    const here = c.key === sort;
    const click = () => {
      down = here && !down;
      sort = c.key;
      draw();
    };
    return element(
      'th',
      {class: c.numeric ? 'number' : null, title: c.key, 'aria-sort': here ? (down ? 'descending' : 'ascending') : null},
      element('button', {class: 'plain', 'data-key': 'sort ' + c.key, onclick: click}, c.head + (here ? (down ? ' ↓' : ' ↑') : ''))
    );
  }

  function row(r, shown) {
    const tick = element('input', {
      type: 'checkbox',
      checked: ticked.has(r.name),
      disabled: !r.ended,
      'aria-label': 'compare ' + r.name,
      'data-key': 'compare ' + r.name,
      onchange: () => {
        if (tick.checked) ticked.add(r.name);
        else ticked.delete(r.name);
        controls();
      }
    });
    return element('tr', {}, element('td', {}, tick), ...shown.map(k => cell(r, k)));
  }

  function cell(r, k) {
    const {key, numeric} = data.columns[k];
    if (key === 'run') {
      const page = element('a', {href: pageOf(r.name), 'data-key': 'open ' + r.name}, r.name || r.cells[k]);
      return element('td', {class: 'name'}, page);
    }
    if (key === 'status')
      return element(
        'td',
        {},
        element('span', {class: ['damaged', 'failed', 'diverged'].includes(r.status) ? 'bad' : null}, r.cells[k]),
        r.problem ? element('p', {class: 'soft reason'}, r.problem) : null
      );
    return element('td', {class: numeric ? 'number' : null}, r.cells[k]);
  }
}
