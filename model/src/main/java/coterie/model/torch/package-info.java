/** The native engine behind DJL: programs, devices, threads. */
package coterie.model.torch;
