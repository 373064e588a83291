// What the page shows is said by its data.

({run, comparison, suite, live, runs, served, servedComparison})[data.kind]();
