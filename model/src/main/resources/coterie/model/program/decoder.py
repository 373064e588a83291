# A decoder-only transformer with LoRA for U users in one pass: dropout.py, layers.py, attention.py, this, head.py and
# update.py or, on a GPU, update_together.py make one TorchScript program. ProgramText fills in the words in ${...} from
# a DecoderConfig.
#
#   ids, targets   [U*b, T]  token ids, the rows of a user side by side; a negative target is not counted
#   flat           [U, P]    a row is a user's adapter: A [r, in] and B [out, r] of each adapted layer, block by block
#   layout         what the rows of flat hold: sizes of all A and B in order (0 where a layer is not adapted),
#                  alpha / r, probability of dropout. The users of a pass share it.
#   seeds          one number a user, the only source of its dropout masks; empty for none
#   noise          the same for the dropout of attention alone, which the paper's released code leaves on in evaluation
#   apart          whether each product with the base is computed one user at a time
#   recompute      whether backward computes the activations of all blocks but the last again, from the blocks' inputs: less
#                  memory and more time for the same operations on the same numbers
#
# Activations are [N, D], N = U*b*T tokens. A user's results depend on its own rows alone, so stacking users changes the
# speed but not the results. To the bit this holds where no kernel's result depends on the number of rows; MKL's does for
# some shapes on some processors, and there products are computed apart. PassRule says what is done where. On a CPU the
# head always computes tiles of one user, which costs nothing.
#
# The gradient of adapters is written out: the base is frozen, and autograd would keep, copy and add what is not needed.
# Only attention is left to autograd. A whole base (base_gradients) is trained by autograd.
# Types: 2 is int16, 3 is int32, 4 is int64, 6 is float32, 11 is bool, 15 is bfloat16.

class Block(NamedTuple):
    attention_norm : Norm
    # of queries, keys and values together, or of each
    inputs : List[Linear]
    # of each head's query and key; empty if the base has none
    head_norms : List[Norm]
    output : Linear
    mlp_norm : Norm
    # up, or gate and up
    ups : List[Linear]
    down : Linear
    # of what attention and MLP add to the residual stream; empty if the base has none
    output_norms : List[Norm]

class Base(NamedTuple):
    # tokens [V padded to 64, D]
    embedding : Tensor
    # learned positions [C, D]; empty if positions are rotary
    positions : List[Tensor]
    blocks : List[Block]
    norm : Norm
    # [V padded to 64, D]; the embedding if the two are tied
    head : Tensor

class BlockAdapter(NamedTuple):
    # in the order of a flat row
    inputs : List[Lora]
    output : Lora
    ups : List[Lora]
    down : Lora

def linear(self, arrays: Dict[str, Tensor], name: str) -> Linear:
    return Linear(arrays[name + ".weight"], arrays.get(name + ".bias"))

def linears(self, arrays: Dict[str, Tensor], block: str, names: List[str]) -> List[Linear]:
    out = annotate(List[Linear], [])
    for i in range(torch.len(names)):
        out.append(self.linear(arrays, block + names[i]))
    return out

def normed(self, arrays: Dict[str, Tensor], name: str) -> Norm:
    gain = arrays[name + ".weight"]
    if ${gain_from_one}:
        gain = gain + 1.
    return Norm(gain, arrays.get(name + ".bias"))

def norms(self, arrays: Dict[str, Tensor], block: str, names: List[str]) -> List[Norm]:
    out = annotate(List[Norm], [])
    for i in range(torch.len(names)):
        out.append(self.normed(arrays, block + names[i]))
    return out

def base(self, arrays: Dict[str, Tensor]) -> Base:
    blocks = annotate(List[Block], [])
    for l in range(${layers}):
        b = "blocks." + str(l) + "."
        blocks.append(Block(
            self.normed(arrays, b + "attention_norm"),
            self.linears(arrays, b, annotate(List[str], ${inputs})),
            self.norms(arrays, b, annotate(List[str], ${head_norm_names})),
            self.linear(arrays, b + "output"),
            self.normed(arrays, b + "mlp_norm"),
            self.linears(arrays, b, annotate(List[str], ${ups})),
            self.linear(arrays, b + "down"),
            self.norms(arrays, b, annotate(List[str], ${output_norm_names}))))
    positions = annotate(List[Tensor], [])
    if ${rotated} == 0:
        positions.append(arrays["positions.weight"])
    return Base(
        arrays["embedding.weight"], positions, blocks, self.normed(arrays, "norm"), arrays["${head}.weight"])

def next_lora(self, parts: List[Tensor]) -> Lora:
    # takes the next A and B of a row's parts
    A = parts.pop(0)
    B = parts.pop(0)
    return Lora(A, B)

def next_loras(self, parts: List[Tensor], n: int) -> List[Lora]:
    out = annotate(List[Lora], [])
    for i in range(n):
        out.append(self.next_lora(parts))
    return out

def adapters(self, flat: Tensor, sizes: List[int]) -> List[BlockAdapter]:
    return self.adapters_of(torch.split_with_sizes(flat, sizes, 1))

