# A decoder-only transformer with LoRA for U users in one pass. TorchScript: DecoderProgram fills in the words in ${...},
# a base family adds its blocks (Base, BlockAdapter, base, adapters, hidden, backward) and its own ${...}.
#
#   ids, targets   [U*b, T]  token ids, the rows of a user side by side; a negative target is not counted
#   flat           [U, P]    a row is a user's adapter: A [r, in] and B [out, r] of each adapted layer, block by block
#   layout         what the rows of flat hold: sizes of all A and B in order (0 where a layer is not adapted),
#                  alpha / r, probability of dropout. The users of a pass share it.
#   seeds          one number a user, the only source of its dropout masks
#   noise          the same for the dropout of attention alone, which the paper's released code leaves on in evaluation
#   apart          whether each product with the base is computed one user at a time
#
# Activations are [N, D], N = U*b*T tokens. A user's results depend on its own rows alone, so stacking users changes the
# speed but not the results. To the bit this holds where no kernel's result depends on the number of rows; MKL's does for
# some shapes on some processors, and there products are computed apart. PassRule says what is done where. On a CPU the
# head always computes tiles of one user, which costs nothing.
#
# The gradient of adapters is written out: the base is frozen, and autograd would keep, copy and add what is not needed.
# Only attention is left to autograd, which has a kernel of its own for every device. A whole base (base_gradients) is
# trained by autograd.
# Types: 2 is int16, 4 is int64, 6 is float32, 11 is bool, 15 is bfloat16.

class Linear(NamedTuple):
    # W is [out, in]
    W : Tensor
    b : Tensor

class Norm(NamedTuple):
    gain : Tensor
    bias : Tensor

class Lora(NamedTuple):
    # flat: [U, r*in] and [U, out*r]; of no columns where the layer is not adapted
    A : Tensor
    B : Tensor

class Pass(NamedTuple):
    # how a pass is computed
    seeds : List[int]
    noise : List[int]
    # alpha / r
    scale : float
    # of LoRA's inputs
    dropout : float
    # products that a product with the base is split into: 1, or U where users are computed apart
    pieces : int
    learning : bool
    # what backward needs of the way forward: pushed by hidden and its parts, popped in the opposite order
    tape : List[Tensor]

def low(self, x: Tensor) -> Tensor:
    # A factor of a product with the base. A device without such products holds numbers rounded to bfloat16 in float32.
    if ${bfloat16}:
        return x.to(15)
    if ${rounded}:
        return x.to(15).to(6)
    return x

def high(self, y: Tensor) -> Tensor:
    # a product of two such factors
    if ${bfloat16}:
        return y.to(6)
    if ${rounded}:
        return y.to(15).to(6)
    return y

def dense(self, x: Tensor, linear: Linear, pieces: int) -> Tensor:
    x = self.low(x)
    if pieces == 1:
        return self.high(torch.linear(x, linear.W, linear.b))
    y = torch.empty([x.size(0), linear.W.size(0)], dtype=x.dtype, device=x.device)
    n = x.size(0) // pieces
    V = linear.W.t()
    for k in range(pieces):
        torch.addmm(linear.b, x[n * k:n * k + n], V, out=y[n * k:n * k + n])
    return self.high(y)

def dense_backward(self, dy: Tensor, linear: Linear, pieces: int) -> Tensor:
    W = linear.W
    dy = self.low(dy)
    if pieces == 1:
        return self.high(torch.matmul(dy, W))
    dx = torch.empty([dy.size(0), W.size(1)], dtype=dy.dtype, device=dy.device)
    n = dy.size(0) // pieces
    for k in range(pieces):
        torch.matmul(dy[n * k:n * k + n], W, out=dx[n * k:n * k + n])
    return self.high(dx)

