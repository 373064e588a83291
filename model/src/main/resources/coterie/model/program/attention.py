# Causal attention: queries, keys and values of a block, rotary positions, windows, and the gradients of all of them.
# Only the product of attention itself is left to autograd, which has a kernel of its own for every device.

def frequencies(self) -> List[List[float]]:
    # radians a position, of each way to rotate that the base's layers have
    return annotate(List[List[float]], ${frequencies})

def rotation(self, layer: int) -> int:
    ways = annotate(List[int], ${rotations})
    return ways[layer]

def attention_scale(self, layer: int) -> float:
    scales = annotate(List[float], ${attention_scales})
    return scales[layer]

def window(self, layer: int) -> int:
    # positions that a token sees, itself among them; 0 for all before it
    windows = annotate(List[int], ${windows})
    return windows[layer]

def angles(self, first: int, T: int) -> List[Tensor]:
    # [T, 1, rotated] cosine and signed sine of each way to rotate, from a position on: half the numbers, and the same once
    # more
    out = annotate(List[Tensor], [])
    positions = torch.arange(first, first + T, dtype=6, device=torch.device("${device}")).unsqueeze(1)
    ways = self.frequencies()
    for i in range(torch.len(ways)):
        a = positions * self.copied(torch.tensor(ways[i], dtype=6))
        out.append(torch.cat([a.cos(), a.cos()], 1).unsqueeze(1))
        out.append(torch.cat([a.sin().neg(), a.sin()], 1).unsqueeze(1))
    return out

