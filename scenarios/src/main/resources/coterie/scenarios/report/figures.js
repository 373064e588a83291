// The file of each chart: what the page's button SVG saves.

if (data.kind === 'run') runCharts();
else if (data.kind === 'suite') suiteCharts();
else compared(data, true);
globalThis.figures = JSON.stringify(charts.map(c => [fileName(c), svg(c, null)]).filter(f => f[1] !== null));
