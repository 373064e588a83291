package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small libraries, on machines that have a C compiler. */
final class CompiledLibrary {
    private CompiledLibrary() {}

    /** Compiles a library; skips the test where there is no compiler. */
    static Path compile(Path file, String source, String... options) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Path code = Files.writeString(file.resolveSibling(file.getFileName() + ".c"), source);
        List<String> command = new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", file.toString()));
        command.add(code.toString());
        command.addAll(List.of(options));
        Process p;
        try {
            p = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("no C compiler");
        }
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        return file;
    }

    /** A driver of NVIDIA that has one GPU with 80 GB, of which 70 are free. */
    static void driver(Path folder) throws IOException, InterruptedException {
        compile(folder.resolve("libcuda.so.1"), """
                #include <string.h>
                int cuInit(int flags) { return 0; }
                int cuGetErrorString(int error, const char **text) { *text = "some error"; return 0; }
                int cuDriverGetVersion(int *version) { *version = 12080; return 0; }
                int cuDeviceGetCount(int *count) { *count = 1; return 0; }
                int cuDeviceGet(int *device, int index) { *device = 40 + index; return 0; }
                int cuDeviceGetName(char *name, int n, int device) { strcpy(name, "Some GPU"); return device - 40; }
                int cuDeviceTotalMem_v2(unsigned long *bytes, int device) { *bytes = 80000000000; return 0; }
                int cuDeviceGetAttribute(int *value, int which, int device) { *value = which == 75 ? 9 : 0; return 0; }
                int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *) 64; return 0; }
                int cuDevicePrimaryCtxRelease_v2(int device) { return 0; }
                int cuCtxPushCurrent_v2(void *context) { return context == (void *) 64 ? 0 : 201; }
                int cuCtxPopCurrent_v2(void **context) { return 0; }
                int cuMemGetInfo_v2(unsigned long *free, unsigned long *all) { *free = 70000000000; return 0; }
                """);
    }
}