def mask(self, seeds: List[int], site: int, n: int, keep: float) -> Tensor:
    # [U, n] of 0 or 1, 1 with probability keep. A 64-bit word gives four 16-bit draws: four times as fast as a draw each.
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
    # the base's own dropout of embeddings and residual branches; off unless a scenario asks for it
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        U = torch.len(seeds)
        kept = self.mask(seeds, site, x.numel() // U, 1. - ${base_dropout})
        m = kept.view(x.size()) * (1. / (1. - ${base_dropout}))
        tape.append(m)
        return x * m
    return x

def drop_backward(self, dy: Tensor, seeds: List[int], tape: List[Tensor]) -> Tensor:
    if ${base_dropout} > 0. and torch.len(seeds) > 0:
        return dy * tape.pop()
    return dy

def norm(self, x: Tensor, norm: Norm, tape: List[Tensor]) -> Tensor:
    y, mean, inverse = torch.native_layer_norm(x, [${width}], norm.gain, norm.bias, ${epsilon})
    tape.extend([x, mean, inverse])
    return y

def norm_backward(self, dy: Tensor, norm: Norm, tape: List[Tensor]) -> Tensor:
    inverse = tape.pop()
    mean = tape.pop()
    x = tape.pop()
    dx, dgain, dbias = torch.native_layer_norm_backward(
        dy, x, [${width}], mean, inverse, norm.gain, norm.bias, [True, False, False])
    return dx

def strength(self, way: Pass) -> float:
    # the factor of B A: alpha / r, scaled up for the inputs that dropout leaves out
    if torch.len(way.seeds) > 0:
        return way.scale / (1. - way.dropout)
    return way.scale

def adapted(self, x: Tensor, linear: Linear, lora: Lora, site: int, way: Pass) -> Tensor:
    # W x + b + (alpha / r) B A dropout(x)
    y = self.dense(x, linear, way.pieces)
    if lora.A.size(1) == 0:
        return y
    U = lora.A.size(0)
    rank = lora.A.size(1) // x.size(1)
    xs = x.view([U, -1, x.size(1)])
    if way.dropout > 0. and torch.len(way.seeds) > 0:
        m = self.mask(way.seeds, site, xs.numel() // U, 1. - way.dropout).view(xs.size())
        xs = xs * m
        way.tape.append(m)
    low = torch.bmm(xs, lora.A.view([U, rank, x.size(1)]).transpose(1, 2))
    B = lora.B.view([U, y.size(1), rank]).transpose(1, 2)
    y.view([U, -1, y.size(1)]).baddbmm_(low, B, beta=1., alpha=self.strength(way))
    way.tape.append(xs)
    way.tape.append(low)
    return y

def adapted_backward(
        self, dy: Tensor, linear: Linear, lora: Lora, gradients: List[Tensor], below: bool, way: Pass) -> Tensor:
    # Appends the gradients of B and A; returns that of x, or anything if nothing below learns.
    if lora.A.size(1) == 0:
        return self.dense_backward(dy, linear, way.pieces) if below else dy
    U = lora.A.size(0)
    low = way.tape.pop()
    xs = way.tape.pop()
    rank = low.size(2)
    dys = dy.view([U, -1, dy.size(1)])
    dlow = torch.bmm(dys, lora.B.view([U, dy.size(1), rank])).mul_(self.strength(way))
    dA = torch.bmm(dlow.transpose(1, 2), xs).view([U, -1])
    # Transposed last: a product with four columns is ten times slower than one with four rows.
    dB = torch.bmm(low.transpose(1, 2), dys).mul_(self.strength(way)).transpose(1, 2).reshape([U, -1])
    gradients.extend([dB, dA])
    if not below:
        return dy
    dx = self.dense_backward(dy, linear, way.pieces)
    A = lora.A.view([U, rank, dx.size(1)])
    if way.dropout > 0. and torch.len(way.seeds) > 0:
        dx.view([U, -1, dx.size(1)]).addcmul_(torch.bmm(dlow, A), way.tape.pop())
    else:
        dx.view([U, -1, dx.size(1)]).baddbmm_(dlow, A)
    return dx

def next_lora(self, parts: List[Tensor]) -> Lora:
    # takes the next A and B of a row's parts
    A = parts.pop(0)
    B = parts.pop(0)
    return Lora(A, B)

def linear(self, arrays: Dict[str, Tensor], name: str) -> Linear:
    return Linear(arrays[name + ".weight"], arrays[name + ".bias"])

def layer_norm(self, arrays: Dict[str, Tensor], name: str) -> Norm:
    return Norm(arrays[name + ".weight"], arrays[name + ".bias"])

def attention_scale(self, layer: int) -> float:
    scales = annotate(List[float], ${attention_scales})
    return scales[layer]

def attend(self, q: Tensor, k: Tensor, v: Tensor, noise: List[int], layer: int) -> Tensor:
    # causal; [U·b, heads, T, D / heads]
    if ${base_dropout} > 0. and torch.len(noise) > 0:
        T = q.size(2)
        future = torch.ones([T, T], dtype=11, device=q.device).triu(1)
        causal = torch.zeros([T, T], device=q.device).masked_fill(future, -inf)
        w = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * self.attention_scale(layer) + causal, -1)
        return torch.matmul(self.drop(w, noise, 1003 + 8 * layer, annotate(List[Tensor], [])), v)
    if ${standard_attention}:
        return torch.scaled_dot_product_attention(q, k, v, None, 0., True)
    return torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=self.attention_scale(layer))

