/**
 * Files of arrays (safetensors, 16-bit floats), the encoding of records, and writing that leaves no incomplete file.
 */
package coterie.model.files;
