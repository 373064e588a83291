/** The interface of protocols: how users exchange and mix. Each protocol is a package of its own. */
package coterie.actors.protocol;
