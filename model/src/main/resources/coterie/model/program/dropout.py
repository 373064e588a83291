# Dropout masks. A mask is a function of the user's seed, the place in the program (site) and the position, and of nothing
# else: it is the same on every device, alone or stacked, and can be computed again.
#
# The hash of position w (two draws of 16 bits), modulo 2^32, with keys k0 and k1 of seed and site:
#   x = 0x7feb352d w + k0;  x = x xor (x >> 15) xor k1;  x = 0x846ca68b x;  x = x xor (x >> 16)
# The keys are the halves of SplitMix64's output function (Steele, Lea and Flood, "Fast splittable pseudorandom number
# generators", 2014) at seed + (site + 1) 0x9e3779b97f4a7c15. The multipliers are those of a 32-bit hash that Wellons
# found by search ("Prospecting for hash functions", 2018). Below they are decimal and signed: TorchScript takes a
# hexadecimal number with an e for a real one.

class Masks(NamedTuple):
    # int32 [sites, U, 2]; of no sites if nothing is left out
    keys : Tensor
    # 0x7feb352d w for the first positions, int32, as many as the longest mask needed so far
    positions : List[Tensor]
    # masks [blocks, U, n] of each site of a block that were drawn for all blocks; without numbers where none were
    drawn : List[Tensor]

def shifted(self, x: Tensor, by: int, ones: int) -> Tensor:
    # a logical shift to the right; PyTorch's keeps the sign
    return torch.bitwise_right_shift(x, by).bitwise_and_(ones)

def copied(self, x: Tensor) -> Tensor:
    # x on the device, copied in the order of its work: nothing waits for what was begun before
    return x.to(torch.device("${device}"), non_blocking=True)

def masks(self, seeds: List[int], sites: int) -> Masks:
    d = torch.device("${device}")
    if torch.len(seeds) == 0:
        return Masks(torch.empty([0], dtype=3, device=d), annotate(List[Tensor], []), annotate(List[Tensor], []))
    z = torch.arange(1, sites + 1, dtype=4, device=d).mul_(-7046029254386353131).unsqueeze(1)
    z = z + self.copied(torch.tensor(seeds, dtype=4))
    z.bitwise_xor_(self.shifted(z, 30, 0x3ffffffff)).mul_(-4658895280553007687)
    z.bitwise_xor_(self.shifted(z, 27, 0x1fffffffff)).mul_(-7723592293110705685)
    z.bitwise_xor_(self.shifted(z, 31, 0x1ffffffff))
    keys = torch.view_copy(z, dtype=3).view([sites, torch.len(seeds), 2])
    none = torch.empty([0], dtype=3, device=d)
    drawn = annotate(List[Tensor], [])
    for i in range(${sites_of_a_block}):
        drawn.append(none)
    return Masks(keys, [none], drawn)

def masking(self, masks: Masks) -> bool:
    return masks.keys.size(0) > 0

def draws(self, masks: Masks, keys: Tensor, n: int, keep: float) -> Tensor:
    # [M, n] of 0 or 1, 1 with probability keep, from keys [M, 2]
    words = (n + 1) // 2
    if masks.positions[0].numel() < words:
        masks.positions[0] = torch.arange(0, words, dtype=3, device=masks.keys.device).mul_(2146121005)
    k = keys.unsqueeze(2)
    x = masks.positions[0][0:words] + k.select(1, 0)
    t = self.shifted(x, 15, 0x1ffff)
    x.bitwise_xor_(t).bitwise_xor_(k.select(1, 1)).mul_(-2073254261)
    torch.bitwise_right_shift(x, 16, out=t)
    x.bitwise_xor_(t.bitwise_and_(0xffff))
    out = torch.empty([x.size(0), n], device=x.device)
    # at most 65535 of 65536: the largest threshold that a draw of 16 bits can be compared with
    threshold = min(int(torch.round(keep * 65536.)), 65535) - 32768
    torch.lt(torch.view_copy(x, dtype=2).slice(1, 0, n), threshold, out=out)
    return out

def mask(self, masks: Masks, site: int, n: int, keep: float) -> Tensor:
    # [U, n] of 0 or 1, 1 with probability keep
    return self.draws(masks, masks.keys[site], n, keep)

def mask_of_block(self, masks: Masks, site: int, n: int, keep: float) -> Tensor:
    # The same of a site of whose masks those of all blocks are equally long. They are drawn together, which takes a GPU
    # a few kernels in the place of a dozen a block, and the memory of all of them from the first block on.
    place = site % ${sites_of_a_block}
    block = site // ${sites_of_a_block}
    if masks.drawn[place].numel() == 0:
        keys = masks.keys.slice(0, place, ${layers} * ${sites_of_a_block}, ${sites_of_a_block})
        all = self.draws(masks, keys.reshape([-1, 2]), n, keep)
        masks.drawn[place] = all.view([${layers}, -1, n])
    return masks.drawn[place][block]

def dropping(self, masks: Masks) -> bool:
    # the base's own dropout of embeddings, attention and residual branches; off unless a scenario asks for it
    return ${base_dropout} > 0. and self.masking(masks)

def drop_factors(self, x: Tensor, masks: Masks, site: int, tape: List[Tensor]) -> Tensor:
    # what that dropout multiplies an array of the shape of x with
    kept = self.mask(masks, site, x.numel() // masks.keys.size(1), 1. - ${base_dropout})
    m = kept.view(x.size()) * (1. / (1. - ${base_dropout}))
    tape.append(m)
    return m

def drop(self, x: Tensor, masks: Masks, site: int, tape: List[Tensor]) -> Tensor:
    if self.dropping(masks):
        return x * self.drop_factors(x, masks, site, tape)
    return x

def drop_backward(self, dy: Tensor, masks: Masks, tape: List[Tensor]) -> Tensor:
    if self.dropping(masks):
        return dy * tape.pop()
    return dy
