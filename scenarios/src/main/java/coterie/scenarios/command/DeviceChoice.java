package coterie.scenarios.command;

import coterie.model.torch.ComputeDevice;
import coterie.model.torch.TorchUnavailableException;
import coterie.scenarios.config.InputException;
import coterie.scenarios.learner.RunnableLearner;
import java.util.List;

/** What {@code --device} names. */
final class DeviceChoice {
    static final String CPU = "cpu";
    /** The GPUs that can be used, or else the CPU. */
    static final String AUTO = "auto";

    private static final String ANY_GPU = "cuda:0";

    private DeviceChoice() {}

    /** @throws InputException if a name is not that of a device, or {@code auto} does not stand alone */
    static void check(List<String> names) {
        for (String name : names) {
            if (!name.matches("auto|cpu|cuda(:\\d{1,3})?")) {
                throw new InputException("--device must be cpu, cuda:N or auto, found \"" + name + "\"");
            }
        }
        if (names.size() > 1 && names.contains(AUTO)) {
            throw new InputException("--device: auto must stand alone, found " + String.join(",", names));
        }
    }

    /** Whether the devices are left to the program. */
    static boolean open(List<String> names) {
        return names.equals(List.of(AUTO));
    }

    /** Finds the devices of {@code auto}; says on standard error why it is the CPU, if so. */
    static List<String> found() {
        try {
            return ComputeDevice.gpus();
        } catch (TorchUnavailableException e) {
            return cpu(e.getMessage());
        }
    }

    /** The same, but the CPU if one of these learners cannot use a GPU. */
    static List<String> foundFor(List<RunnableLearner> learners) {
        try {
            learners.forEach(l -> l.checkDevices(List.of(ANY_GPU)));
        } catch (InputException e) {
            return cpu("not every learner here can use a GPU");
        }
        return found();
    }

    private static List<String> cpu(String why) {
        System.err.println("coterie: --device auto: computing on the CPU, since " + why);
        return List.of(CPU);
    }

    /**
     * Checks that devices can be used, GPUs first: a process has one libtorch, and a GPU's computes on the CPU too, but
     * not the other way round.
     *
     * @throws InputException with the reason, if one cannot
     */
    static void usable(List<String> names) {
        names.stream().filter(n -> !n.equals(CPU)).forEach(DeviceChoice::usable);
    }

    /**
     * Checks that a device can be used. A GPU's libtorch is loaded.
     *
     * @throws InputException with the reason, if it cannot
     */
    static String usable(String name) {
        try {
            ComputeDevice.of(name).close();
            return name;
        } catch (IllegalArgumentException e) {
            throw new InputException("--device: " + e.getMessage());
        }
    }
}
