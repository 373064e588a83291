// Pages of `coterie serve` other than the list: a run, which may be under way, and a comparison.

const home = () => element('a', {href: '/'}, 'all runs');
const query = (runs, against) => {
  const q = new URLSearchParams(runs.map(r => ['run', r]));
  if (against !== undefined) q.set('against', against);
  return q.toString();
};

// Requests data again and again, until the receiver returns true; more rarely if they take long.
function repeatedly(url, receive) {
  const seconds = 2,
    factor = 3;
  const lost = element('p', {class: 'bad', id: 'lost', hidden: true}, 'The server is not there any more. What is shown is the last that it said.');
  page.append(lost);
  async function ask() {
    const began = performance.now();
    let last = false;
    // A hidden page need not be new.
    if (!document.hidden) {
      try {
        const response = await fetch(url);
        if (!response.ok) throw new Error(response.statusText);
        const next = await response.json();
        lost.hidden = true;
        last = receive(next) === true;
      } catch {
        page.append(lost);
        lost.hidden = false;
      }
    }
    if (!last) setTimeout(ask, Math.max(1000 * seconds, factor * (performance.now() - began)));
  }
  setTimeout(ask, 1000 * seconds);
}

function served() {
  const state = element('span', {id: 'state'}),
    bar = element('progress', {max: 1, value: 0, 'aria-label': 'turns done'});
  const top = element('div', {class: 'live controls'}, home(), state, bar);
  const draw = redrawn(top);
  let drawn = false;
  page.append(top);
  if (!show(data)) repeatedly('data.json', show);

  // Whether these are the last data. A run that was killed or failed may go on.
  function show(next) {
    const {status, problem} = next.served;
    const running = status === 'running';
    state.textContent = status + (next.of && !next.summary ? `, ${next.turns} of ${next.of} turns, ${duration(next.seconds)}` : '');
    state.className = ['damaged', 'failed', 'diverged'].includes(status) ? 'bad' : '';
    bar.hidden = !running;
    bar.value = next.of ? next.turns / next.of : 0;
    if (next.report) {
      draw(next);
      drawn = true;
    } else if (!drawn) page.replaceChildren(top, element('h1', {}, next.title));
    document.getElementById('problem')?.remove();
    if (problem) page.querySelector('h1').after(element('p', {class: 'bad', id: 'problem'}, problem));
    return !!next.summary;
  }
}

function servedComparison() {
  const {names, asked, against} = data.served;
  const other = element(
    'select',
    {id: 'against', onchange: e => location.assign('compare?' + query(asked, e.target.value))},
    ...names.map(n => element('option', {value: n, selected: n === against}, n || '.'))
  );
  page.append(element('div', {class: 'live controls'}, home(), element('label', {}, 'differences from ', other)));
  comparison();
}
