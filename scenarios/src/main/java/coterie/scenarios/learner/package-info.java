/**
 * What runs need of a learner: {@link coterie.scenarios.learner.RunnableLearner} is the seam between runs and the kinds
 * of learners, each in a package of its own.
 */
package coterie.scenarios.learner;
