# GPT-2 with LoRA for U users in one pass. TorchScript; the words in ${...} are sizes and numbers that Gpt2Program fills in.
#
#   ids, targets   [U·b, T]  token ids; the rows of a user lie together; a negative target is not counted
#   flat           [U, P]    a row holds a user's adapter: A [r, in] and B [out, r] of c_attn, attn.c_proj, c_fc, mlp.c_proj, layer by layer
#   seeds          one number a user; drives its dropout masks and nothing else
#   noise          the same for the dropout of attention alone: the released code leaves it on where nothing is trained
#   base           wte [V padded to 64, D], wpe [C, D], ln_f gain and bias, then twelve arrays a layer:
#                  ln_1 gain and bias, c_attn W and b, attn.c_proj W and b, ln_2 gain and bias, c_fc W and b, mlp.c_proj W and b; W is [out, in];
#                  at last the output head [V padded to 64, D], where it is not wte
#   tape           what the way back needs of the way there: pushed by hidden and its parts, popped in the opposite order by backward and its parts
#
#   pieces         in how many products a product with the base is computed: 1, or one for each user
#
# Activations are [N, D], N = U·b·T tokens. What a user gets depends on its own rows alone, so that stacking users changes the speed and not the
# result. To the bit this holds where no kernel depends on the number of rows: MKL's does for some shapes on some processors, and there pieces is U.
# On a CPU the head always computes tiles of one user, which costs nothing. PassRule says what is done where. Adapters are trained by the gradient written out here: the base is frozen, so that autograd would keep, copy and add what nobody needs.
# Attention alone is left to autograd, which has a kernel of its own for every device. A whole base (base_gradients) is trained by autograd.
# Types: 2 is int16, 4 is int64, 6 is float32, 11 is bool, 15 is bfloat16.

def low(self, x: Tensor) -> Tensor:
    # A factor of a product with the base. Where the device has no such products, a number rounded to bfloat16 is held in float32.
    if ${bfloat16}:
        return x.to(15)
    if ${rounded}:
        return x.to(15).to(6)
    return x

def high(self, y: Tensor) -> Tensor:
    # such a product
    if ${bfloat16}:
        return y.to(6)
    if ${rounded}:
        return y.to(15).to(6)
    return y

def dense(self, x: Tensor, W: Tensor, b: Tensor, pieces: int) -> Tensor:
    x = self.low(x)
    if pieces == 1:
        return self.high(torch.linear(x, W, b))
    y = torch.empty([x.size(0), W.size(0)], dtype=x.dtype, device=x.device)
    n = x.size(0) // pieces
    V = W.t()
    for k in range(pieces):
        torch.addmm(b, x[n * k:n * k + n], V, out=y[n * k:n * k + n])
    return self.high(y)

def dense_backward(self, dy: Tensor, W: Tensor, pieces: int) -> Tensor:
    dy = self.low(dy)
    if pieces == 1:
        return self.high(torch.matmul(dy, W))
    dx = torch.empty([dy.size(0), W.size(1)], dtype=dy.dtype, device=dy.device)
    n = dy.size(0) // pieces
    for k in range(pieces):
        torch.matmul(dy[n * k:n * k + n], W, out=dx[n * k:n * k + n])
    return self.high(dx)

