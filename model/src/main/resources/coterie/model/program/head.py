# From the last hidden states to words: losses, logits, and what is called from outside.

def scores(self, h: Tensor, W: Tensor, out: Tensor):
    # logits of h, a factor already, into out
    if ${bfloat16}:
        out.copy_(torch.linear(h, W))
    else:
        torch.matmul(h, W.t(), out=out)
        if ${rounded}:
            out.copy_(out.to(15))
    if ${logit_cap} > 0.:
        out.div_(${logit_cap}).tanh_().mul_(${logit_cap})

def head(self, h: Tensor, W: Tensor, targets: Tensor, weights: Tensor, gradient: bool, U: int) -> List[Tensor]:
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
            words = W[${tile_words} * c:min(${tile_words} * c + ${tile_words}, ${vocabulary})]
            z = tile[0:e - s].slice(1, 0, words.size(0))
            self.scores(y, words, z)
            slope = z
            if gradient and ${logit_cap} > 0.:
                # of the cap
                slope = 1. - (z / ${logit_cap}).square_()
            larger = torch.maximum(top, z.amax([1], True))
            z.sub_(larger).exp_()
            down = torch.exp(top - larger)
            top = larger
            total.mul_(down).add_(z.sum([1], True))
            if gradient:
                if ${logit_cap} > 0.:
                    z.mul_(slope)
                if ${bfloat16} or ${rounded}:
                    dh[s:e].mul_(down).add_(torch.matmul(self.low(z), words).to(15))
                else:
                    dh[s:e].mul_(down).addmm_(z, words)
        target = torch.embedding(W, targets[s:e]).to(6)
        score = (x * target).sum([1], True)
        if ${logit_cap} > 0.:
            score.div_(${logit_cap}).tanh_().mul_(${logit_cap})
        w = weights[s:e].unsqueeze(1)
        losses.append((total.log() + top - score) * w)
        if gradient:
            dh[s:e].mul_(w / total)
            if ${logit_cap} > 0.:
                w = w * (1. - (score / ${logit_cap}).square_())
            dh[s:e].addcmul_(target, w, value=-1.)
    return [torch.cat(losses, 0).squeeze(1), dh]

def quiet(self, layout: Tuple[List[int], float, float], noise: List[int]) -> Pass:
    # a pass without dropout of LoRA's inputs, and without a gradient
    sizes, scale, dropout = layout
    return Pass(
        self.masks(annotate(List[int], []), 0), self.masks(noise, ${sites}), scale, dropout, 1, False, False,
        annotate(List[Tensor], []), annotate(List[Tensor], []), annotate(List[Tensor], []), 0)

