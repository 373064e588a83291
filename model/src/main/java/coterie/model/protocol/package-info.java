/** Update rules of published asynchronous protocols without trust: what happens to parameters, not when. */
package coterie.model.protocol;
