/** Settings of models: annotations, checks and the population they apply to. */
package coterie.topology.settings;
