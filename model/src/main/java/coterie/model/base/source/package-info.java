/** What a base is read from: folders of files and what is built in. */
package coterie.model.base.source;
