/** What all models share: the population they are made for, and the checks of their settings. */
package coterie.topology.settings;
