package coterie.scenarios.config;

/** The tools for which results are exported. */
public enum Tracking {
    /** Event files in {@code tensorboard/}. */
    TENSORBOARD("event files for TensorBoard: scalars by user and in the mean, trust as pictures, hyper-parameters"),
    /** The MLflow server that {@code MLFLOW_TRACKING_URI} names. */
    MLFLOW("parameters and metrics go to the MLflow server that MLFLOW_TRACKING_URI names, into the "
            + "experiment MLFLOW_EXPERIMENT_NAME"),
    /** CSV tables in {@code tables/}. */
    CSV("turns, evaluations and trust as CSV, an entry of trust a line"),
    /** Parquet tables in {@code tables/}. */
    PARQUET("the same as Parquet");

    private final String about;

    Tracking(String about) {
        this.about = about;
    }

    /** Returns the name in scenario files. */
    public String label() {
        return EnumNames.of(this);
    }

    /** Returns a one-line description. */
    public String about() {
        return about;
    }
}
