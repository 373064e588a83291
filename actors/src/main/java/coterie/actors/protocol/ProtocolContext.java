package coterie.actors.protocol;

import coterie.actors.event.EventTrace;
import coterie.topology.device.Faults;

/**
 * What a {@link Participant} works with.
 *
 * @param user its user
 * @param collaboration the same for all users
 * @param faults by which devices fail
 * @param outbox sends its messages
 * @param trace records what it does; part of the run's trace hash
 */
public record ProtocolContext(int user, Collaboration collaboration, Faults faults, Outbox outbox, EventTrace trace) {}
