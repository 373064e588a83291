/** Files of numbers: safetensors, 16-bit floats, and writing that leaves no torn file behind. */
package coterie.model.files;
