package coterie.model.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ScriptCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program made from its source text, without Python: libtorch loads a zip of the text, a pickle that says
 * "one object of this class, nothing in it", an empty table of constants and a format version.
 */
public final class TorchScript {
    private static final String CLASS_HEAD = """
            class Program(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;
    private final PtSymbolBlock program;

    private TorchScript(PtSymbolBlock program) {
        this.program = program;
    }

    /**
     * Compiles functions written as methods ({@code def name(self, …)} at the margin) for the device of {@code owner},
     * which also owns the program.
     *
     * @throws ai.djl.engine.EngineException with the line at fault, where the text does not compile
     */
    public static TorchScript compile(String methods, NDManager owner) {
        Torch.prepareThread();
        byte[] archive = archive(CLASS_HEAD + methods.indent(2));
        try {
            return new TorchScript(
                    JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(archive), true, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a method; the tensors it returns belong to {@code results}, the arguments stay the caller's. */
    public NDList call(String method, NDManager results, IValue... arguments) {
        return ScriptCall.run(program, method, (PtNDManager) results, arguments);
    }

    private static byte[] archive(String code) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", emptyObject());
            store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Pickle, protocol 2, of {@code __torch__.Program} with the attribute training = True. */
    private static byte[] emptyObject() {
        ByteArrayOutputStream p = new ByteArrayOutputStream();
        p.writeBytes(new byte[] {(byte) 0x80, 2});
        p.writeBytes("c__torch__\nProgram\n".getBytes(StandardCharsets.US_ASCII));
        p.writeBytes(new byte[] {')', (byte) 0x81, '}', 'X', 8, 0, 0, 0});
        p.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        p.writeBytes(new byte[] {(byte) 0x88, 's', 'b', '.'});
        return p.toByteArray();
    }

    /** libtorch wants its entries uncompressed. */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("program/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
