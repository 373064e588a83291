/** Pretrained bases: their shape, the files they come in, and their weights. */
package coterie.model.base;
