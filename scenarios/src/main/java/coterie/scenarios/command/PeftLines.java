package coterie.scenarios.command;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines with which Python and lm-eval load adapters on their base.
 *
 * @param base a folder in Hugging Face's layout, a GGUF file, or a name in Hugging Face's hub
 */
record PeftLines(String base) {
    private static final String PYTHON = "python:  ";

    private boolean isGguf() {
        return base.endsWith(".gguf");
    }

    private Path gguf() {
        return Path.of(base).toAbsolutePath();
    }

    /** Returns the folder of a GGUF file, or the base itself. */
    private String folder() {
        return isGguf() ? gguf().getParent().toString() : base;
    }

    private String arguments() {
        String file = isGguf() ? ", gguf_file=" + quoted(gguf().getFileName().toString()) : "";
        return "from_pretrained(" + quoted(folder()) + file + ")";
    }

    /** Returns the lines for one adapter. */
    List<String> of(Path adapter) {
        List<String> lines = tokenizer();
        lines.add(
                PYTHON + "model = peft.PeftModel.from_pretrained(" + model() + ", " + quoted(adapter.toString()) + ")");
        lines.add(evaluation(adapter));
        return lines;
    }

    /**
     * Returns the lines for the adapters of several users.
     *
     * @param adapters a folder with {@code user-N} for each of them
     */
    List<String> of(Path adapters, List<Integer> users) {
        String first = quoted("user-" + users.get(0));
        List<String> lines = tokenizer();
        lines.add(PYTHON + "model = peft.PeftModel.from_pretrained(" + model() + ", "
                + quoted(adapters.resolve("user-" + users.get(0)).toString()) + ", adapter_name=" + first + ")");
        if (users.size() > 1) {
            lines.add(PYTHON + "for user in " + rest(users) + ": model.load_adapter(" + quoted(adapters + "/user-")
                    + " + str(user), adapter_name=\"user-\" + str(user))");
        }
        lines.add(PYTHON + "model.set_adapter(" + first + ")");
        lines.add(evaluation(adapters.resolve("user-" + users.get(0))));
        return lines;
    }

    private static String rest(List<Integer> users) {
        List<Integer> rest = users.subList(1, users.size());
        int from = rest.get(0);
        int to = rest.get(rest.size() - 1);
        return to - from + 1 == rest.size() ? "range(" + from + ", " + (to + 1) + ")" : rest.toString();
    }

    private List<String> tokenizer() {
        List<String> lines = new ArrayList<>();
        lines.add(PYTHON + "import peft, transformers");
        lines.add(PYTHON + "tokenizer = transformers.AutoTokenizer." + arguments());
        return lines;
    }

    private String model() {
        return "transformers.AutoModelForCausalLM." + arguments();
    }

    private String evaluation(Path adapter) {
        return "lm-eval: lm_eval --model hf --model_args pretrained=" + folder()
                + (isGguf() ? ",gguf_file=" + gguf().getFileName() : "") + ",peft=" + adapter + " --tasks wikitext";
    }

    /** Returns a text of Python. */
    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
