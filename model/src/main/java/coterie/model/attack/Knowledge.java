package coterie.model.attack;

/** Whose snapshots an attack's statistics use. */
public enum Knowledge {
    /** The snapshot that the attacker would have sent. */
    OWN,
    /** Beside it, the newest snapshots of honest users that the attacker has received. */
    NEIGHBOURS,
    /** The same of attackers that receive the snapshots of all honest users. */
    ALL
}
