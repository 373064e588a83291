# The same update as update.py's, operation by operation, each of all users at once: a GPU has a few kernels in the
# place of eight a user.

def update(
        self, rows: List[Tensor], gradient: Tensor, exp_avg: List[Tensor], exp_avg_sq: List[Tensor],
        rates: List[float], steps: List[float], factor: float) -> Tensor:
    if factor != 1.:
        gradient = gradient * factor
    gradients = annotate(List[Tensor], [])
    # Memory is taken before the first change, as there.
    denominators = annotate(List[Tensor], [])
    kept = annotate(List[number], [])
    corrections = annotate(List[number], [])
    slopes = annotate(List[number], [])
    for u in range(torch.len(rows)):
        gradients.append(gradient[u])
        denominators.append(torch.empty_like(gradient[u]))
        kept.append(1. - rates[u] * ${weight_decay})
        corrections.append((1. - ${beta2} ** steps[u]) ** 0.5)
        slopes.append(-rates[u] / (1. - ${beta1} ** steps[u]))
    torch._foreach_lerp_(exp_avg, gradients, 1. - ${beta1})
    torch._foreach_mul_(exp_avg_sq, ${beta2})
    torch._foreach_addcmul_(exp_avg_sq, gradients, gradients, value=1. - ${beta2})
    torch._foreach_copy_(denominators, exp_avg_sq)
    torch._foreach_sqrt_(denominators)
    torch._foreach_div_(denominators, corrections)
    torch._foreach_add_(denominators, ${adam_epsilon})
    torch._foreach_mul_(rows, kept)
    torch._foreach_addcdiv_(rows, exp_avg, denominators, slopes)
    return gradient
