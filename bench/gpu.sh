#!/usr/bin/env bash
# Coterie on a GPU: is it right, can it be repeated, how fast is it beside PyTorch and PEFT, what memory does it take?
# Writes OUT_FOLDER/results.md, and the log of each part beside it. What the budget does not suffice for is left out.
# Exit code 1: a part has failed, or a check is not met.
# usage: bench/gpu.sh OUT_FOLDER [SECONDS]       (default: an hour)
#   DEVICE          the device (default: cuda:0); cpu rehearses all parts with small shapes
#   COTERIE_PYTHON  Python with PyTorch, and transformers and peft for the comparison (default: python3)
#   COTERIE_BASE    folder of GPT-2 for the paper's cell and the 64 users (default: one with random weights)
set -uo pipefail
[ $# -ge 1 ] || { sed -n 5p "$0" >&2; exit 2; }
home=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1" && out=$(cd "$1" && pwd) || exit 2
budget=${2:-3600}
device=${DEVICE:-cuda:0}
python=${COTERIE_PYTHON:-python3}
began=$(date +%s)
failed=0
mkdir -p "$out/logs" "$out/runs"
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error TOKENIZERS_PARALLELISM=false

# users x batch x context, and seconds that a part may take
if [ "$device" = cpu ]; then
  model=tiny precision=float32 many='16 2 32' some='4 4 64' one='1 8 64'
  base_option=--small society=(--set users=8 --set training.iterations=4 --set evaluation.every=4) society_shape='8 4 64'
  short=(--set training.iterations=8 --set evaluation.every=8 --set data.test_tokens=200) turns=50
  cell=(--set users=2 --set training.batch_size=2 --set training.accumulation_steps=2 --set training.context=64)
else
  model=124m precision=bfloat16 many='64 2 128' some='8 8 512' one='1 50 512'
  base_option= society=() society_shape='64 4 128'
  short=() turns=1000
  cell=()
fi

left() { echo $((budget - ($(date +%s) - began))); }

# Runs a command within the time that is left; its output is the part's log.
part() { # name, seconds it needs at least, seconds at most, command
  local name=$1 least=$2 most=$3 start code
  shift 3
  if [ "$(left)" -lt "$least" ]; then
    echo "$name: left out, $(left) s of the budget are left"
    return 1
  fi
  [ "$(left)" -lt "$most" ] && most=$(left)
  start=$(date +%s)
  timeout -k 5 "$most" "$@" >"$out/logs/$name.log" 2>&1
  code=$?
  if [ $code = 0 ]; then
    echo "$name: $(($(date +%s) - start)) s"
  elif [ $code = 124 ]; then
    echo "$name: stopped after $most s, see $out/logs/$name.log"
  else
    echo "$name: failed ($code), see $out/logs/$name.log"
    failed=1
  fi
  return $code
}

simulated() { # name, seconds at least, seconds at most, scenario, options
  local name=$1 least=$2 most=$3 scenario=$4
  shift 4
  part "$name" "$least" "$most" "$home/coterie" run "$scenario" --out "$out/runs/$name" --overwrite --quiet "$@"
}

field() { # run, key of summary.json at its first level
  sed -n "s/^  \"$2\" : \"\{0,1\}\([^\",]*\).*/\1/p" "$out/runs/$1/summary.json" 2>/dev/null | head -n 1
}

tokens() { # name of a part: its tokens per second, the median
  grep -o '[0-9.]* tokens/s' "$out/logs/$1.log" 2>/dev/null | head -n 1 | grep -o '^[0-9.]*'
}

ratio() { # a, b: a / b
  awk -v a="${1:-}" -v b="${2:-}" 'BEGIN {if (a > 0 && b > 0) printf "%.2f", a / b; else printf "–"}'
}

within() { # number, bound
  awk -v a="${1:-}" -v b="$2" 'BEGIN {print a == "" ? "–" : a + 0 <= b ? "yes" : "NO"}'
}

row() { # cells
  local cell
  for cell in "$@"; do printf '| %s ' "${cell:-–}"; done
  echo '|'
}

scenario() { # name, text
  printf '%s\n' "$2" >"$out/$1.yaml"
}

# --- what is run

part devices 1 300 "$home/coterie" devices && cat "$out/logs/devices.log"

simulated quickstart 20 900 "$home/scenarios/quickstart.yaml" --device "$device" "${short[@]}" &&
  part quickstart-verify 5 120 "$home/coterie" verify "$out/runs/quickstart"

scenario parity "name: parity
users: 4
model: {base: 'builtin:tiny', lora: {rank: 4, alpha: 32}}
data: {source: 'builtin:languages', arrangement: grouped, train_tokens: 1500, test_tokens: 1000, shared_tokens: 2000}
training: {iterations: 40, batch_size: 4, context: 64}
collaboration: {strategy: prediction-similarity, start_after: 10, every: 10}
topology: {kind: full}
time: {mode: synchronous, compute: {model: constant}, latency: {model: constant, ms: 0}}
evaluation: {every: 20}"
apart= again=
simulated parity-cpu 20 600 "$out/parity.yaml" --device cpu &&
  simulated parity-device 20 600 "$out/parity.yaml" --device "$device" &&
  part parity 5 120 "$python" "$home/bench/compare_runs.py" "$out/runs/parity-cpu" "$out/runs/parity-device" &&
  apart=$(tail -n 1 "$out/logs/parity.log")
simulated parity-again 20 600 "$out/parity.yaml" --device "$device" &&
  part repeatability 5 120 "$python" "$home/bench/compare_runs.py" "$out/runs/parity-device" "$out/runs/parity-again" &&
  again=$(tail -n 1 "$out/logs/repeatability.log")

# Each shape: Coterie with all users in one pass, and what PyTorch and PEFT do for one user after the other.
low=()
[ "$precision" = bfloat16 ] && low=(--bfloat16)
for shape in many some one; do
  read -r users batch context <<<"${!shape}"
  part "bench-$shape" 30 600 "$home/coterie" bench --model $model --precision $precision --device "$device" \
    --users "$users" --batch "$batch" --context "$context" --stack "$users" --steps 4 --repeat 5
  part "peft-$shape" 20 300 "$python" "$home/bench/torch_step.py" --model $model --batch "$batch" --context "$context" \
    --device "$device" --steps 20 --peft "${low[@]}"
  part "torch-$shape" 20 300 "$python" "$home/bench/torch_step.py" --model $model --batch "$batch" --context "$context" \
    --device "$device" --steps 20 "${low[@]}"
done

base=${COTERIE_BASE:-$out/base}
if [ ! -f "$base/config.json" ]; then
  part base 10 300 "$python" "$home/bench/random_base.py" "$base" $base_option
fi
scenario society "name: society
users: 64
model: {base: '$base', precision: $precision}
data: {source: 'builtin:languages', arrangement: grouped, train_tokens: 4000, validation_tokens: 600, test_tokens: 600, shared_tokens: 2000}
training: {iterations: 20, batch_size: 4, context: 128}
collaboration: {strategy: prediction-similarity, every: 5, trust: {shared_windows: 4}}
topology: {kind: ring}
time: {mode: asynchronous, compute: {model: lognormal, mean_seconds: 30, sigma: 0.5}, latency: {model: uniform, min_ms: 20, max_ms: 200}}
evaluation: {every: 20}
record: {samples: 0}"
simulated society 60 900 "$out/society.yaml" --device "$device" "${society[@]}"
read -r users batch context <<<"$society_shape"
part society-step 30 600 "$home/coterie" bench --model $model --precision $precision --device "$device" \
  --users "$users" --batch "$batch" --context "$context" --stack "$users" --steps 4 --repeat 3

# The paper's shape of Table 5, with text at hand.
scenario cell "name: cell
users: 9
model: {base: '$base', precision: $precision}
data: {source: 'builtin:languages', arrangement: grouped, train_tokens: 20000, validation_tokens: 4000, test_tokens: 8500, shared_tokens: 8500}
training: {iterations: 3, batch_size: 50, accumulation_steps: 4, context: 512}
collaboration: {strategy: prediction-similarity, start_after: 1, every: 1, trust: {shared_windows: 4}}
topology: {kind: full}
time: {mode: synchronous, compute: {model: constant}, latency: {model: constant, ms: 0}}
evaluation: {every: 3}
record: {samples: 0}"
simulated cell 60 1200 "$out/cell.yaml" --device "$device" "${cell[@]}"

# Many short turns: neither the machine's memory nor the device's may grow with their number.
scenario turns "name: turns
users: 4
model: {base: 'builtin:tiny'}
data: {source: 'builtin:languages', train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 200}
training: {iterations: $((turns / 4)), batch_size: 1, context: 32}
collaboration: {strategy: fedavg, every: 1}
topology: {kind: ring}
evaluation: {every: $((turns / 4))}
record: {samples: 0, messages: false}"

watched() { # file, command: runs it and notes seconds, resident megabytes of the process, megabytes in use on the GPU
  local file=$1 process gpu start
  shift
  : >"$file"
  start=$(date +%s%N)
  COTERIE_JAVA_OPTS="${COTERIE_JAVA_OPTS:-} -Xms256m -Xmx256m -XX:+AlwaysPreTouch" MALLOC_TRIM_THRESHOLD_=0 MALLOC_TOP_PAD_=0 "$@" &
  process=$!
  while kill -0 $process 2>/dev/null; do
    gpu=$(nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits 2>/dev/null | head -n 1 || true)
    awk -v t="$((($(date +%s%N) - start) / 100000000))" -v gpu="${gpu:-0}" '/^VmRSS/ {print t / 10, $2 / 1024, gpu}' \
      /proc/$process/status 2>/dev/null >>"$file"
    sleep 0.2
  done
  wait $process
}
export -f watched
part memory 30 900 bash -c 'watched "$@"' _ "$out/memory.txt" \
  "$home/coterie" run "$out/turns.yaml" --out "$out/runs/turns" --overwrite --quiet --device "$device"
# From the first half of the run to its end: both have warmed up.
growth() { awk -v c="$1" '{x[NR] = $c} END {if (NR < 8) exit; for (i = int(NR / 2); i < int(NR / 2) + 3; i++) a += x[i];
  for (i = NR - 3; i < NR; i++) b += x[i]; printf "%+.1f", (b - a) / 3}' "$out/memory.txt" 2>/dev/null; }

# --- the results

{
  echo "# Coterie on $device"
  echo
  echo "$(date -u +%F), budget $budget s, $(($(date +%s) - began)) s used; $precision, shape $model. – where a part was left out or failed."
  echo
  echo '```'
  cat "$out/logs/devices.log"
  echo '```'
  echo
  row 'what' 'found' 'wanted' 'met'
  row '---' '---:' '---:' '---'
  read -r _ perplexity _ adapters _ _ <<<"$apart"
  read -r _ _ _ _ _ trace <<<"$again"
  row 'perplexity, the CPU against the device, 40 iterations in float32 (relative)' "${perplexity:-}" '1e-4' "$(within "${perplexity:-}" 1e-4)"
  row 'adapters, likewise (largest difference of two numbers)' "${adapters:-}" '1e-3' "$(within "${adapters:-}" 1e-3)"
  row 'trace of two equal runs' "${trace:-}" equal "$(case ${trace:-} in equal) echo yes ;; different) echo NO ;; *) echo – ;; esac)"
  row 'growth of the process over the second half of '$turns' turns, MB' "$(growth 2)" '' ''
  row 'growth on the GPU, likewise, MB' "$(growth 3)" '' ''
  echo
  row 'users × batch × context' 'Coterie, tokens/s' 'transformers + PEFT' 'PyTorch' 'Coterie over PEFT' 'Coterie over PyTorch'
  row '---' '---:' '---:' '---:' '---:' '---:'
  for shape in many some one; do
    c=$(tokens "bench-$shape") p=$(tokens "peft-$shape") t=$(tokens "torch-$shape")
    row "$(sed 's/ / × /g' <<<"${!shape}"), all users in one pass" "$c" "$p" "$t" "$(ratio "$c" "$p")" "$(ratio "$c" "$t")"
  done
  echo
  row 'run' 'seconds' 'tokens/s' 'over the step alone' 'perplexity' 'peak memory of the process, GB'
  row '---' '---:' '---:' '---:' '---:' '---:'
  for name in quickstart society cell; do
    s=$(field $name tokens_per_second)
    step=
    [ $name = society ] && step=$(ratio "$s" "$(tokens society-step)")
    perplexity=$(sed -n 's/^    "mean" : \([0-9.]*\),*$/\1/p' "$out/runs/$name/summary.json" 2>/dev/null | head -n 1)
    row $name "$(field $name wall_seconds | cut -c1-6)" "${s%.*}" "$step" "$(cut -c1-8 <<<"$perplexity")" \
      "$(awk -v b="$(field $name peak_memory_bytes)" 'BEGIN {if (b) printf "%.2f", b / 1e9}')"
  done
} >"$out/results.md"
echo "results: $out/results.md"
grep -q '| NO |$' "$out/results.md" && failed=1
exit $failed
