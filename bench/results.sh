#!/usr/bin/env bash
# The table of docs/results.md: all seven strategies on three kinds of real text, full graph and ring, three seeds; then S2 once more with
# the paper's temperature. Goes on where it was stopped.
# usage: bench/results.sh DATA_FOLDER OUT_FOLDER [KEY=VALUE...]     (DATA_FOLDER holds ag-news, multi-wiki, codes-wiki)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
data=$1
out=$2
shift 2
more=()
for setting in "$@"; do more+=(--set "$setting"); done
texts=(multi-wiki-high codes-wiki-high ag-news-low)

run() { # folder, text, graph, seed, further options
  local folder=$1 text=$2 graph=$3 seed=$4
  shift 4
  [ -f "$folder/done" ] && return
  "$home/coterie" run "$home/scenarios/paper/$text-tiny.yaml" --out "$folder" --overwrite --quiet --seed "$seed" --set "data.path=$data/${text%-*}" \
    --set "topology={kind: $graph}" --set data.arrangement=grouped "${more[@]}" "$@" >"$folder.log"
  touch "$folder/done"
}

mkdir -p "$out"
for text in "${texts[@]}"; do
  for graph in full ring; do
    for seed in 1 2 3; do
      run "$out/$text-$graph-$seed" "$text" "$graph" "$seed"
    done
  done
done
for text in "${texts[@]}"; do
  for graph in full ring; do
    for seed in 1 2 3; do
      run "$out/$text-$graph-$seed-paper" "$text" "$graph" "$seed" --set 'baselines=[]' --set collaboration.strategy=validation-performance \
        --set collaboration.trust.scale=1
    done
  done
done

# mean ± standard deviation over seeds of the mean test perplexity over users
row() { # label, what follows a run's folder
  printf '| %s' "$1"
  for text in "${texts[@]}"; do
    for graph in full ring; do
      for seed in 1 2 3; do
        grep -m1 '"mean"' "$out/$text-$graph-$seed$2/summary.json" | tr -dc '0-9.\n'
      done | awk '{s += $1; q += $1 * $1; n++} END {m = s / n; v = (q - n * m * m) / (n - 1); printf " | %.2f ± %.2f", m, sqrt(v > 0 ? v : 0)}'
    done
  done
  echo ' |'
}
for strategy in local fedavg fedavg-then-local oracle model-similarity validation-performance; do
  row "$strategy" "/baselines/$strategy"
done
row 'validation-performance, scale 1' -paper
row prediction-similarity ''