def scaled_adapters(self, flat: Tensor, sizes: List[int], strength: float) -> List[BlockAdapter]:
    # with every A times strength
    parts = torch.split_with_sizes(flat, sizes, 1)
    scaled = torch.split_with_sizes(flat * strength, sizes, 1)
    for i in range(torch.len(parts) // 2):
        parts[2 * i] = scaled[2 * i]
    return self.adapters_of(parts)

def adapters_of(self, parts: List[Tensor]) -> List[BlockAdapter]:
    blocks = annotate(List[BlockAdapter], [])
    for l in range(${layers}):
        inputs = self.next_loras(parts, 1 if ${fused} else 3)
        output = self.next_lora(parts)
        ups = self.next_loras(parts, 2 if ${gated} else 1)
        down = self.next_lora(parts)
        blocks.append(BlockAdapter(inputs, output, ups, down))
    return blocks

def embedded(self, ids: Tensor, base: Base, first: int) -> Tensor:
    # [sequences, T, D], from a position on
    if ${rotated} == 0:
        return (torch.embedding(base.embedding, ids) + base.positions[0][first:first + ids.size(1)]).to(6)
    x = torch.embedding(base.embedding, ids).to(6)
    return x if ${embedding_scale} == 1. else x * ${embedding_scale}

def mlp(self, h: Tensor, block: Block, lora: BlockAdapter, site: int, way: Pass) -> Tensor:
    # before its last layer
    f = self.adapted(h, block.ups[0], lora.ups[0], site + 4, way)
    if ${gated}:
        return self.gated(f, self.adapted(h, block.ups[1], lora.ups[1], site + 5, way), way)
    return self.activated(f, way)

def mlp_backward(
        self, df: Tensor, block: Block, lora: BlockAdapter, gradients: List[Tensor], way: Pass) -> Tensor:
    df = self.adapted_backward(df, block.down, lora.down, gradients, True, way)
    if ${gated}:
        dg, du = self.gated_backward(df, way.tape)
        dh = self.adapted_backward(du, block.ups[1], lora.ups[1], gradients, True, way)
        return self.adapted_backward(dg, block.ups[0], lora.ups[0], gradients, True, way).add_(dh)
    df = self.activated_backward(df, way.tape)
    return self.adapted_backward(df, block.ups[0], lora.ups[0], gradients, True, way)

def after_block(
        self, x: Tensor, block: Block, lora: BlockAdapter, l: int, T: int, angles: List[Tensor], again: bool,
        way: Pass) -> Tensor:
    # The residual stream [N, D] behind a block, from that before it. If again, only the tape is wanted, and what is
    # returned has no meaning.
    masks = way.masks
    tape = way.tape
    site = 16 * l
    h = self.norm(x, block.attention_norm, tape)
    a = self.attended(h, block, lora, l, T, angles, way)
    a = self.adapted(a, block.output, lora.output, site + 2, way)
    if ${output_norms}:
        a = self.norm(a, block.output_norms[0], tape)
    a = self.drop(a, masks, site + 7, tape)
    if ${parallel}:
        # the MLP reads what attention read
        h = self.norm(x, block.mlp_norm, tape)
        x = a.add_(x)
    else:
        x = a.add_(x)
        h = self.norm(x, block.mlp_norm, tape)
    f = self.mlp(h, block, lora, site, way)
    if again and not ${output_norms}:
        # The block's last product is on no tape.
        if lora.down.A.size(1) > 0:
            self.lowered(f, lora.down, site + 6, way)
        if self.dropping(masks):
            self.drop_factors(x, masks, site + 8, tape)
        return x
    f = self.adapted(f, block.down, lora.down, site + 6, way)
    if ${output_norms}:
        f = self.norm(f, block.output_norms[1], tape)
    return self.drop(f, masks, site + 8, tape).add_(x)

def recomputed(self, l: int, way: Pass) -> bool:
    # Backward begins with the last block, whose part of the tape would be computed again at once.
    return way.recompute and l < ${layers} - 1

def hidden(self, ids: Tensor, base: Base, adapters: List[BlockAdapter], way: Pass) -> Tensor:
    # last hidden states [N, D]
    T = ids.size(1)
    angles = self.angles(way.read, T)
    # Nothing below the first block learns: the embeddings' mask is not kept.
    x = self.drop(self.embedded(ids, base, way.read), way.masks, ${sites} - 1, annotate(List[Tensor], []))
    x = x.view([-1, ${width}])
    for l in range(${layers}):
        if self.recomputed(l, way):
            way.inputs.append(x)
        x = self.after_block(x, base.blocks[l], adapters[l], l, T, angles, False, way)
        if self.recomputed(l, way) or not way.learning:
            way.tape.clear()
    return self.norm(x, base.norm, way.tape)

def backward(self, dx: Tensor, T: int, base: Base, adapters: List[BlockAdapter], way: Pass) -> List[Tensor]:
    # gradients of all A and B, last to first, from that of the last hidden states
    masks = way.masks
    tape = way.tape
    angles = self.angles(0, T)
    g = annotate(List[Tensor], [])
    dx = self.norm_backward(dx, base.norm, tape)
    for j in range(${layers}):
        l = ${layers} - 1 - j
        block = base.blocks[l]
        lora = adapters[l]
        if self.recomputed(l, way):
            self.after_block(way.inputs.pop(), block, lora, l, T, angles, True, way)
        df = self.drop_backward(dx, masks, tape)
        if ${output_norms}:
            df = self.norm_backward(df, block.output_norms[1], tape)
        df = self.norm_backward(self.mlp_backward(df, block, lora, g, way), block.mlp_norm, tape).add_(dx)
        # In parallel, attention's output is added to the residual stream behind what the MLP read.
        da = self.drop_backward(dx if ${parallel} else df, masks, tape)
        dx = df
        if ${output_norms}:
            da = self.norm_backward(da, block.output_norms[0], tape)
        da = self.adapted_backward(da, block.output, lora.output, g, True, way)
        dh = self.attended_backward(da, block, lora, l, angles, g, l > 0, way)
        if l > 0:
            dx = self.norm_backward(dh, block.attention_norm, tape).add_(dx)
    return g
