package coterie.model.protocol;

/**
 * A model of gossip learning, with its age (Ormándi, Hegedűs, Jelasity, "Gossip learning with linear models on fully
 * distributed data", 2013; the weighting by age: Hegedűs, Danner, Jelasity, "Gossip learning as a decentralized
 * alternative to federated learning", 2019).
 *
 * <p>Worked example: a = 1 of age 1 merged with b = 5 of age 3 is (1·1 + 3·5) / 4 = 4, of age 3.
 *
 * @param parameters [P]
 * @param age number of updates on the longest path that led to the model
 */
public record AgedModel(float[] parameters, long age) {
    /** (t_a a + t_b b) / (t_a + t_b), or the mean if both ages are 0; its age is the larger one. */
    public AgedModel merge(AgedModel other) {
        double mine = weight(other);
        float[] out = new float[parameters.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = (float) (mine * parameters[k] + (1 - mine) * other.parameters[k]);
        }
        return new AgedModel(out, Math.max(age, other.age));
    }

    /** The weight of this model when it is merged with another. */
    public double weight(AgedModel other) {
        return age + other.age == 0 ? 0.5 : (double) age / (age + other.age);
    }
}
