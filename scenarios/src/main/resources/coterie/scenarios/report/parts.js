// The charts of a run, in the order of its page.

function runCharts() {
  const parts = data.report.metrics.map((m, k) => metric(k));
  if (data.compared) compared(data.compared, false);
  return [...parts, trust(), graph(), inAttackers(), staleness(), timeline(), traffic(), steps(), utility()].filter(p => p);
}
