package coterie.scenarios.config;

/** For which tools results are written besides. */
public enum Tracking {
    /** Event files in {@code tensorboard/}. */
    TENSORBOARD("event files for TensorBoard: scalars by user and in the mean, trust as pictures, hyper-parameters"),
    /** The server that {@code MLFLOW_TRACKING_URI} names. */
    MLFLOW("parameters and metrics go to the MLflow server that MLFLOW_TRACKING_URI names, into the "
            + "experiment MLFLOW_EXPERIMENT_NAME"),
    /** Tables in {@code tables/}. */
    CSV("turns, evaluations and trust as CSV, an entry of trust a line"),
    /** The same as Parquet. */
    PARQUET("the same as Parquet");

    private final String about;

    Tracking(String about) {
        this.about = about;
    }

    /** Its name in scenario files. */
    public String label() {
        return EnumNames.of(this);
    }

    /** What it is, in a line. */
    public String about() {
        return about;
    }
}
