"""How far the results of two runs are apart: perplexities, adapters, and whether their traces are equal.

usage: compare_runs.py RUN OTHER
Prints "perplexity X adapters Y trace equal|different": the largest relative difference of a user's perplexity, and the
largest difference of two numbers of an adapter.
"""
import array
import json
import pathlib
import sys


def summary(run):
    return json.loads((run / "summary.json").read_text())


def numbers(file):
    # safetensors: the length of a header, the header, the numbers
    data = file.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    for name, entry in sorted(header.items()):
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            yield name, array.array("f", data[end + first : end + last])


def farthest(a, b):
    largest = 0.0
    for (name, x), (other, y) in zip(numbers(a), numbers(b), strict=True):
        if name != other or len(x) != len(y):
            raise SystemExit(f"{a} and {b} hold different arrays: {name}, {other}")
        largest = max(largest, max(abs(p - q) for p, q in zip(x, y)))
    return largest


one, two = (pathlib.Path(p) for p in sys.argv[1:3])
s, t = summary(one), summary(two)
perplexity = max(
    abs(p - q) / p for p, q in zip(s["perplexity"]["per_user"], t["perplexity"]["per_user"], strict=True))
files = sorted(one.glob("adapters/*/adapter_model.safetensors"))
if not files:
    raise SystemExit(f"{one} has no adapters")
adapters = max(farthest(f, two / f.relative_to(one)) for f in files)
trace = "equal" if s["trace_hash"] == t["trace_hash"] else "different"
print(f"perplexity {perplexity:.2e} adapters {adapters:.2e} trace {trace}")
