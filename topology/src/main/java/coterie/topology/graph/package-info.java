/** Who is joined to whom, and what a graph alone says of how fast its users can agree. */
package coterie.topology.graph;
