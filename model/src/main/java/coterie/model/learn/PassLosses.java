package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import coterie.model.torch.ComputeDevice;

/**
 * Losses of the users in a training pass. They stay on the device until one is asked for, since reading them waits for
 * the pass to be computed: a GPU would have nothing to do until the next pass is on its way. Thread-safe.
 */
final class PassLosses {
    private final NDArray onDevice;
    private final NDManager owner;
    private float[] read;

    /** @param losses [users], which belong to this object from now on */
    PassLosses(NDArray losses, ComputeDevice device) {
        owner = device.root().newSubManager();
        losses.attach(owner);
        onDevice = losses;
    }

    /** Loss of the user in a place of the pass. */
    synchronized float of(int place) {
        if (read == null) {
            read = ComputeDevice.floats(onDevice);
            owner.close();
        }
        return read[place];
    }
}
