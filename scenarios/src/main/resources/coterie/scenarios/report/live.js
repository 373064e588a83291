// A run under way: the same page, fed by its server.

// Draws a run's page with new data, below an element that stays.
function redrawn(top) {
  let parts = null,
    shape = null;
  return next => {
    data = next;
    // What a section is made of changes when trust begins, turns become too many, or the run ends.
    const now = JSON.stringify([
      data.title,
      !!data.summary,
      !!data.report.trust.at.length,
      !!data.report.activity.intervals,
      data.report.graph.grouped
    ]);
    if (now !== shape) {
      shape = now;
      charts.splice(0).forEach(c => c.chart && c.chart.dispose());
      used.clear();
      page.replaceChildren(top);
      parts = run();
    } else {
      parts.forEach(p => p.update());
    }
  };
}

function live() {
  let waiting = false,
    again = false;
  const state = element('span', {id: 'state'}, 'waiting …'),
    bar = element('progress', {max: 1, value: 0, 'aria-label': 'turns done'}),
    pace = element('span', {id: 'pace', class: 'soft'}),
    last = element('span', {id: 'last', class: 'soft'});
  const button = (id, text) => element('button', {id, disabled: true, onclick: () => post(id)}, text);
  const [pause, resume, stop] = [button('pause', 'pause'), button('resume', 'go on'), button('stop', 'stop')];
  const top = element('div', {class: 'live'}, element('div', {class: 'controls'}, state, bar, pause, resume, stop), pace, last);
  const draw = redrawn(top);
  page.append(top);
  const post = what =>
    fetch(what, {method: 'POST'}).then(r => {
      if (!r.ok) state.textContent = 'refused: ' + r.status;
    });

  async function refresh() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    try {
      const next = await (await fetch('data')).json();
      if (next.report) draw(next);
    } finally {
      waiting = false;
      if (again) {
        again = false;
        setTimeout(refresh, 200);
      }
    }
  }

  // Nothing is said of what is not known yet.
  function tell(s) {
    state.textContent = s.of
      ? `${s.title}: ${s.ended ? 'ended' : s.paused ? 'paused' : 'running'}, ${tick(s.turns)} of ${tick(s.of)} turns, ${duration(s.seconds)}`
      : 'loading model and data …';
    const going = s.of && !s.ended && !s.paused;
    pace.textContent = [
      s.users ? `users: ${tick(s.users)}` : '',
      going && known(s.tokens_per_second) ? `${digits(s.tokens_per_second, 3)} ${s.unit}/s` : '',
      going && known(s.left_seconds) ? `about ${duration(s.left_seconds)} left until all turns are done` : ''
    ]
      .filter(x => x)
      .join(', ');
    last.textContent = s.last ? `last: ${s.last.what}, at ${duration(s.last.seconds)} of virtual time` : '';
    bar.value = s.of ? s.turns / s.of : 0;
    pause.disabled = s.ended || s.paused || !s.pausable;
    resume.disabled = s.ended || !s.paused;
    stop.disabled = s.ended;
  }

  const events = new EventSource('events');
  events.addEventListener('state', e => {
    const s = JSON.parse(e.data);
    tell(s);
    if (s.version !== events.version) {
      events.version = s.version;
      refresh();
    }
    if (s.over) {
      events.close();
    }
  });
  events.onerror = () => {
    state.textContent = 'the run is not there any more; what is shown was the last';
    state.classList.add('bad');
    [pause, resume, stop].forEach(b => {
      b.disabled = true;
    });
  };
  events.onopen = () => state.classList.remove('bad');
  addEventListener('pagehide', () => events.close());
}
