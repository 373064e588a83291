#!/usr/bin/env bash
# The studies of docs/results.md on asynchrony (stragglers, staleness, participation), and ring over full graph of
# docs/paper.md; three seeds each. Goes on where it was stopped.
# usage: bench/studies.sh run|table DATA_FOLDER OUT_FOLDER [KEY=VALUE...]     (DATA_FOLDER holds multi-wiki)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
what=$1
data=$2
out=$3
shift 3
more=()
for setting in "$@"; do more+=(--set "$setting"); done

run() { # folder, study, seed, settings
  local folder=$out/$1 study=$2 seed=$3
  shift 3
  [ -f "$folder.done" ] && return
  local settings=()
  for s in "$@"; do settings+=(--set "$s"); done
  # Two at once, of one thread each, are done sooner than one after the other of two.
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  {
    "$home/coterie" run "$home/scenarios/studies/base/$study.yaml" --out "$folder" --overwrite --quiet --threads 1 \
      --seed "$seed" --set "data.path=$data/multi-wiki" "${settings[@]}" "${more[@]}" >"$folder.log" && touch "$folder.done"
  } &
}

modes='asynchronous synchronous'
bounds='0 2 none'
discounts='constant polynomial'
probabilities='1.0 0.5 0.2 0.1'
refreshes='1 4 16'
seeds='1 2 3'

if [ "$what" = run ]; then
  mkdir -p "$out"
  for seed in $seeds; do
    for mode in $modes; do run "stragglers-$mode-$seed" stragglers "$seed" "time.mode=$mode"; done
    for graph in full ring; do run "graphs-$graph-$seed" ring-and-full "$seed" "topology={kind: $graph}"; done
  done
  for seed in $seeds; do
    for p in $probabilities; do
      for r in $refreshes; do
        run "participation-$p-$r-$seed" participation "$seed" "participation.probability=$p" "collaboration.trust.refresh=every-$r-turns"
      done
    done
  done
  for seed in $seeds; do
    for bound in $bounds; do
      for discount in $discounts; do
        # Users that wait for all others have nothing stale to discount.
        [ "$bound" = 0 ] && [ "$discount" != constant ] && continue
        run "staleness-$bound-$discount-$seed" staleness "$seed" "collaboration.staleness.bound=${bound/none/null}" "collaboration.staleness.discount=$discount"
      done
    done
  done
  for job in $(jobs -p); do wait "$job"; done
fi

spread() { # numbers, one a line: mean ± standard deviation
  awk '{s += $1; q += $1 * $1; n++} END {if (n == 0) {printf " – "; exit} m = s / n; v = n > 1 ? (q - n * m * m) / (n - 1) : 0;
    printf "%.2f ± %.2f", m, sqrt(v > 0 ? v : 0)}'
}

final() { # folder inside of a run: its mean perplexity
  grep -m1 '"mean"' "$out/$1/summary.json" | tr -dc '0-9.\n'
}

at_time() { # evaluations.jsonl, seconds: mean over users of the newest perplexity
  awk -v t="$2" -F'[:,}]' '{for (k = 1; k < NF; k++) {if ($k ~ /"virtual_seconds"/) s = $(k + 1); if ($k ~ /"user"/) u = $(k + 1);
    if ($k ~ /"perplexity"/) p = $(k + 1)} if (s + 0 <= t) newest[u] = p} END {for (u in newest) {sum += newest[u]; n++} print sum / n}' "$1"
}

reached() { # evaluations.jsonl, perplexity: the first iteration at which the mean over users is as low, between evaluations linearly
  awk -v goal="$2" -F'[:,}]' '{for (k = 1; k < NF; k++) {if ($k ~ /"iteration"/) i = $(k + 1); if ($k ~ /"perplexity"/) p = $(k + 1)}
    sum[i + 0] += p; n[i + 0]++; if (i + 0 > last) last = i + 0}
    END {step = 0; for (i = 0; i <= last; i++) if (n[i]) {m = sum[i] / n[i]; if (m <= goal) {print i == 0 ? 0 : before + (i - before) * (was - goal) / (was - m); exit}
    before = i; was = m}}' "$1"
}

best() { # evaluations.jsonl: the lowest mean over users
  awk -F'[:,}]' '{for (k = 1; k < NF; k++) {if ($k ~ /"iteration"/) i = $(k + 1); if ($k ~ /"perplexity"/) p = $(k + 1)}
    sum[i + 0] += p; n[i + 0]++} END {b = 1e9; for (i in n) if (sum[i] / n[i] < b) b = sum[i] / n[i]; printf "%.9f\n", b + 1e-6}' "$1"
}

if [ "$what" = table ]; then
  echo '| strategy, mode | at 120 s | at 300 s | at 600 s |'
  echo '|---|---:|---:|---:|'
  for strategy in . baselines/fedavg baselines/local; do
    for mode in $modes; do
      printf '| %s, %s' "$(basename "${strategy/#./prediction-similarity}")" "$mode"
      for t in 120 300 600; do
        printf ' | %s' "$(for seed in $seeds; do at_time "$out/stragglers-$mode-$seed/$strategy/evaluations.jsonl" $t; done | spread)"
      done
      echo ' |'
    done
  done
  echo
  echo '| strategy | best on full | best on ring | iterations on the ring over those on the full graph |'
  echo '|---|---:|---:|---:|'
  for strategy in baselines/fedavg baselines/model-similarity baselines/validation-performance .; do
    printf '| %s' "$(basename "${strategy/#./prediction-similarity}")"
    for graph in full ring; do
      printf ' | %s' "$(for seed in $seeds; do best "$out/graphs-$graph-$seed/$strategy/evaluations.jsonl"; done | spread)"
    done
    printf ' | %s |\n' "$(for seed in $seeds; do
      full=$out/graphs-full-$seed/$strategy/evaluations.jsonl
      ring=$out/graphs-ring-$seed/$strategy/evaluations.jsonl
      # The same perplexity for both: the worse of the two best.
      goal=$( (best "$full"; best "$ring") | sort -g | tail -1)
      echo "$(reached "$ring" "$goal") $(reached "$full" "$goal")"
    done | awk '$2 > 0 {print $1 / $2}' | spread)"
  done
  echo
  echo '| strategy, bound | constant | polynomial |'
  echo '|---|---:|---:|'
  for strategy in baselines/fedavg baselines/validation-performance .; do
    for bound in $bounds; do
      printf '| %s, %s' "$(basename "${strategy/#./prediction-similarity}")" "$bound"
      for discount in $discounts; do
        [ "$bound" = 0 ] && [ "$discount" != constant ] && printf ' | ' && continue
        printf ' | %s' "$(for seed in $seeds; do final "staleness-$bound-$discount-$seed/$strategy"; done | spread)"
      done
      echo ' |'
    done
  done
  echo
  echo '| participation | every turn | every 4 turns | every 16 turns |'
  echo '|---|---:|---:|---:|'
  for p in $probabilities; do
    printf '| %s' "$p"
    for r in $refreshes; do
      printf ' | %s' "$(for seed in $seeds; do final "participation-$p-$r-$seed"; done | spread)"
    done
    echo ' |'
  done
fi