def mask(self, seeds: List[int], site: int, n: int, keep: float) -> Tensor:
    # [U, n] of 0 or 1, 1 with probability keep. Each 64-bit word gives four 16-bit draws: four times as fast as a draw an element.
    U = torch.len(seeds)
    # at most 65535 of 65536: the largest threshold that a draw of 16 bits can be compared with
    threshold = min(int(torch.round(keep * 65536.)), 65535) - 32768
    out = torch.empty([U, n], device=torch.device("${device}"))
    for u in range(U):
        g = torch.Generator(device=torch.device("${device}"), seed=seeds[u] + site)
        words = torch.empty([(n + 3) // 4], dtype=4, device=torch.device("${device}"))
        words.random_(-9223372036854775807 - 1, None, generator=g)
        torch.lt(torch.view_copy(words, dtype=2)[0:n], threshold, out=out[u])
    return out

def drop(self, x: Tensor, seeds: List[int], site: int, tape: List[Tensor]) -> Tensor:
    # GPT-2's own dropout of embeddings and residual branches; off unless a scenario asks for it
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        U = torch.len(seeds)
        m = self.mask(seeds, site, x.numel() // U, 1. - ${base_dropout}).view(x.size()) * (1. / (1. - ${base_dropout}))
        tape.append(m)
        return x * m
    return x

def drop_backward(self, dy: Tensor, seeds: List[int], tape: List[Tensor]) -> Tensor:
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        return dy * tape.pop()
    return dy

def norm(self, x: Tensor, gain: Tensor, bias: Tensor, tape: List[Tensor]) -> Tensor:
    y, mean, inverse = torch.native_layer_norm(x, [${width}], gain, bias, ${epsilon})
    tape.append(x)
    tape.append(mean)
    tape.append(inverse)
    return y

def norm_backward(self, dy: Tensor, gain: Tensor, bias: Tensor, tape: List[Tensor]) -> Tensor:
    inverse = tape.pop()
    mean = tape.pop()
    x = tape.pop()
    dx, dgain, dbias = torch.native_layer_norm_backward(dy, x, [${width}], mean, inverse, gain, bias, [True, False, False])
    return dx

def strength(self, seeds: List[int]) -> float:
    # alpha / r, and what dropout takes away
    if torch.len(seeds) > 0:
        return ${scale} / (1. - ${dropout})
    return ${scale}

def adapted(self, x: Tensor, W: Tensor, b: Tensor, A: Tensor, B: Tensor, seeds: List[int], site: int, tape: List[Tensor], pieces: int) -> Tensor:
    # W x + b + (alpha / r) B A dropout(x), with A and B still flat: [U, r·in] and [U, out·r]
    y = self.dense(x, W, b, pieces)
    if A.size(1) == 0:
        return y
    U = A.size(0)
    xs = x.view([U, -1, x.size(1)])
    if ${dropout} > 0. and torch.len(seeds) > 0:
        m = self.mask(seeds, site, xs.numel() // U, 1. - ${dropout}).view(xs.size())
        xs = xs * m
        tape.append(m)
    low = torch.bmm(xs, A.view([U, ${rank}, x.size(1)]).transpose(1, 2))
    y.view([U, -1, y.size(1)]).baddbmm_(low, B.view([U, y.size(1), ${rank}]).transpose(1, 2), beta=1., alpha=self.strength(seeds))
    tape.append(xs)
    tape.append(low)
    return y

def adapted_backward(self, dy: Tensor, W: Tensor, A: Tensor, B: Tensor, seeds: List[int], tape: List[Tensor], gradients: List[Tensor], at: int, below: bool, pieces: int) -> Tensor:
    # Puts the gradients of A and B where they belong, at and at + 1; returns that of x, or anything where nothing below learns.
    if A.size(1) == 0:
        return self.dense_backward(dy, W, pieces) if below else dy
    U = A.size(0)
    low = tape.pop()
    xs = tape.pop()
    dys = dy.view([U, -1, dy.size(1)])
    dlow = torch.bmm(dys, B.view([U, dy.size(1), ${rank}])).mul_(self.strength(seeds))
    gradients[at] = torch.bmm(dlow.transpose(1, 2), xs).view([U, -1])
    # Transposed at last: a product with four columns is ten times slower than one with four rows.
    gradients[at + 1] = torch.bmm(low.transpose(1, 2), dys).mul_(self.strength(seeds)).transpose(1, 2).reshape([U, -1])
    if not below:
        return dy
    dx = self.dense_backward(dy, W, pieces)
    A = A.view([U, ${rank}, dx.size(1)])
    if ${dropout} > 0. and torch.len(seeds) > 0:
        dx.view([U, -1, dx.size(1)]).addcmul_(torch.bmm(dlow, A), tape.pop())
    else:
        dx.view([U, -1, dx.size(1)]).baddbmm_(dlow, A)
    return dx

def attention_scale(self, layer: int) -> float:
    scales = annotate(List[float], ${attention_scales})
    return scales[layer]

def attend(self, q: Tensor, k: Tensor, v: Tensor, noise: List[int], layer: int) -> Tensor:
    # causal; [U·b, heads, T, D / heads]
    if ${base_dropout} > 0. and torch.len(noise) > 0:
        T = q.size(2)
        future = torch.ones([T, T], dtype=11, device=q.device).triu(1)
        w = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * self.attention_scale(layer) + torch.zeros([T, T], device=q.device).masked_fill(future, -inf), -1)
        return torch.matmul(self.drop(w, noise, 1003 + 8 * layer, annotate(List[Tensor], [])), v)
    if ${standard_attention}:
        return torch.scaled_dot_product_attention(q, k, v, None, 0., True)
    return torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=self.attention_scale(layer))

def attention(self, qkv: Tensor, noise: List[int], layer: int, tape: List[Tensor], learning: bool) -> Tensor:
    # [U·b, T, 3, heads, D / heads] to [N, D]
    q = qkv.select(2, 0).transpose(1, 2)
    k = qkv.select(2, 1).transpose(1, 2)
    v = qkv.select(2, 2).transpose(1, 2)
    if not learning:
        return self.attend(q, k, v, noise, layer).transpose(1, 2).reshape([-1, ${width}])
    q = q.detach().requires_grad_(True)
    k = k.detach().requires_grad_(True)
    v = v.detach().requires_grad_(True)
    a = self.attend(q, k, v, noise, layer)
    tape.extend([q, k, v, a])
    return a.detach().transpose(1, 2).reshape([-1, ${width}])

def attention_backward(self, da: Tensor, tape: List[Tensor]) -> Tensor:
    a = tape.pop()
    v = tape.pop()
    k = tape.pop()
    q = tape.pop()
    da = da.view([a.size(0), a.size(2), a.size(1), a.size(3)]).transpose(1, 2)
    g = torch.autograd.grad([a], [q, k, v], annotate(List[Optional[Tensor]], [da]))
    parts = annotate(List[Tensor], [])
    for i in range(3):
        parts.append(unchecked_cast(Tensor, g[i]).transpose(1, 2))
    return torch.stack(parts, 2).view([-1, 3 * ${width}])

def gelu(self, x: Tensor, tape: List[Tensor]) -> Tensor:
    if not ${gelu_by_sigmoid}:
        tape.append(x)
        return torch.gelu(x, approximate="${gelu}")
    # The same as x sigmoid(u), u = x (linear + cubic x^2), since 1 + tanh(u / 2) = 2 sigmoid(u) and on a CPU tanh takes 3.5 times as long as sigmoid. The
    # derivative takes the place of x, so that the way back needs no exponential. As many rows at a time as stay in the processor's cache.
    y = torch.empty_like(x)
    n = max(1, ${gelu_tile} // x.size(1))
    for i in range((x.size(0) + n - 1) // n):
        a = x[n * i:n * i + n]
        b = y[n * i:n * i + n]
        q = a * a
        s = q.mul(${gelu_cubic}).add_(${gelu_linear}).mul_(a).sigmoid_()
        torch.mul(a, s, out=b)
        q.mul_(3. * ${gelu_cubic}).add_(${gelu_linear}).mul_(b)
        torch.addcmul(s, q, 1. - s, out=a)
    tape.append(x)
    return y

def gelu_backward(self, dy: Tensor, tape: List[Tensor]) -> Tensor:
    if not ${gelu_by_sigmoid}:
        return torch.gelu_backward(dy, tape.pop(), approximate="${gelu}")
    return dy.mul_(tape.pop())

def hidden(self, ids: Tensor, base: List[Tensor], flat: Tensor, seeds: List[int], noise: List[int], tape: List[Tensor], learning: bool, pieces: int) -> Tensor:
    # last hidden states [N, D]
    n = ids.size(0)
    T = ids.size(1)
    p = torch.split_with_sizes(flat, ${part_sizes}, 1)
    # Nothing below the first layer learns: the embeddings' mask is not kept.
    x = self.drop((torch.embedding(base[0], ids) + base[1][0:T]).to(6), seeds, 1000, annotate(List[Tensor], [])).view([n * T, ${width}])
    for l in range(${layers}):
        i = 4 + 12 * l
        k = 8 * l
        h = self.norm(x, base[i], base[i + 1], tape)
        qkv = self.adapted(h, base[i + 2], base[i + 3], p[k], p[k + 1], seeds, k, tape, pieces)
        a = self.attention(qkv.view([n, T, 3, ${heads}, ${head_width}]), noise, l, tape, learning)
        x = self.drop(self.adapted(a, base[i + 4], base[i + 5], p[k + 2], p[k + 3], seeds, k + 2, tape, pieces), seeds, 1001 + k, tape).add_(x)
        h = self.norm(x, base[i + 6], base[i + 7], tape)
        f = self.adapted(h, base[i + 8], base[i + 9], p[k + 4], p[k + 5], seeds, k + 4, tape, pieces)
        f = self.gelu(f, tape) if learning else torch.gelu(f, approximate="${gelu}")
        x = self.drop(self.adapted(f, base[i + 10], base[i + 11], p[k + 6], p[k + 7], seeds, k + 6, tape, pieces), seeds, 1002 + k, tape).add_(x)
        if not learning:
            tape.clear()
    return self.norm(x, base[2], base[3], tape)

def backward(self, dx: Tensor, base: List[Tensor], flat: Tensor, seeds: List[int], tape: List[Tensor], pieces: int) -> Tensor:
    # gradient [U, P] from that of the last hidden states
    p = torch.split_with_sizes(flat, ${part_sizes}, 1)
    gradients = annotate(List[Tensor], [])
    gradients.extend(p)
    dx = self.norm_backward(dx, base[2], base[3], tape)
    for j in range(${layers}):
        l = ${layers} - 1 - j
        i = 4 + 12 * l
        k = 8 * l
        df = self.adapted_backward(self.drop_backward(dx, seeds, tape), base[i + 10], p[k + 6], p[k + 7], seeds, tape, gradients, k + 6, True, pieces)
        df = self.gelu_backward(df, tape)
        dh = self.adapted_backward(df, base[i + 8], p[k + 4], p[k + 5], seeds, tape, gradients, k + 4, True, pieces)
        dx = self.norm_backward(dh, base[i + 6], base[i + 7], tape).add_(dx)
        da = self.adapted_backward(self.drop_backward(dx, seeds, tape), base[i + 4], p[k + 2], p[k + 3], seeds, tape, gradients, k + 2, True, pieces)
        dh = self.adapted_backward(self.attention_backward(da, tape), base[i + 2], p[k], p[k + 1], seeds, tape, gradients, k, l > 0, pieces)
        if l > 0:
            dx = self.norm_backward(dh, base[i], base[i + 1], tape).add_(dx)
    return torch.cat(gradients, 1)

def scores(self, h: Tensor, wte: Tensor, out: Tensor):
    # logits of h, a factor already, into out
    if ${bfloat16}:
        out.copy_(torch.linear(h, wte))
    else:
        torch.matmul(h, wte.t(), out=out)
        if ${rounded}:
            out.copy_(out.to(15))

def head(self, h: Tensor, wte: Tensor, targets: Tensor, weights: Tensor, gradient: bool, U: int) -> List[Tensor]:
    # Cross-entropy of h [N, D] and its gradient, a tile of rows and words at a time, which stays in the processor's cache: no N x V array is ever made.
    # The rows are U parts of equal length; a tile has rows of one part.
    # The softmax runs along, as in flash attention: what has been added up is scaled down when a larger logit is found.
    # Returns [negative log likelihood x weight [N], d(sum of them)/dh [N, D] or empty]
    N = h.size(0)
    losses = annotate(List[Tensor], [])
    dh = torch.empty([0], device=h.device)
    if gradient:
        dh = torch.zeros_like(h)
    R = N // U
    tiles = (R + ${tile_rows} - 1) // ${tile_rows}
    tile = torch.empty([min(R, ${tile_rows}), min(${vocabulary}, ${tile_words})], device=h.device)
    for r in range(U * tiles):
        s = R * (r // tiles) + ${tile_rows} * (r % tiles)
        e = min(s + ${tile_rows}, R * (r // tiles + 1))
        x = h[s:e]
        y = self.low(x)
        top = torch.full([e - s, 1], -inf, device=h.device)
        total = torch.zeros([e - s, 1], device=h.device)
        for c in range((${vocabulary} + ${tile_words} - 1) // ${tile_words}):
            words = wte[${tile_words} * c:min(${tile_words} * c + ${tile_words}, ${vocabulary})]
            z = tile[0:e - s].slice(1, 0, words.size(0))
            self.scores(y, words, z)
            larger = torch.maximum(top, z.amax([1], True))
            z.sub_(larger).exp_()
            down = torch.exp(top - larger)
            top = larger
            total.mul_(down).add_(z.sum([1], True))
            if gradient:
                if ${bfloat16} or ${rounded}:
                    dh[s:e].mul_(down).add_(torch.matmul(self.low(z), words).to(15))
                else:
                    dh[s:e].mul_(down).addmm_(z, words)
        target = torch.embedding(wte, targets[s:e]).to(6)
        w = weights[s:e].unsqueeze(1)
        losses.append((total.log() + top - (x * target).sum([1], True)) * w)
        if gradient:
            dh[s:e].mul_(w / total).addcmul_(target, w, value=-1.)
    return [torch.cat(losses, 0).squeeze(1), dh]

def gradients(self, ids: Tensor, targets: Tensor, rows: List[Tensor], seeds: List[int], base: List[Tensor], apart: bool) -> List[Tensor]:
    # Returns [mean cross-entropy of each user [U], its gradient [U, P]]; apart: products with the base one user at a time
    p = torch.stack(rows, 0)
    U = p.size(0)
    pieces = U if apart else 1
    tape = annotate(List[Tensor], [])
    x = self.hidden(ids, base, p, seeds, seeds, tape, True, pieces)
    t = targets.reshape([U, -1])
    counted = (t >= 0).to(6)
    weights = counted / counted.sum([1], True).clamp_min(1.)
    r = self.head(x, base[${head}], t.clamp_min(0).reshape([-1]), weights.reshape([-1]), True, U if ${tile_of_one_user} else 1)
    return [r[0].view([U, -1]).sum([1]), self.backward(r[1], base, p, seeds, tape, pieces)]

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
    x = self.hidden(ids, base, row.unsqueeze(0), annotate(List[int], []), noise, annotate(List[Tensor], []), False, 1)
    t = targets.reshape([-1])
    return self.head(x, base[${head}], t.clamp_min(0), (t >= 0).to(6), False, 1)[0]

def logits(self, ids: Tensor, row: Tensor, base: List[Tensor], positions: Tensor, noise: List[int]) -> Tensor:
    # [M, V] at M positions of the flattened batch
    x = self.hidden(ids, base, row.unsqueeze(0), annotate(List[int], []), noise, annotate(List[Tensor], []), False, 1).index_select(0, positions)
    # padded, since an odd width costs a third of the speed
    out = torch.empty([x.size(0), ${padded_vocabulary}], device=x.device)
    self.scores(self.low(x), base[${head}], out)
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
        if i >= 4 and (i - 4) % 6 >= 2:    # the linear layers
            a = self.low(a)
        out.append(a)
    return out

def base_gradients(self, ids: Tensor, targets: Tensor, flat: Tensor) -> List[Tensor]:
    # mean cross-entropy and its gradient with respect to the whole base [Q]: full-parameter training
    q = flat.detach().requires_grad_(True)
    base = self.parameters(q)
    x = self.hidden(ids, base, torch.empty([1, 0], device=q.device), annotate(List[int], []), annotate(List[int], []), annotate(List[Tensor], []), False, 1)
    loss = torch.cross_entropy_loss(self.high(torch.linear(self.low(x), self.low(base[${head}]))).reshape([-1, ${vocabulary}]), targets.reshape([-1]))
    g = torch.autograd.grad([loss], [q])
    return [loss.detach(), unchecked_cast(Tensor, g[0])]

def assign(self, row: Tensor, values: Tensor) -> Tensor:
    return row.copy_(values)

def rounded(self, x: Tensor) -> Tensor:
    return self.low(x)
