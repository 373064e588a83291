# GPT-2's blocks for decoder.py, named as in Hugging Face's files.

class Block(NamedTuple):
    ln_1 : Norm
    c_attn : Linear
    attn_proj : Linear
    ln_2 : Norm
    c_fc : Linear
    mlp_proj : Linear

class Base(NamedTuple):
    # tokens [V padded to 64, D]
    wte : Tensor
    # positions [C, D]
    wpe : Tensor
    blocks : List[Block]
    ln_f : Norm
    # [V padded to 64, D]; wte unless the base says otherwise
    head : Tensor

class BlockAdapter(NamedTuple):
    # in the order of a flat row
    c_attn : Lora
    attn_proj : Lora
    c_fc : Lora
    mlp_proj : Lora

def base(self, arrays: Dict[str, Tensor]) -> Base:
    blocks = annotate(List[Block], [])
    for l in range(${layers}):
        h = "h." + str(l) + "."
        blocks.append(Block(
            self.layer_norm(arrays, h + "ln_1"),
            self.linear(arrays, h + "attn.c_attn"),
            self.linear(arrays, h + "attn.c_proj"),
            self.layer_norm(arrays, h + "ln_2"),
            self.linear(arrays, h + "mlp.c_fc"),
            self.linear(arrays, h + "mlp.c_proj")))
    head = arrays["${head}"]
    return Base(arrays["wte.weight"], arrays["wpe.weight"], blocks, self.layer_norm(arrays, "ln_f"), head)

def adapters(self, flat: Tensor, sizes: List[int]) -> List[BlockAdapter]:
    parts = torch.split_with_sizes(flat, sizes, 1)
    blocks = annotate(List[BlockAdapter], [])
    for l in range(${layers}):
        c_attn = self.next_lora(parts)
        attn_proj = self.next_lora(parts)
        c_fc = self.next_lora(parts)
        mlp_proj = self.next_lora(parts)
        blocks.append(BlockAdapter(c_attn, attn_proj, c_fc, mlp_proj))
    return blocks

def hidden(self, ids: Tensor, base: Base, adapters: List[BlockAdapter], way: Pass) -> Tensor:
    # last hidden states [N, D]
    n = ids.size(0)
    T = ids.size(1)
    seeds = way.seeds
    tape = way.tape
    x = (torch.embedding(base.wte, ids) + base.wpe[0:T]).to(6)
    # Nothing below the first block learns: the embeddings' mask is not kept.
    x = self.drop(x, seeds, 1000, annotate(List[Tensor], [])).view([n * T, ${width}])
    for l in range(${layers}):
        block = base.blocks[l]
        lora = adapters[l]
        site = 8 * l
        h = self.norm(x, block.ln_1, tape)
        qkv = self.adapted(h, block.c_attn, lora.c_attn, site, way).view([n, T, 3, ${heads}, ${head_width}])
        a = self.adapted(self.attention(qkv, l, way), block.attn_proj, lora.attn_proj, site + 2, way)
        x = self.drop(a, seeds, 1001 + site, tape).add_(x)
        h = self.norm(x, block.ln_2, tape)
        f = self.gelu(self.adapted(h, block.c_fc, lora.c_fc, site + 4, way), way)
        f = self.adapted(f, block.mlp_proj, lora.mlp_proj, site + 6, way)
        x = self.drop(f, seeds, 1002 + site, tape).add_(x)
        if not way.learning:
            tape.clear()
    return self.norm(x, base.ln_f, tape)

def backward(self, dx: Tensor, base: Base, adapters: List[BlockAdapter], way: Pass) -> List[Tensor]:
    # gradients of all A and B, last to first, from that of the last hidden states
    seeds = way.seeds
    tape = way.tape
    g = annotate(List[Tensor], [])
    dx = self.norm_backward(dx, base.ln_f, tape)
    for j in range(${layers}):
        l = ${layers} - 1 - j
        block = base.blocks[l]
        lora = adapters[l]
        df = self.drop_backward(dx, seeds, tape)
        df = self.gelu_backward(self.adapted_backward(df, block.mlp_proj, lora.mlp_proj, g, True, way), tape)
        dh = self.adapted_backward(df, block.c_fc, lora.c_fc, g, True, way)
        dx = self.norm_backward(dh, block.ln_2, tape).add_(dx)
        da = self.drop_backward(dx, seeds, tape)
        da = self.adapted_backward(da, block.attn_proj, lora.attn_proj, g, True, way)
        da = self.attention_backward(da, tape)
        dh = self.adapted_backward(da, block.c_attn, lora.c_attn, g, l > 0, way)
        if l > 0:
            dx = self.norm_backward(dh, block.ln_1, tape).add_(dx)
    return g
