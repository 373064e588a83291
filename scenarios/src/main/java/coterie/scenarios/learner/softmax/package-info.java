/** Softmax regression on vectors. */
package coterie.scenarios.learner.softmax;
