# AdamW in place, operation by operation as PyTorch's own, of the gradient times factor: one user after the other, whose
# arrays stay in the processor's cache.

def update(
        self, rows: List[Tensor], gradient: Tensor, exp_avg: List[Tensor], exp_avg_sq: List[Tensor],
        rates: List[float], steps: List[float], factor: float) -> Tensor:
    if factor != 1.:
        gradient = gradient * factor
    # Memory is taken before the first change: an update that lacks it has changed nothing.
    denominator = torch.empty_like(gradient[0])
    for u in range(torch.len(rows)):
        g = gradient[u]
        m = exp_avg[u].lerp_(g, 1. - ${beta1})
        v = exp_avg_sq[u].mul_(${beta2}).addcmul_(g, g, value=1. - ${beta2})
        correction1 = 1. - ${beta1} ** steps[u]
        correction2 = (1. - ${beta2} ** steps[u]) ** 0.5
        torch.sqrt(v, out=denominator).div_(correction2).add_(${adam_epsilon})
        rows[u].mul_(1. - rates[u] * ${weight_decay}).addcdiv_(m, denominator, value=-rates[u] / correction1)
    return gradient
