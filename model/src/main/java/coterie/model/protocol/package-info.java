/** Update rules of published asynchronous protocols that do without trust: what becomes of parameters, not when. */
package coterie.model.protocol;
