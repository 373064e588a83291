# The layers that blocks are made of, each with its gradient: linear layers with LoRA, norms, activations.

class Linear(NamedTuple):
    # W is [out, in]
    W : Tensor
    b : Optional[Tensor]

class Norm(NamedTuple):
    gain : Tensor
    # of layer norms alone
    bias : Optional[Tensor]

class Lora(NamedTuple):
    # flat: [U, r*in] and [U, out*r]; of no columns where the layer is not adapted
    A : Tensor
    B : Tensor

class Pass(NamedTuple):
    # how a pass is computed
    # of LoRA's inputs and of the base's embeddings and residual branches
    masks : Masks
    # of attention
    noise : Masks
    # alpha / r
    scale : float
    # of LoRA's inputs
    dropout : float
    # products that a product with the base is split into: 1, or U where users are computed apart
    pieces : int
    learning : bool
    # whether backward computes again what blocks leave on the tape, which saves memory
    recompute : bool
    # inputs of the blocks whose part of the tape is to be computed again
    inputs : List[Tensor]
    # what backward needs of the way forward: pushed by hidden and its parts, popped in the opposite order
    tape : List[Tensor]
    # keys and values of a text that is read in several passes, an array a block, [2, C, key and value heads, head width];
    # none if a pass reads whole sequences
    cache : List[Tensor]
    # tokens of that text which passes before this one have read
    read : int

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
    b = linear.b
    if pieces == 1:
        return self.high(torch.linear(x, linear.W, b))
    y = torch.empty([x.size(0), linear.W.size(0)], dtype=x.dtype, device=x.device)
    n = x.size(0) // pieces
    V = linear.W.t()
    for k in range(pieces):
        if b is None:
            torch.matmul(x[n * k:n * k + n], V, out=y[n * k:n * k + n])
        else:
            torch.addmm(b, x[n * k:n * k + n], V, out=y[n * k:n * k + n])
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

def norm(self, x: Tensor, norm: Norm, tape: List[Tensor]) -> Tensor:
    # over the last axis
    if ${layer_norm}:
        y, mean, inverse = torch.native_layer_norm(x, [${width}], norm.gain, norm.bias, ${epsilon})
        tape.extend([x, mean, inverse])
        return y
    length = torch.linalg_vector_norm(x, 2, [-1], True)
    inverse = torch.rsqrt(length * length / x.size(-1) + ${epsilon})
    tape.extend([x, inverse])
    return x * inverse * norm.gain

def norm_backward(self, dy: Tensor, norm: Norm, tape: List[Tensor]) -> Tensor:
    inverse = tape.pop()
    if ${layer_norm}:
        mean = tape.pop()
        x = tape.pop()
        dx, dgain, dbias = torch.native_layer_norm_backward(
            dy, x, [${width}], mean, inverse, norm.gain, norm.bias, [True, False, False])
        return dx
    x = tape.pop()
    dn = dy * norm.gain
    along = (dn * x).sum([-1], True) * (inverse * inverse * inverse / x.size(-1))
    return dn.mul_(inverse).addcmul_(x, along, value=-1.)

def strength(self, way: Pass) -> float:
    # the factor of B A: alpha / r, scaled up for the inputs that dropout leaves out
    if self.masking(way.masks):
        return way.scale / (1. - way.dropout)
    return way.scale

def strengthened(self, x: Tensor, way: Pass) -> Tensor:
    # in place; A may have been scaled instead
    strength = self.strength(way)
    return x if strength == 1. else x.mul_(strength)

def lowered(self, x: Tensor, lora: Lora, site: int, way: Pass) -> Tensor:
    # A dropout(x), [U, tokens of a user, r], of an adapted layer
    U = lora.A.size(0)
    rank = lora.A.size(1) // x.size(1)
    xs = x.view([U, -1, x.size(1)])
    if way.dropout > 0. and self.masking(way.masks):
        n = xs.numel() // U
        keep = 1. - way.dropout
        # Where activations are computed again, masks are too.
        if ${gpu} and not way.recompute:
            m = self.mask_of_block(way.masks, site, n, keep).view(xs.size())
        else:
            m = self.mask(way.masks, site, n, keep).view(xs.size())
        xs = xs * m
        way.tape.append(m)
    low = torch.bmm(xs, lora.A.view([U, rank, x.size(1)]).transpose(1, 2))
    way.tape.extend([xs, low])
    return low

