package coterie.scenarios.command;

import coterie.model.torch.ComputeDevice;
import coterie.model.torch.MatrixPeak;
import coterie.model.torch.NvidiaDriver;
import coterie.model.torch.TorchSource;
import coterie.model.torch.TorchUnavailableException;
import coterie.scenarios.results.ProcessMemory;
import coterie.scenarios.run.Processor;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code coterie devices}: the processor and the GPUs, how fast they are, and why a GPU cannot be used. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "Show the CPU and the GPUs, how fast they are, which libtorch each uses, and why if a GPU cannot"
                + " be used.")
final class DevicesCommand implements Callable<Integer> {
    private static final String NOT_USABLE = "  not usable";
    private static final double GB = 1e9;
    private static final double KILO = 1000;

    @Override
    public Integer call() throws IOException {
        NvidiaDriver driver = NvidiaDriver.ask();
        // A process has one libtorch, and a GPU's computes on the CPU too: so GPUs first, though they are shown last.
        String gpus = driver.problem() == null ? gpus(driver) : line("no GPU", driver.problem());
        System.out.print(cpu());
        System.out.print(gpus);
        System.out.print(python());
        return 0;
    }

    private static String gpus(NvidiaDriver driver) {
        TorchSource source;
        try {
            source = TorchSource.onGpu();
        } catch (TorchUnavailableException e) {
            return all(driver, gpu -> line(NOT_USABLE, e.getMessage()));
        }
        return all(driver, gpu -> usable(() -> abilities(gpu) + source(source)));
    }

    private static String all(NvidiaDriver driver, Function<NvidiaDriver.Gpu, String> about) {
        return driver.gpus().stream()
                .map(gpu -> name(driver, gpu) + about.apply(gpu))
                .collect(Collectors.joining());
    }

    private static String cpu() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        String what = String.format(
                Locale.ROOT,
                "%s, %d cores, %.1f GB, %.1f GB of it available",
                Processor.name(),
                threads,
                ProcessMemory.installed() / GB,
                ProcessMemory.available() / GB);
        return line(DeviceChoice.CPU, what)
                + usable(() -> {
                    TorchSource source = TorchSource.onCpu();
                    boolean multiplies;
                    try (ComputeDevice device = ComputeDevice.of(DeviceChoice.CPU)) {
                        multiplies = device.multipliesBfloat16();
                    }
                    return speed(DeviceChoice.CPU, threads, multiplies) + source(source);
                });
    }

    private static String name(NvidiaDriver driver, NvidiaDriver.Gpu gpu) {
        return line(
                gpu.device(),
                String.format(
                        Locale.ROOT,
                        "%s, %.1f GB, compute capability %d.%d; its driver runs CUDA up to %s",
                        gpu.name(),
                        gpu.bytes() / GB,
                        gpu.major(),
                        gpu.minor(),
                        driver.cudaVersion()));
    }

    private static String abilities(NvidiaDriver.Gpu gpu) {
        String free = String.format(Locale.ROOT, "%.1f GB", ComputeDevice.free(gpu.device()) / GB);
        return line("  free", free) + speed(gpu.device(), 1, gpu.multipliesBfloat16());
    }

    /** What a device can do, or why it cannot be used. */
    private static String usable(Supplier<String> abilities) {
        try {
            return abilities.get();
        } catch (TorchUnavailableException e) {
            return line(NOT_USABLE, e.getMessage());
        } catch (IllegalArgumentException e) {
            // Its own message repeats the name.
            return line(
                    NOT_USABLE,
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        }
    }

    private static String speed(String device, int threads, boolean multipliesBfloat16) {
        String bfloat16 = "slower, since it has no units for it";
        if (multipliesBfloat16) {
            try (MatrixPeak peak = MatrixPeak.inBfloat16(device, threads)) {
                bfloat16 = rate(peak, threads);
            }
        }
        try (MatrixPeak peak = new MatrixPeak(device, threads)) {
            return line("  products", "float32 " + rate(peak, threads) + "; bfloat16 " + bfloat16);
        }
    }

    private static String rate(MatrixPeak peak, int threads) {
        double gigaflops = threads * peak.gigaflops();
        return gigaflops < KILO
                ? String.format(Locale.ROOT, "%.0f GFLOP/s", gigaflops)
                : String.format(Locale.ROOT, "%.1f TFLOP/s", gigaflops / KILO);
    }

    private static String source(TorchSource source) {
        return line("  libtorch", source.libtorch()) + line("  JNI", source.jni());
    }

    private static String python() {
        String what;
        try {
            what = TorchSource.ofPython().libtorch()
                    + " fits: it is used on a GPU, and on the CPU if COTERIE_TORCH is python";
        } catch (TorchUnavailableException e) {
            what = e.getMessage();
        }
        return line("Python's", what);
    }

    private static String line(String what, String value) {
        return String.format(Locale.ROOT, "%-13s%s%n", what, value);
    }
}
