/** The families of bases that are read: each its keys of {@code config.json} and its names of modules. */
package coterie.model.base.family;
