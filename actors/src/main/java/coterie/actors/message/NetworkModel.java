package coterie.actors.message;

import coterie.topology.network.Bandwidth;
import coterie.topology.network.Links;

/**
 * How messages travel.
 *
 * @param lines bandwidth of each user's line; null if transfers take no time
 * @param keepsMail whether messages that arrive while a user is away wait for it; otherwise they are dropped
 */
public record NetworkModel(Links.Network links, Bandwidth.Lines lines, boolean keepsMail) {}
