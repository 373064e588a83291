# GPT-2 with LoRA for U users in one pass. TorchScript; the words in ${...} are sizes and numbers that Gpt2Program fills in.
#
#   ids, targets   [U·b, T]  token ids; the rows of a user lie together; a negative target is not counted
#   flat           [U, P]    a row holds a user's adapter: A [r, in] and B [out, r] of c_attn, attn.c_proj, c_fc, mlp.c_proj, layer by layer
#   seeds          one number a user; drives its dropout masks and nothing else
#   noise          the same for the dropout of attention alone: the released code leaves it on where nothing is trained
#   base           wte [V padded to 64, D], wpe [C, D], ln_f gain and bias, then twelve arrays a layer:
#                  ln_1 gain and bias, c_attn W and b, attn.c_proj W and b, ln_2 gain and bias, c_fc W and b, mlp.c_proj W and b; W is [out, in]
#
# Everything a user gets depends on its own rows alone, so that stacking users changes the speed and not the result.
# Types: 2 is int16, 4 is int64, 6 is float32, 11 is bool, 15 is bfloat16.

def dense(self, x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    if ${bfloat16}:
        return torch.linear(x.to(15), W, b).to(6)
    return torch.linear(x, W, b)

def mask(self, seeds: List[int], site: int, n: int, keep: float) -> Tensor:
    # [U, n] of 0 or 1/keep. Each 64-bit word gives four 16-bit draws: four times as fast as a draw an element.
    rows = annotate(List[Tensor], [])
    for u in range(torch.len(seeds)):
        g = torch.Generator(device=torch.device("${device}"), seed=seeds[u] + site)
        words = torch.empty([(n + 3) // 4], dtype=4, device=torch.device("${device}"))
        words.random_(-9223372036854775807 - 1, None, generator=g)
        rows.append(torch.view_copy(words, dtype=2)[0:n])
    threshold = int(torch.round(keep * 65536.)) - 32768
    return (torch.stack(rows, 0) < threshold).to(6) * (1. / keep)

def drop(self, x: Tensor, seeds: List[int], site: int) -> Tensor:
    # GPT-2's own dropout of embeddings and residual branches; off unless a scenario asks for it
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        U = torch.len(seeds)
        return x * self.mask(seeds, site, x.numel() // U, 1. - ${base_dropout}).view(x.size())
    return x

def adapted(self, x: Tensor, W: Tensor, b: Tensor, A: Tensor, B: Tensor, seeds: List[int], site: int) -> Tensor:
    # W x + b + (alpha / r) B A dropout(x), with A and B still flat: [U, r·in] and [U, out·r]
    y = self.dense(x, W, b)
    if A.size(1) == 0:
        return y
    U = A.size(0)
    xs = x.reshape([U, -1, x.size(2)])
    if ${dropout} > 0. and torch.len(seeds) > 0:
        xs = xs * self.mask(seeds, site, xs.numel() // U, 1. - ${dropout}).view(xs.size())
    low = torch.bmm(xs, A.view([U, ${rank}, x.size(2)]).transpose(1, 2))
    z = torch.baddbmm(y.view([U, -1, y.size(2)]), low, B.view([U, y.size(2), ${rank}]).transpose(1, 2), beta=1., alpha=${scale})
    return z.view(y.size())

def attend(self, q: Tensor, k: Tensor, v: Tensor, seeds: List[int], site: int) -> Tensor:
    # causal; [U·b, heads, T, D / heads]
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        T = q.size(2)
        future = torch.ones([T, T], dtype=11, device=q.device).triu(1)
        w = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * ${attention_scale} + torch.zeros([T, T], device=q.device).masked_fill(future, -inf), -1)
        return torch.matmul(self.drop(w, seeds, site), v)
    return torch.scaled_dot_product_attention(q, k, v, None, 0., True)

def hidden(self, ids: Tensor, base: List[Tensor], flat: Tensor, seeds: List[int], noise: List[int]) -> Tensor:
    # last hidden states [U·b, T, D]
    n = ids.size(0)
    T = ids.size(1)
    p = torch.split_with_sizes(flat, ${part_sizes}, 1)
    x = self.drop((torch.embedding(base[0], ids) + base[1][0:T]).to(6), seeds, 1000)
    for l in range(${layers}):
        i = 4 + 12 * l
        k = 8 * l
        h = torch.layer_norm(x, [${width}], base[i], base[i + 1], ${epsilon})
        qkv = self.adapted(h, base[i + 2], base[i + 3], p[k], p[k + 1], seeds, k).view([n, T, 3, ${heads}, ${head_width}])
        a = self.attend(qkv.select(2, 0).transpose(1, 2), qkv.select(2, 1).transpose(1, 2), qkv.select(2, 2).transpose(1, 2), noise, 1003 + k)
        a = a.transpose(1, 2).reshape([n, T, ${width}])
        x = x + self.drop(self.adapted(a, base[i + 4], base[i + 5], p[k + 2], p[k + 3], seeds, k + 2), seeds, 1001 + k)
        h = torch.layer_norm(x, [${width}], base[i + 6], base[i + 7], ${epsilon})
        f = torch.gelu(self.adapted(h, base[i + 8], base[i + 9], p[k + 4], p[k + 5], seeds, k + 4), approximate="${gelu}")
        x = x + self.drop(self.adapted(f, base[i + 10], base[i + 11], p[k + 6], p[k + 7], seeds, k + 6), seeds, 1002 + k)
    return torch.layer_norm(x, [${width}], base[2], base[3], ${epsilon})

def scores(self, h: Tensor, wte: Tensor, out: Tensor):
    # logits over the padded vocabulary into out: padded, since an odd width costs a third of the speed
    if ${bfloat16}:
        out.copy_(torch.linear(h.to(15), wte))
    else:
        torch.matmul(h, wte.t(), out=out)

def head(self, h: Tensor, wte: Tensor, targets: Tensor, weights: Tensor, gradient: bool) -> List[Tensor]:
    # Cross-entropy of h [N, D] and its gradient by hand, 256 rows at a time: no N x V array is ever kept.
    # Returns [negative log likelihood x weight [N], d(sum of them)/dh [N, D] or empty]
    N = h.size(0)
    losses = annotate(List[Tensor], [])
    dh = torch.empty([0], device=h.device)
    if gradient:
        dh = torch.empty_like(h)
    buffer = torch.empty([min(N, 256), ${padded_vocabulary}], device=h.device)
    for c in range((N + 255) // 256):
        s = 256 * c
        e = min(s + 256, N)
        t = targets[s:e].unsqueeze(1)
        w = weights[s:e].unsqueeze(1)
        full = buffer[0:e - s]
        self.scores(h[s:e], wte, full)
        z = full.slice(1, 0, ${vocabulary})
        at = z.gather(1, t)
        top = z.amax([1], True)
        ez = z.sub_(top).exp_()
        total = ez.sum([1], True)
        losses.append((total.log() + top - at) * w)
        if gradient:
            ez.mul_(w / total).scatter_add_(1, t, -w)
            if ${padded_vocabulary} > ${vocabulary}:
                full.slice(1, ${vocabulary}, ${padded_vocabulary}).zero_()
            if ${bfloat16}:
                dh[s:e].copy_(torch.matmul(full.to(15), wte))
            else:
                torch.matmul(full, wte, out=dh[s:e])
    return [torch.cat(losses, 0).squeeze(1), dh]

def gradients(self, ids: Tensor, targets: Tensor, rows: List[Tensor], seeds: List[int], base: List[Tensor]) -> List[Tensor]:
    # Returns [mean cross-entropy of each user [U], its gradient [U, P]]
    p = torch.stack(rows, 0).requires_grad_(True)
    U = p.size(0)
    x = self.hidden(ids, base, p, seeds, seeds)
    t = targets.reshape([U, -1])
    counted = (t >= 0).to(6)
    weights = counted / counted.sum([1], True).clamp_min(1.)
    r = self.head(x.detach().reshape([-1, ${width}]), base[0], t.clamp_min(0).reshape([-1]), weights.reshape([-1]), True)
    g = torch.autograd.grad([x], [p], annotate(List[Optional[Tensor]], [r[1].view(x.size())]))
    return [r[0].view([U, -1]).sum([1]), unchecked_cast(Tensor, g[0])]

def update(self, rows: List[Tensor], gradient: Tensor, first: List[Tensor], second: List[Tensor], rates: List[float], steps: List[float], factor: float) -> Tensor:
    # AdamW in place, operation by operation as PyTorch's own; the gradient is multiplied by factor before
    if factor != 1.:
        gradient = gradient * factor
    for u in range(torch.len(rows)):
        g = gradient[u]
        m = first[u].lerp_(g, 1. - ${beta1})
        v = second[u].mul_(${beta2}).addcmul_(g, g, value=1. - ${beta2})
        scale1 = 1. - ${beta1} ** steps[u]
        scale2 = (1. - ${beta2} ** steps[u]) ** 0.5
        rows[u].mul_(1. - rates[u] * ${weight_decay}).addcdiv_(m, (v.sqrt() / scale2).add_(${adam_epsilon}), value=-rates[u] / scale1)
    return gradient

def losses(self, ids: Tensor, targets: Tensor, row: Tensor, base: List[Tensor], noise: List[int]) -> Tensor:
    # negative log likelihood of every target [b·T] under one user's adapter; 0 where the target is negative
    x = self.hidden(ids, base, row.unsqueeze(0), annotate(List[int], []), noise)
    t = targets.reshape([-1])
    return self.head(x.reshape([-1, ${width}]), base[0], t.clamp_min(0), (t >= 0).to(6), False)[0]

def logits(self, ids: Tensor, row: Tensor, base: List[Tensor], positions: Tensor, noise: List[int]) -> Tensor:
    # [M, V] at M positions of the flattened batch
    x = self.hidden(ids, base, row.unsqueeze(0), annotate(List[int], []), noise).reshape([-1, ${width}]).index_select(0, positions)
    out = torch.empty([x.size(0), ${padded_vocabulary}], device=x.device)
    self.scores(x, base[0], out)
    return out.slice(1, 0, ${vocabulary})

def top_logits(self, ids: Tensor, row: Tensor, base: List[Tensor], positions: Tensor, k: int, noise: List[int]) -> List[Tensor]:
    # the k largest logits, falling, and their token ids: [M, k] each
    return torch.topk(self.logits(ids, row, base, positions, noise), k, 1, True, True)

def parameters(self, flat: Tensor) -> List[Tensor]:
    # a whole base as one flat row (for training a base): its arrays, in the order above
    out = annotate(List[Tensor], [])
    shapes = annotate(List[List[int]], ${base_shapes})
    parts = torch.split_with_sizes(flat, ${base_sizes}, 0)
    for i in range(torch.len(parts)):
        a = parts[i].view(shapes[i])
        if ${bfloat16} and i >= 4 and (i - 4) % 6 >= 2:    # the linear layers
            a = a.to(15)
        out.append(a)
    return out

def base_gradients(self, ids: Tensor, targets: Tensor, flat: Tensor) -> List[Tensor]:
    # mean cross-entropy and its gradient with respect to the whole base [Q]: full-parameter training
    q = flat.detach().requires_grad_(True)
    base = self.parameters(q)
    x = self.hidden(ids, base, torch.empty([1, 0], device=q.device), annotate(List[int], []), annotate(List[int], []))
    wte = base[0]
    if ${bfloat16}:
        x = x.to(15)
        wte = wte.to(15)
    loss = torch.cross_entropy_loss(torch.linear(x, wte).to(6).reshape([-1, ${vocabulary}]), targets.reshape([-1]))
    g = torch.autograd.grad([loss], [q])
    return [loss.detach(), unchecked_cast(Tensor, g[0])]

def assign(self, row: Tensor, values: Tensor) -> Tensor:
    return row.copy_(values)

def bfloat16(self, x: Tensor) -> Tensor:
    return x.to(15)
