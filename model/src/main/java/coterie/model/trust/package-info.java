/** Trust between users and the mixing of what they exchange: formulas only, without tensors or time. */
package coterie.model.trust;
