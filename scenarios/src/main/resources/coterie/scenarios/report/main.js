// What the page shows is said by its data.

({run, comparison, live, runs, served, servedComparison})[data.kind]();
