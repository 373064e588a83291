package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;

/**
 * Calls a method of a TorchScript program with autograd allowed and any kind of argument.
 *
 * <p>It is in DJL's package because the native call is package-private there. DJL's public method,
 * {@code IValueUtils.forward}, accepts tensors only, converts lists again on every call, and leaks all its inputs when
 * the program throws.
 */
public final class ScriptCall {
    private ScriptCall() {}

    /**
     * Runs {@code method} and attaches the tensors it returns to {@code results}. The caller closes the arguments.
     *
     * @throws ai.djl.engine.EngineException with the program's line, if the program fails
     */
    public static NDList run(PtSymbolBlock program, String method, PtNDManager results, IValue... arguments) {
        try (IValue value = object(program, method, arguments)) {
            return value.toNDList(results);
        }
    }

    /**
     * Runs {@code method} and returns its result as it is. The caller closes it and the arguments.
     *
     * @throws ai.djl.engine.EngineException with the program's line, if the program fails
     */
    public static IValue object(PtSymbolBlock program, String method, IValue... arguments) {
        long[] handles = new long[arguments.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = arguments[i].getHandle();
        }
        return new IValue(PyTorchLibrary.LIB.moduleRunMethod(program.getHandle(), method, handles, true, false));
    }
}
