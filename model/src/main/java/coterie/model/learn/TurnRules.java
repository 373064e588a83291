package coterie.model.learn;

import coterie.model.exchange.Exchange;

/**
 * Settings of all turns of a user.
 *
 * @param exchange whether parameters or updates are sent and mixed
 * @param evaluateEvery iterations between evaluations
 * @param passes training steps per iteration
 * @param examples per training step, in the learner's own unit
 * @param crashes whether the user's device may fail, so that it may restart from its initial parameters
 */
record TurnRules(Exchange exchange, int evaluateEvery, int passes, long examples, boolean crashes) {}