def adapted(self, x: Tensor, linear: Linear, lora: Lora, site: int, way: Pass) -> Tensor:
    # W x + b + (alpha / r) B A dropout(x)
    y = self.dense(x, linear, way.pieces)
    if lora.A.size(1) == 0:
        return y
    low = self.lowered(x, lora, site, way)
    U = low.size(0)
    B = lora.B.view([U, y.size(1), low.size(2)]).transpose(1, 2)
    y.view([U, -1, y.size(1)]).baddbmm_(low, B, beta=1., alpha=self.strength(way))
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
    # Both transposed: a product with a few columns is three to ten times slower than one with a few rows.
    B = lora.B.view([U, dy.size(1), rank]).transpose(1, 2)
    dlow = self.strengthened(torch.bmm(B, dys.transpose(1, 2)), way)
    dA = torch.bmm(dlow, xs).view([U, -1])
    dB = self.strengthened(torch.bmm(low.transpose(1, 2), dys), way).transpose(1, 2).reshape([U, -1])
    gradients.extend([dB, dA])
    masked = way.dropout > 0. and self.masking(way.masks)
    # taken off the tape also if it is not needed, for the layers before this one
    kept = way.tape.pop() if masked else xs
    if not below:
        return dy
    dx = self.dense_backward(dy, linear, way.pieces)
    A = lora.A.view([U, rank, dx.size(1)])
    dlow = dlow.transpose(1, 2)
    if masked:
        dx.view([U, -1, dx.size(1)]).addcmul_(torch.bmm(dlow, A), kept)
    else:
        dx.view([U, -1, dx.size(1)]).baddbmm_(dlow, A)
    return dx

def activation(self, x: Tensor) -> Tensor:
    if ${silu}:
        return torch.silu(x)
    return torch.gelu(x, approximate="${gelu}")

def activation_backward(self, dy: Tensor, x: Tensor) -> Tensor:
    if ${silu}:
        return torch.silu_backward(dy, x)
    return torch.gelu_backward(dy, x, approximate="${gelu}")

def activate(self, x: Tensor, y: Tensor):
    # Writes the activation of x into y, and the derivative over x, so that backward needs no exponential.
    if ${silu}:
        s = torch.sigmoid(x)
        torch.mul(x, s, out=y)
        torch.add(s, y, out=x).addcmul_(s, y, value=-1.)
    else:
        # GELU as x sigmoid(u), u = x (linear + cubic x^2): 1 + tanh(u / 2) = 2 sigmoid(u), and on a CPU tanh takes 3.5
        # times as long as sigmoid.
        q = x * x
        s = q.mul(${gelu_cubic}).add_(${gelu_linear}).mul_(x).sigmoid_()
        torch.mul(x, s, out=y)
        q.mul_(3. * ${gelu_cubic}).add_(${gelu_linear}).mul_(y)
        torch.addcmul(s, q, 1. - s, out=x)

def activated(self, x: Tensor, way: Pass) -> Tensor:
    if not way.learning:
        return self.activation(x)
    if not ${activation_by_sigmoid}:
        way.tape.append(x)
        return self.activation(x)
    y = torch.empty_like(x)
    # a tile of rows stays in the cache
    n = max(1, ${activation_tile} // x.size(1))
    for i in range((x.size(0) + n - 1) // n):
        self.activate(x[n * i:n * i + n], y[n * i:n * i + n])
    way.tape.append(x)
    return y

def activated_backward(self, dy: Tensor, tape: List[Tensor]) -> Tensor:
    if not ${activation_by_sigmoid}:
        return self.activation_backward(dy, tape.pop())
    return dy.mul_(tape.pop())

def gated(self, gate: Tensor, up: Tensor, way: Pass) -> Tensor:
    # activation(gate) * up
    if not way.learning:
        return self.activation(gate) * up
    if not ${activation_by_sigmoid}:
        way.tape.extend([gate, up])
        return self.activation(gate) * up
    # The derivative by gate overwrites gate, that by up overwrites up.
    y = torch.empty_like(gate)
    n = max(1, ${activation_tile} // gate.size(1))
    for i in range((gate.size(0) + n - 1) // n):
        g = gate[n * i:n * i + n]
        u = up[n * i:n * i + n]
        a = torch.empty_like(g)
        self.activate(g, a)
        torch.mul(a, u, out=y[n * i:n * i + n])
        g.mul_(u)
        u.copy_(a)
    way.tape.extend([gate, up])
    return y

def gated_backward(self, dy: Tensor, tape: List[Tensor]) -> Tuple[Tensor, Tensor]:
    # by gate and by up
    up = tape.pop()
    gate = tape.pop()
    if not ${activation_by_sigmoid}:
        return self.activation_backward(dy * up, gate), self.activation(gate).mul_(dy)
    return gate.mul_(dy), up.mul_(dy)
