/**
 * What a user does with its adapter: train, evaluate, predict, mix; and the one door through which actors ask for it.
 */
package coterie.model.learn;
