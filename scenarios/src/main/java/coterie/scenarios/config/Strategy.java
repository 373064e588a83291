package coterie.scenarios.config;

/** The trust strategies by their names in scenario files. */
public enum Strategy {
    LOCAL("own data only"),
    FEDAVG("all alike"),
    FEDAVG_THEN_LOCAL("FedAvg, then fine-tuning on data kept back"),
    ORACLE("by the users' true mixtures of categories"),
    MODEL_SIMILARITY("S1: by the cosine of adapters"),
    VALIDATION_PERFORMANCE("S2: by the loss of others' adapters on one's own validation data"),
    PREDICTION_SIMILARITY("S3: by predictions on a shared set: what training changed in them, or their distance"),
    AD_PSGD("no trust: averaging with one neighbour at a time, on a bipartite graph"),
    GOSSIP("no trust: a model to one neighbour a turn, merged by age"),
    SWIFT("no trust: wait-free averaging with the newest of all neighbours"),
    FEDBUFF("no trust: a server, user 0 of a star, that gathers updates");

    private final String about;

    Strategy(String about) {
        this.about = about;
    }

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Whether users mix by trust; otherwise the strategy is a protocol of its own. */
    public boolean trusts() {
        return ordinal() < AD_PSGD.ordinal();
    }

    /** Whether its averages are meant to reach everybody, so that the graph must not fall apart. */
    public boolean needsConnection() {
        return this == FEDAVG || this == FEDAVG_THEN_LOCAL || !trusts();
    }

    public String about() {
        return about;
    }
}
