/** Graphs over users and their spectral properties. */
package coterie.topology.graph;
