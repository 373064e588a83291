"""What ByzFL (https://github.com/LPD-EPFL/byzfl) computes with robust aggregation rules, for RobustRulesJudgedTest.

python byzfl_vectors.py > aggregation/byzfl.json        needs byzfl, which needs PyTorch
"""
import json

import numpy as np
from byzfl import NNM, CenteredClipping, Clipping, GeometricMedian, Krum, Median, MultiKrum, TrMean

random = np.random.default_rng(7)


def vectors(n, outliers, p=6):
    """Numbers that float32 holds exactly: n vectors, the last ones far away."""
    x = np.round(random.normal(size=(n, p)) * 64) / 64
    x[n - outliers:] = np.round(x[n - outliers:] * 8 + 20)
    return x


def centred_clipping(x, radius):
    rule = CenteredClipping(L=1, tau=radius)
    # Its constructor refuses every centre.
    rule.m = x[0]
    return rule(x)


def geometric_median(x, iterations, smoothing):
    # ByzFL begins at 0 and Coterie at the mean: the same if the mean is 0.
    mean = x.mean(axis=0)
    return GeometricMedian(nu=smoothing, T=iterations)(x - mean) + mean


cases = []
for n, f in ((3, 1), (4, 1), (5, 2), (7, 2), (8, 3)):
    x = vectors(n, f)
    radius = 3.5
    cases.append({
        "f": f,
        "x": x.tolist(),
        "median": Median()(x),
        "trimmed_mean": TrMean(f=f)(x),
        "krum": Krum(f=f)(x),
        "multi_krum": MultiKrum(f=f)(x),
        "geometric_median": geometric_median(x, 3, 0.1),
        "radius": radius,
        "centred_clipping": centred_clipping(x, radius),
        "norm_bound": Clipping(c=radius)(x.copy()).mean(axis=0),
        "nnm": NNM(f=f)(x).mean(axis=0),
        "nnm_median": Median()(NNM(f=f)(x)),
        "nnm_trimmed_mean": TrMean(f=f)(NNM(f=f)(x)),
    })
    for name, value in cases[-1].items():
        if isinstance(value, np.ndarray):
            cases[-1][name] = [round(float(v), 9) for v in value]
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