def attention(self, qkv: Tensor, layer: int, way: Pass) -> Tensor:
    # [U·b, T, 3, heads, D / heads] to [N, D]
    q = qkv.select(2, 0).transpose(1, 2)
    k = qkv.select(2, 1).transpose(1, 2)
    v = qkv.select(2, 2).transpose(1, 2)
    if not way.learning:
        return self.attend(q, k, v, way.noise, layer).transpose(1, 2).reshape([-1, ${width}])
    q = q.detach().requires_grad_(True)
    k = k.detach().requires_grad_(True)
    v = v.detach().requires_grad_(True)
    a = self.attend(q, k, v, way.noise, layer)
    way.tape.extend([q, k, v, a])
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

def gelu(self, x: Tensor, way: Pass) -> Tensor:
    if not way.learning:
        return torch.gelu(x, approximate="${gelu}")
    tape = way.tape
    if not ${gelu_by_sigmoid}:
        tape.append(x)
        return torch.gelu(x, approximate="${gelu}")
    # As x sigmoid(u), u = x (linear + cubic x^2): 1 + tanh(u / 2) = 2 sigmoid(u), and on a CPU tanh takes 3.5 times as long
    # as sigmoid. The derivative overwrites x, so that backward needs no exponential. A tile of rows stays in the cache.
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

def scores(self, h: Tensor, wte: Tensor, out: Tensor):
    # logits of h, a factor already, into out
    if ${bfloat16}:
        out.copy_(torch.linear(h, wte))
    else:
        torch.matmul(h, wte.t(), out=out)
        if ${rounded}:
            out.copy_(out.to(15))

def head(self, h: Tensor, wte: Tensor, targets: Tensor, weights: Tensor, gradient: bool, U: int) -> List[Tensor]:
    # Cross-entropy of h [N, D] and its gradient, by tiles of rows and words that stay in the processor's cache: no N x V
    # array is made. The rows are U parts of equal length; a tile has rows of one part. The softmax is an online one, as
    # in flash attention: what has been added up is scaled down when a larger logit is found.
    # Returns [negative log likelihood x weight [N], d(sum of them)/dh [N, D] or empty].
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

def quiet(self, layout: Tuple[List[int], float, float], noise: List[int]) -> Pass:
    # a pass without dropout of LoRA's inputs, and without a gradient
    sizes, scale, dropout = layout
    return Pass(annotate(List[int], []), noise, scale, dropout, 1, False, annotate(List[Tensor], []))

def gradients(
        self, ids: Tensor, targets: Tensor, rows: List[Tensor], layout: Tuple[List[int], float, float],
        seeds: List[int], base: Base, apart: bool) -> List[Tensor]:
    # Returns [mean cross-entropy of each user [U], its gradient [U, P]].
    sizes, scale, dropout = layout
    flat = torch.stack(rows, 0)
    U = flat.size(0)
    way = Pass(seeds, seeds, scale, dropout, U if apart else 1, True, annotate(List[Tensor], []))
    adapters = self.adapters(flat, sizes)
    x = self.hidden(ids, base, adapters, way)
    t = targets.reshape([U, -1])
    counted = (t >= 0).to(6)
    weights = (counted / counted.sum([1], True).clamp_min(1.)).reshape([-1])
    r = self.head(x, base.head, t.clamp_min(0).reshape([-1]), weights, True, U if ${tile_of_one_user} else 1)
    # Backward visits the layers last to first.
    g = self.backward(r[1], base, adapters, way)
    g.reverse()
    return [r[0].view([U, -1]).sum([1]), torch.cat(g, 1)]

