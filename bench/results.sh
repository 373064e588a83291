#!/usr/bin/env bash
# The table of docs/results.md: all seven strategies on three kinds of real text, full graph and ring, three seeds. Goes on where it was stopped.
# usage: bench/results.sh DATA_FOLDER OUT_FOLDER [KEY=VALUE...]     (DATA_FOLDER holds ag-news, multi-wiki, codes-wiki)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
data=$1
out=$2
shift 2
more=()
for setting in "$@"; do more+=(--set "$setting"); done

for set in multi-wiki-high codes-wiki-high ag-news-low; do
  for graph in full ring; do
    for seed in 1 2 3; do
      run=$out/$set-$graph-$seed
      [ -f "$run/done" ] && continue
      "$home/coterie" run "$home/scenarios/paper/$set-tiny.yaml" --out "$run" --overwrite --quiet --seed "$seed" --set "data.path=$data/${set%-*}" \
        --set "topology={kind: $graph}" --set data.arrangement=grouped "${more[@]}" >"$out/$set-$graph-$seed.log"
      touch "$run/done"
    done
  done
done

# mean ± standard deviation over seeds of the mean test perplexity over users
for strategy in local fedavg fedavg-then-local oracle model-similarity validation-performance prediction-similarity; do
  printf '| %s' "$strategy"
  for set in multi-wiki-high codes-wiki-high ag-news-low; do
    for graph in full ring; do
      for seed in 1 2 3; do
        run=$out/$set-$graph-$seed
        [ "$strategy" = prediction-similarity ] || run=$run/baselines/$strategy
        grep -m1 '"mean"' "$run/summary.json" | tr -dc '0-9.\n'
      done | awk '{s += $1; q += $1 * $1; n++} END {m = s / n; v = (q - n * m * m) / (n - 1); printf " | %.2f ± %.2f", m, sqrt(v > 0 ? v : 0)}'
    done
  done
  echo ' |'
done