def gradients(
        self, ids: Tensor, targets: Tensor, rows: List[Tensor], layout: Tuple[List[int], float, float],
        seeds: List[int], base: Base, apart: bool, recompute: bool) -> List[Tensor]:
    # Returns [mean cross-entropy of each user [U], its gradient [U, P]].
    sizes, scale, dropout = layout
    flat = torch.stack(rows, 0)
    U = flat.size(0)
    # keys are not made in vain
    drops = dropout > 0. or ${base_dropout} > 0.
    masks = self.masks(seeds if drops else annotate(List[int], []), ${sites})
    strength = 1.
    if ${gpu}:
        # All A are scaled here, in one go, and all of their gradients below: not B A, and two gradients, of each layer.
        strength = scale / (1. - dropout) if self.masking(masks) else scale
        scale = 1. - dropout if self.masking(masks) else 1.
    way = Pass(
        masks, masks, scale, dropout, U if apart else 1, True, recompute, annotate(List[Tensor], []),
        annotate(List[Tensor], []), annotate(List[Tensor], []), 0)
    if ${gpu}:
        adapters = self.scaled_adapters(flat, sizes, strength)
    else:
        adapters = self.adapters(flat, sizes)
    x = self.hidden(self.copied(ids), base, adapters, way)
    t = self.copied(targets).reshape([U, -1])
    counted = (t >= 0).to(6)
    weights = (counted / counted.sum([1], True).clamp_min(1.)).reshape([-1])
    r = self.head(x, base.head, t.clamp_min(0).reshape([-1]), weights, True, U if ${tile_of_one_user} else 1)
    # Backward visits the layers last to first.
    g = self.backward(r[1], ids.size(1), base, adapters, way)
    if ${gpu}:
        of_A = annotate(List[Tensor], [])
        for i in range(torch.len(g) // 2):
            of_A.append(g[2 * i + 1])
        # Not in place: TorchScript would take a change of a list that is not read later for one without effect.
        scaled = torch._foreach_mul(of_A, strength)
        for i in range(torch.len(scaled)):
            g[2 * i + 1] = scaled[i]
    g.reverse()
    return [r[0].view([U, -1]).sum([1]), torch.cat(g, 1)]

def states(
        self, ids: Tensor, rows: List[Tensor], layout: Tuple[List[int], float, float], base: Base,
        noise: List[int]) -> Tensor:
    # last hidden states [N, D] under the adapters of one user or of several, without a gradient
    flat = rows[0].unsqueeze(0) if torch.len(rows) == 1 else torch.stack(rows, 0)
    return self.hidden(ids, base, self.adapters(flat, layout[0]), self.quiet(layout, noise))

def losses(
        self, ids: Tensor, targets: Tensor, rows: List[Tensor], layout: Tuple[List[int], float, float], base: Base,
        noise: List[int]) -> Tensor:
    # negative log likelihood of every target [U*b*T]; 0 where the target is negative
    x = self.states(ids, rows, layout, base, noise)
    t = targets.reshape([-1])
    parts = torch.len(rows) if ${tile_of_one_user} else 1
    return self.head(x, base.head, t.clamp_min(0), (t >= 0).to(6), False, parts)[0]

def logits_of(self, h: Tensor, base: Base) -> Tensor:
    # [M, V] of hidden states [M, D]; padded first, since an odd width costs a third of the speed
    out = torch.empty([h.size(0), ${padded_vocabulary}], device=h.device)
    self.scores(self.low(h), base.head, out)
    return out.slice(1, 0, ${vocabulary})

def logits(
        self, ids: Tensor, row: Tensor, layout: Tuple[List[int], float, float], base: Base, positions: Tensor,
        noise: List[int]) -> Tensor:
    # [M, V] at M positions of the flattened batch
    h = self.states(ids, [row], layout, base, noise)
    return self.logits_of(h.index_select(0, positions), base)

def top_logits(
        self, ids: Tensor, rows: List[Tensor], layout: Tuple[List[int], float, float], base: Base, positions: Tensor,
        k: int, noise: List[int]) -> List[Tensor]:
    # The k largest logits, falling, and their token ids: [M, k] each. Equally many of the M positions of the flattened
    # batch belong to each user, one user's after another's. Logits are computed user by user, since they are large.
    h = self.states(ids, rows, layout, base, noise).index_select(0, positions)
    n = h.size(0) // torch.len(rows)
    logits = annotate(List[Tensor], [])
    words = annotate(List[Tensor], [])
    for u in range(torch.len(rows)):
        top, word = torch.topk(self.logits_of(h[n * u:n * u + n], base), k, 1, True, True)
        logits.append(top)
        words.append(word)
    return [torch.cat(logits, 0), torch.cat(words, 0)]

def next_logits(
        self, ids: Tensor, row: Tensor, layout: Tuple[List[int], float, float], base: Base, cache: List[Tensor], read: int,
        k: int) -> List[Tensor]:
    # The k largest logits after the tokens ids [1, T] of a text, and their token ids: [1, k] each. Passes before have read
    # the first `read` tokens of the text and left their keys and values in the cache; T is 1 then.
    sizes, scale, dropout = layout
    none = self.masks(annotate(List[int], []), 0)
    way = Pass(
        none, none, scale, dropout, 1, False, False, annotate(List[Tensor], []), annotate(List[Tensor], []), cache, read)
    h = self.hidden(ids, base, self.adapters(row.unsqueeze(0), sizes), way)
    return torch.topk(self.logits_of(h[-1:], base), k, 1, True, True)

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
    if ${logit_cap} > 0.:
        logits = torch.tanh(logits / ${logit_cap}) * ${logit_cap}
    loss = torch.cross_entropy_loss(logits.reshape([-1, ${vocabulary}]), targets.reshape([-1]))
    g = torch.autograd.grad([loss], [q])
    return [loss.detach(), unchecked_cast(Tensor, g[0])]

def assign(self, row: Tensor, values: Tensor) -> Tensor:
    return row.copy_(values)

def blank(self, shape: List[int], lower: bool) -> Tensor:
    # an array of a base, to be filled
    if ${bfloat16} and lower:
        return torch.zeros(shape, dtype=15, device=torch.device("${device}"))
    return torch.zeros(shape, dtype=6, device=torch.device("${device}"))

def fill(self, array: Tensor, numbers: Tensor, type: int, lower: bool, at: int, transposed: bool) -> Tensor:
    # Copies numbers into a base's array from a place on; of a transposed array, whole columns. Numbers of two bytes come
    # as bytes.
    if type != 6:
        numbers = torch.view_copy(numbers, dtype=type)
    if ${rounded} and lower:
        numbers = numbers.to(15)
    if transposed:
        numbers = numbers.view([-1, array.size(0)])
        first = at // array.size(0)
        array.slice(1, first, first + numbers.size(0)).copy_(numbers.t())
    else:
        array.view([-1]).slice(0, at, at + numbers.numel()).copy_(numbers)
    return array
