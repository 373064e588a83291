/** What one looks at: a run, or many, added up while they go and drawn by one page that needs nothing but itself. */
package coterie.scenarios.report;
