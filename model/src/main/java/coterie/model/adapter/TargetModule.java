package coterie.model.adapter;

import coterie.model.base.Gpt2Config;

/** A linear layer of a GPT-2 block that LoRA may adapt, in the order in which an adapter's flat row holds them. */
public enum TargetModule {
    /** Fused query, key and value: D → 3D. */
    ATTENTION_QKV("attn.c_attn", 1, 3),
    /** Attention's output: D → D. */
    ATTENTION_OUTPUT("attn.c_proj", 1, 1),
    /** The MLP's first layer: D → 4D. */
    MLP_IN("mlp.c_fc", 1, 4),
    /** The MLP's second layer: 4D → D. */
    MLP_OUT("mlp.c_proj", 4, 1);

    private final String module;
    private final int inWidths;
    private final int outWidths;

    TargetModule(String module, int inWidths, int outWidths) {
        this.module = module;
        this.inWidths = inWidths;
        this.outWidths = outWidths;
    }

    /** Its name within a block in Hugging Face's GPT-2. */
    public String module() {
        return module;
    }

    /** Width of its input. */
    public int in(Gpt2Config c) {
        return inWidths * c.width();
    }

    /** Width of its output. */
    public int out(Gpt2Config c) {
        return outWidths * c.width();
    }
}
