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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program made from its source text, without Python. libtorch loads a zip of the text, a pickle of one
 * object of its class without attributes, an empty table of constants and a format version.
 */
public final class TorchScript {
    private static final Pattern TYPE = Pattern.compile("(?m)^class (\\w+)\\(NamedTuple\\):");
    private static final Pattern METHOD = Pattern.compile("(?m)^def ");
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
     * Compiles types and functions for the device of {@code owner}, which also owns the program. Types are named tuples
     * ({@code class Name(NamedTuple):}), functions are methods ({@code def name(self, …)}), both without indentation
     * and in any order.
     *
     * @throws ai.djl.engine.EngineException with the line at fault, if the text does not compile
     */
    public static TorchScript compile(String source, NDManager owner) {
        Torch.prepareThread();
        byte[] archive = archive(code(source));
        try {
            return new TorchScript(
                    JniUtils.loadModule((PtNDManager) owner, new ByteArrayInputStream(archive), true, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the code as archives have it: types have full names, {@code __torch__.Name}, and the methods are in the
     * body of the program's class.
     */
    private static String code(String source) {
        StringBuilder types = new StringBuilder();
        StringBuilder methods = new StringBuilder();
        for (String block : source.split("(?m)^(?=class |def )")) {
            (METHOD.matcher(block).lookingAt() ? methods : types).append(block);
        }
        String code = types + CLASS_HEAD + methods.toString().indent(2);
        Matcher type = TYPE.matcher(source);
        while (type.find()) {
            code = code.replaceAll(
                    "(?<!class |[\\w.\"])" + type.group(1) + "(?![\\w\"])", "__torch__." + type.group(1));
        }
        return code;
    }

    /** Runs a method that returns an object of the program, which belongs to the caller. */
    public IValue make(String method, IValue... arguments) {
        return ScriptCall.object(program, method, arguments);
    }

    /** Runs a method; the tensors it returns belong to {@code results}, the arguments to the caller. */
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

    /** libtorch reads uncompressed entries only. */
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
