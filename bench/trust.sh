#!/usr/bin/env bash
# Trust on four texts and three graphs (docs/results.md): scenarios/studies/trust-default.yaml for each, then one table.
# Goes on where it was stopped.
# usage: bench/trust.sh DATA_FOLDER OUT_FOLDER [OPTION...]
#   DATA_FOLDER holds multi-wiki, codes-wiki, ag-news and multi-novels; options are those of coterie study.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
data=$1
out=$2
shift 2
texts='multi-wiki multi-novels codes-wiki ag-news'
graphs='full grouped-ring alternating-ring'

for text in $texts; do
  settings=()
  case $text in
    # Three quarters of one category of news and a quarter of the next.
    ag-news) settings=(--set data.heterogeneity=low) ;;
    # The built-in base knows English and Java: settings at which fine-tuning on them helps.
    codes-wiki) settings=(--set data.train_tokens=40000 --set training.learning_rate=0.0003) ;;
  esac
  for graph in $graphs; do
    arrangement=${graph%-ring}
    [ "$graph" = full ] && arrangement=alternating
    echo "## $text, $graph"
    "$home/coterie" study "$home/scenarios/studies/trust-default.yaml" --out "$out/$text-$graph" \
      --set "data.path=$data/$text" --set "topology.kind=${graph##*-}" --set "data.arrangement=$arrangement" \
      "${settings[@]}" "$@"
  done
done

# A line for each text and graph, a column for each variant: mean ± standard deviation, and by how many percent of the
# baseline's mean the variant's differs from it, seed by seed, ± 95 % confidence.
for text in $texts; do
  for graph in $graphs; do
    awk -F, -v cell="$text, $graph" '
      NR == 2 {base = $3; names = "| text, graph | " $1; rule = "|---|---:"
        row = sprintf("| %s | %.2f ± %.2f", cell, $3, $4)}
      NR > 2 {names = names " | " $1; rule = rule "|---:"
        row = row sprintf(" | %.2f ± %.2f (%+.2f ± %.2f %%)", $3, $4, 100 * $5 / base, 100 * $6 / base)}
      END {print names " |"; print rule "|"; print row " |"}' "$out/$text-$graph/trust-default/table.csv"
  done
done | awk 'NR < 3 || NR % 3 == 0'
