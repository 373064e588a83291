#!/usr/bin/env bash
# Trust on three graphs and four texts (docs/results.md): scenarios/studies/trust-default.yaml for each. Goes on where it was stopped.
# usage: bench/trust.sh DATA_FOLDER OUT_FOLDER [OPTION...]     (DATA_FOLDER holds multi-wiki, codes-wiki, ag-news, multi-novels)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
data=$1
out=$2
shift 2

for text in multi-wiki codes-wiki ag-news multi-novels; do
  # News are told apart by three quarters of one category and one of the next.
  settings=()
  [ "$text" = ag-news ] && settings=(--set data.heterogeneity=low)
  for graph in full grouped-ring alternating-ring; do
    arrangement=${graph%-ring}
    [ "$graph" = full ] && arrangement=alternating
    echo "## $text, $graph"
    "$home/coterie" study "$home/scenarios/studies/trust-default.yaml" --out "$out/$text-$graph" --set "data.path=$data/$text" \
      --set "topology.kind=${graph##*-}" --set "data.arrangement=$arrangement" "${settings[@]}" "$@"
  done
done