def update(
        self, rows: List[Tensor], gradient: Tensor, exp_avg: List[Tensor], exp_avg_sq: List[Tensor],
        rates: List[float], steps: List[float], factor: float) -> Tensor:
    # AdamW in place, operation by operation as PyTorch's own, of the gradient times factor
    if factor != 1.:
        gradient = gradient * factor
    for u in range(torch.len(rows)):
        g = gradient[u]
        m = exp_avg[u].lerp_(g, 1. - ${beta1})
        v = exp_avg_sq[u].mul_(${beta2}).addcmul_(g, g, value=1. - ${beta2})
        correction1 = 1. - ${beta1} ** steps[u]
        correction2 = (1. - ${beta2} ** steps[u]) ** 0.5
        denominator = (v.sqrt() / correction2).add_(${adam_epsilon})
        rows[u].mul_(1. - rates[u] * ${weight_decay}).addcdiv_(m, denominator, value=-rates[u] / correction1)
    return gradient

def losses(
        self, ids: Tensor, targets: Tensor, row: Tensor, layout: Tuple[List[int], float, float], base: Base,
        noise: List[int]) -> Tensor:
    # negative log likelihood of every target [b*T] under one user's adapter; 0 where the target is negative
    x = self.hidden(ids, base, self.adapters(row.unsqueeze(0), layout[0]), self.quiet(layout, noise))
    t = targets.reshape([-1])
    return self.head(x, base.head, t.clamp_min(0), (t >= 0).to(6), False, 1)[0]

def logits(
        self, ids: Tensor, row: Tensor, layout: Tuple[List[int], float, float], base: Base, positions: Tensor,
        noise: List[int]) -> Tensor:
    # [M, V] at M positions of the flattened batch
    h = self.hidden(ids, base, self.adapters(row.unsqueeze(0), layout[0]), self.quiet(layout, noise))
    x = h.index_select(0, positions)
    # padded, since an odd width costs a third of the speed
    out = torch.empty([x.size(0), ${padded_vocabulary}], device=x.device)
    self.scores(self.low(x), base.head, out)
    return out.slice(1, 0, ${vocabulary})

def top_logits(
        self, ids: Tensor, row: Tensor, layout: Tuple[List[int], float, float], base: Base, positions: Tensor, k: int,
        noise: List[int]) -> List[Tensor]:
    # the k largest logits, falling, and their token ids: [M, k] each
    return torch.topk(self.logits(ids, row, layout, base, positions, noise), k, 1, True, True)

def arrays(self, flat: Tensor) -> Dict[str, Tensor]:
    # the arrays of a whole base that is one flat row, by name
    out = annotate(Dict[str, Tensor], {})
    names = annotate(List[str], ${base_names})
    shapes = annotate(List[List[int]], ${base_shapes})
    linear = annotate(List[bool], ${base_linear})
    parts = torch.split_with_sizes(flat, ${base_sizes}, 0)
    for i in range(torch.len(parts)):
        a = parts[i].view(shapes[i])
        out[names[i]] = self.low(a) if linear[i] else a
    return out

def base_gradients(self, ids: Tensor, targets: Tensor, flat: Tensor) -> List[Tensor]:
    # mean cross-entropy and its gradient with respect to the whole base [Q]: full-parameter training
    q = flat.detach().requires_grad_(True)
    base = self.base(self.arrays(q))
    none = torch.empty([1, 0], device=q.device)
    sizes = annotate(List[int], ${no_adapter})
    x = self.hidden(ids, base, self.adapters(none, sizes), self.quiet((sizes, 1., 0.), annotate(List[int], [])))
    logits = self.high(torch.linear(self.low(x), self.low(base.head)))
    loss = torch.cross_entropy_loss(logits.reshape([-1, ${vocabulary}]), targets.reshape([-1]))
    g = torch.autograd.grad([loss], [q])
    return [loss.detach(), unchecked_cast(Tensor, g[0])]

def assign(self, row: Tensor, values: Tensor) -> Tensor:
    return row.copy_(values)

def rounded(self, x: Tensor) -> Tensor:
    return self.low(x)