def rotate(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    # Rotates pairs (j, j + rotated / 2) of the first numbers of each head, [.., T, heads, head width]. With the opposite
    # sine, it rotates gradients back.
    y = x.slice(3, 0, ${rotated})
    y = torch.addcmul(y * cosine, torch.roll(y, [${rotated} // 2], [3]), sine)
    if ${rotated} == ${head_width}:
        return y
    return torch.cat([y, x.slice(3, ${rotated})], 3)

def attend(self, q: Tensor, k: Tensor, v: Tensor, noise: Masks, layer: int) -> Tensor:
    # [sequences, heads, T, head width]; of k and v, each head serves several of q's if there are fewer of them. A single
    # query is that of the last token.
    T = q.size(2)
    S = k.size(2)
    if ${heads} != ${key_value_heads}:
        groups = ${heads} // ${key_value_heads}
        k = k.unsqueeze(2).expand([-1, -1, groups, -1, -1]).flatten(1, 2)
        v = v.unsqueeze(2).expand([-1, -1, groups, -1, -1]).flatten(1, 2)
    window = self.window(layer)
    narrow = window > 0 and T > window
    if self.dropping(noise) or ${attention_cap} > 0.:
        hidden = torch.ones([T, S], dtype=11, device=q.device).triu(1 + S - T)
        if narrow:
            hidden = hidden.logical_or(torch.ones([T, T], dtype=11, device=q.device).tril(-window))
        w = torch.matmul(q, k.transpose(2, 3)) * self.attention_scale(layer)
        if ${attention_cap} > 0.:
            w = torch.tanh(w / ${attention_cap}) * ${attention_cap}
        w = torch.softmax(w + torch.zeros([T, S], device=q.device).masked_fill(hidden, -inf), -1)
        return torch.matmul(self.drop(w, noise, 16 * layer + 9, annotate(List[Tensor], [])), v)
    if narrow:
        seen = torch.ones([T, T], dtype=11, device=q.device).tril(0).triu(1 - window)
        return torch.scaled_dot_product_attention(q, k, v, seen, 0., False, scale=self.attention_scale(layer))
    if ${standard_attention}:
        return torch.scaled_dot_product_attention(q, k, v, None, 0., T == S)
    return torch.scaled_dot_product_attention(q, k, v, None, 0., T == S, scale=self.attention_scale(layer))

def factor(self, x: Tensor, way: Pass) -> Tensor:
    # Queries, keys and values as attention multiplies them: on a GPU in the base's bfloat16, for which it has its
    # fastest kernels, which add up in float32. Attention that is written out, and a text that is read in several
    # passes, stay in float32.
    if ${low_attention} and not self.dropping(way.noise) and torch.len(way.cache) == 0:
        return x.to(15)
    return x

def wide(self, x: Tensor) -> Tensor:
    # what came of such factors
    if ${low_attention}:
        return x.to(6)
    return x

def attention(self, q: Tensor, k: Tensor, v: Tensor, layer: int, way: Pass) -> Tensor:
    # [sequences, T, heads, head width] to [N, heads * head width]
    q = self.factor(q, way).transpose(1, 2)
    k = self.factor(k, way).transpose(1, 2)
    v = self.factor(v, way).transpose(1, 2)
    if not way.learning:
        a = self.attend(q, k, v, way.noise, layer)
        return self.wide(a.transpose(1, 2).reshape([-1, ${heads} * ${head_width}]))
    q = q.detach().requires_grad_(True)
    k = k.detach().requires_grad_(True)
    v = v.detach().requires_grad_(True)
    a = self.attend(q, k, v, way.noise, layer)
    way.tape.extend([q, k, v, a])
    return self.wide(a.detach().transpose(1, 2).reshape([-1, ${heads} * ${head_width}]))

def attention_backward(self, da: Tensor, tape: List[Tensor]) -> List[Tensor]:
    # gradients of queries, keys and values, [sequences, T, heads, head width], in the type that they were multiplied in
    a = tape.pop()
    v = tape.pop()
    k = tape.pop()
    q = tape.pop()
    if ${low_attention}:
        da = da.to(a.dtype)
    da = da.view([a.size(0), a.size(2), a.size(1), a.size(3)]).transpose(1, 2)
    g = torch.autograd.grad([a], [q, k, v], annotate(List[Optional[Tensor]], [da]))
    parts = annotate(List[Tensor], [])
    for i in range(3):
        parts.append(unchecked_cast(Tensor, g[i]).transpose(1, 2))
    return parts

def remembered(self, x: Tensor, part: int, l: int, way: Pass) -> Tensor:
    # Writes keys (part 0) or values (1) of a pass into the cache, [1, T, heads, head width]. Returns those of all tokens
    # that the pass sees.
    if torch.len(way.cache) == 0:
        return x
    all = way.cache[l][part]
    end = way.read + x.size(1)
    all[way.read:end].copy_(x[0])
    window = self.window(l)
    first = max(0, end - window) if window > 0 and x.size(1) == 1 else 0
    return all[first:end].unsqueeze(0)

def attended(
        self, h: Tensor, block: Block, lora: BlockAdapter, l: int, T: int, angles: List[Tensor], way: Pass) -> Tensor:
    # attention of a block, before its output layer; h is [N, D]
    site = 16 * l
    if ${fused}:
        qkv = self.adapted(h, block.inputs[0], lora.inputs[0], site, way)
        if ${rotated} == 0 and not ${head_norms}:
            # one copy in the place of three
            qkv = self.factor(qkv, way)
        if ${fused_by_head}:
            qkv = qkv.view([-1, T, ${heads}, 3, ${head_width}])
            q, k, v = qkv.select(3, 0), qkv.select(3, 1), qkv.select(3, 2)
        else:
            qkv = qkv.view([-1, T, 3, ${heads}, ${head_width}])
            q, k, v = qkv.select(2, 0), qkv.select(2, 1), qkv.select(2, 2)
    else:
        q = self.adapted(h, block.inputs[0], lora.inputs[0], site, way).view([-1, T, ${heads}, ${head_width}])
        k = self.adapted(h, block.inputs[1], lora.inputs[1], site + 1, way).view([-1, T, ${key_value_heads}, ${head_width}])
        v = self.adapted(h, block.inputs[2], lora.inputs[2], site + 3, way).view([-1, T, ${key_value_heads}, ${head_width}])
    if ${head_norms}:
        q = self.norm(q, block.head_norms[0], way.tape)
        k = self.norm(k, block.head_norms[1], way.tape)
    if ${rotated} > 0:
        i = 2 * self.rotation(l)
        q = self.rotate(q, angles[i], angles[i + 1])
        k = self.rotate(k, angles[i], angles[i + 1])
    return self.attention(q, self.remembered(k, 0, l, way), self.remembered(v, 1, l, way), l, way)

def attended_backward(
        self, da: Tensor, block: Block, lora: BlockAdapter, l: int, angles: List[Tensor], gradients: List[Tensor],
        below: bool, way: Pass) -> Tensor:
    dq, dk, dv = self.attention_backward(da, way.tape)
    if not ${fused} or ${rotated} > 0 or ${head_norms}:
        dq, dk, dv = self.wide(dq), self.wide(dk), self.wide(dv)
    if ${rotated} > 0:
        i = 2 * self.rotation(l)
        back = angles[i + 1].neg()
        dq = self.rotate(dq, angles[i], back)
        dk = self.rotate(dk, angles[i], back)
    if ${head_norms}:
        dk = self.norm_backward(dk, block.head_norms[1], way.tape)
        dq = self.norm_backward(dq, block.head_norms[0], way.tape)
    if ${fused}:
        d = torch.stack([dq, dk, dv], 3 if ${fused_by_head} else 2)
        d = self.wide(d.view([-1, 3 * ${heads} * ${head_width}]))
        return self.adapted_backward(d, block.inputs[0], lora.inputs[0], gradients, below, way)
    dv = dv.reshape([-1, ${key_value_heads} * ${head_width}])
    dk = dk.reshape([-1, ${key_value_heads} * ${head_width}])
    dq = dq.reshape([-1, ${heads} * ${head_width}])
    dv = self.adapted_backward(dv, block.inputs[2], lora.inputs[2], gradients, below, way)
    dk = self.adapted_backward(dk, block.inputs[1], lora.inputs[1], gradients, below, way)
    dq = self.adapted_backward(dq, block.inputs[0], lora.inputs[0], gradients, below, way)
    if not below:
        return dq
    return dq.add_(dk).add_(dv)
