package coterie.model.attack;

import coterie.topology.settings.Component;

/**
 * No attack: the control of an experiment. The users count as attackers in results, so that runs with and without an
 * attack are compared over the same honest users.
 *
 * <p>Worked example: what would be sent is sent.
 */
@Component(name = "none", about = "no attack: the users count as attackers, and are honest; for comparisons")
public record NoAttack() implements Attack {}
