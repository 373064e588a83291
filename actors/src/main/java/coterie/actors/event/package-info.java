/** What happens to users: observations that are recorded, and the trace hash. */
package coterie.actors.event;
