package coterie.scenarios.schema;

/** The trust strategies by their names in scenario files. */
public enum Strategy {
    LOCAL("own data only"),
    FEDAVG("all alike"),
    FEDAVG_THEN_LOCAL("FedAvg, then fine-tuning on data kept back"),
    ORACLE("by the users' true mixtures of categories"),
    MODEL_SIMILARITY("S1: by the cosine of adapters"),
    VALIDATION_PERFORMANCE("S2: by the loss of others' adapters on one's own validation data"),
    PREDICTION_SIMILARITY("S3: by the distance of logits on a shared set");

    private final String about;

    Strategy(String about) {
        this.about = about;
    }

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public String about() {
        return about;
    }
}
