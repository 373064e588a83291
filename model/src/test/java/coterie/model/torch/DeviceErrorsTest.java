package coterie.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a program failed, told from libtorch's text. */
class DeviceErrorsTest {
    private static final String PROGRAM = """
            The following operation failed in the TorchScript interpreter.
            Traceback of TorchScript, serialized code (most recent call last):
              File "code/__torch__.py", line 120, in gradients
                x = torch.matmul(y, W)
                    ~~~~~~~~~~~~ <--- HERE
            RuntimeError: %s
            """;

    private static EngineException failed(String why) {
        return new EngineException(PROGRAM.formatted(why));
    }

    /** This is what libtorch really says on a CPU. */
    @Test
    void aProgramThatAsksForTooMuchIsRecognised() {
        try (ComputeDevice device = ComputeDevice.of("cpu");
                NDManager m = device.root().newSubManager()) {
            TorchScript asking = TorchScript.compile("""
                    def asking(self, n: int) -> Tensor:
                        return torch.empty([n, n])
                    """, m);
            Throwable e = catchThrowable(() -> {
                try (IValue n = IValue.from(1L << 25)) {
                    asking.call("asking", m, n);
                }
            });
            assertThat(DeviceErrors.outOfMemory(e)).as("%s", e).isTrue();
            assertThat(DeviceErrors.inWords((RuntimeException) e, "cpu"))
                    .isInstanceOf(DeviceFailedException.class)
                    .hasCause(e)
                    .hasMessageStartingWith("cpu has too little memory: ")
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.10 GiB",
                "CUDA error: out of memory",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
                        + " allocate 8 bytes. Error code 12 (Cannot allocate memory)"
            })
    void lackOfMemoryIsNoLossOfTheDevice(String why) {
        assertThat(DeviceErrors.outOfMemory(failed(why))).isTrue();
        DeviceFailedException e = (DeviceFailedException) DeviceErrors.inWords(failed(why), "cuda:1");
        assertThat(e.isLost()).isFalse();
        assertThat(e).hasMessage("cuda:1 has too little memory: " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: an illegal memory access was encountered",
                "CUDA error: unspecified launch failure",
                "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`",
                "CUDA driver error: device not ready"
            })
    void aGpuThatFailsIsLost(String why) {
        assertThat(DeviceErrors.outOfMemory(failed(why))).isFalse();
        DeviceFailedException e = (DeviceFailedException) DeviceErrors.inWords(failed(why), "cuda:1");
        assertThat(e.isLost()).isTrue();
        assertThat(e).hasMessage("cuda:1 has failed: " + why);
    }

    @Test
    void otherErrorsStayWhatTheyAre() {
        for (RuntimeException e : new RuntimeException[] {
            failed("The size of tensor a (3) must match the size of tensor b (4)"),
            new IllegalStateException("CUDA error: this is not libtorch's"),
            new EngineException((String) null)
        }) {
            assertThat(DeviceErrors.inWords(e, "cpu")).isSameAs(e);
            assertThat(DeviceErrors.outOfMemory(e)).isFalse();
        }
    }
}
