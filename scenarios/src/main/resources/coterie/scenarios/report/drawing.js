// When charts are drawn in a browser, and how they leave it.

// A chart is drawn when it is first seen, and again when what it shows, the paper's colour or its width changes.
const seen = new IntersectionObserver(
  entries => entries.forEach(e => e.isIntersecting && charts.filter(c => c.box === e.target && !c.chart).forEach(c => c.draw())),
  {rootMargin: '300px'}
);
const sized = new ResizeObserver(entries =>
  entries.forEach(e => charts.filter(c => c.box === e.target && c.chart).forEach(c => c.chart.resize()))
);

function chart(id, label, option, kind = '') {
  const box = element('div', {id, class: 'chart ' + kind, role: 'img', 'aria-label': label});
  const button = (text, save) => element('button', {title: `save “${label}” as ${text}`, onclick: () => save(c)}, text);
  const c = {
    id,
    box,
    kind,
    option,
    node: element('figure', {}, element('div', {class: 'save'}, button('SVG', saveSvg), button('PNG', savePng)), box),
    chart: null,
    draw() {
      if (!c.chart) {
        c.chart = echarts.init(box, null, {renderer: 'canvas'});
        c.chart.on('datazoom', () => rescale(c));
      }
      c.shown = zoomedAs(base(option()), zoomOf(c));
      c.chart.setOption(c.shown, {notMerge: true});
    },
    update() {
      if (c.chart) c.draw();
    }
  };
  charts.push(c);
  seen.observe(box);
  sized.observe(box);
  return c;
}

// The part of a chart that is seen, after someone zoomed in: null for all of it.
function zoomOf(c) {
  const z = c.chart && (c.chart.getOption() ?? {}).dataZoom;
  return z && z.length ? [z[0].start, z[0].end] : null;
}

// Other ticks for the part that is seen.
function rescale(c) {
  const axis = c.shown.xAxis;
  const zoom = zoomOf(c);
  if (!zoom || !axis || !axis.last) return;
  const {name, interval, axisLabel} = timeAxis(axis.last, axis.title, ...zoom);
  c.chart.setOption({xAxis: {name, interval, axisLabel}});
}

const restyle = () => charts.forEach(c => c.update());
dark.addEventListener('change', restyle);
addEventListener('beforeprint', () => {
  printing = true;
  charts.forEach(c => c.draw());
});
addEventListener('afterprint', () => {
  printing = false;
  restyle();
});

function light(draw) {
  const before = printing;
  printing = true;
  try {
    return draw();
  } finally {
    printing = before;
  }
}

function saved(name, url) {
  element('a', {href: url, download: name}).click();
}

function saveSvg(c) {
  const text = light(() => svg(c, zoomOf(c)));
  const url = URL.createObjectURL(new Blob([text ?? ''], {type: 'image/svg+xml'}));
  saved(fileName(c), url);
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

const PIXELS = 3;
function savePng(c) {
  const url = light(() => {
    const f = figure(c, zoomOf(c));
    const own = echarts.init(element('div'), null, {renderer: 'canvas', devicePixelRatio: PIXELS, width: f.width, height: f.height});
    own.setOption(f.option);
    const picture = own.getDataURL({type: 'png', pixelRatio: PIXELS, backgroundColor: '#fff'});
    own.dispose();
    return picture;
  });
  saved(fileName(c).replace(/svg$/, 'png'), url);
}
