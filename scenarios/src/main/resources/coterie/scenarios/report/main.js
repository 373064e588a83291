// What the page shows is said by its data.

({run, comparison, live})[data.kind]();
