#!/usr/bin/env bash
# Coterie on a GPU: is it right, can it be repeated, how fast is it beside PyTorch and PEFT, what memory does it take?
# Writes OUT_FOLDER/results.md, anew after each part, and the log of each part beside it. A part that fails is told and
# the next begins; none takes more than its share of the budget, and what the budget does not suffice for is left out.
# Exit code 1: a part has failed or was stopped, or a check is not met.
# usage: bench/gpu.sh OUT_FOLDER [SECONDS]       (default: an hour)
#   DEVICE          the device (default: cuda:0); cpu rehearses all parts with small shapes
#   COTERIE_PYTHON  Python with PyTorch, and transformers and peft for the comparison (default: python3)
#   COTERIE_BASE    folder of GPT-2 for the paper's cell and the 64 users (default: one with random weights)
set -uo pipefail
[ $# -ge 1 ] && [[ ${2:-1} =~ ^[1-9][0-9]*$ ]] || { sed -n 6p "$0" >&2; exit 2; }
home=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1" && out=$(cd "$1" && pwd) || exit 2
budget=${2:-3600}
device=${DEVICE:-cuda:0}
python=${COTERIE_PYTHON:-python3}
began=$(date +%s)
failed=0
# Weights are large, and no result.
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$out/logs" "$out/runs"
rm -f "$out/logs"/*.log "$out/memory.txt"
: >"$out/parts.txt"
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error TOKENIZERS_PARALLELISM=false

# users x batch x context
if [ "$device" = cpu ]; then
  model=tiny precision=float32 many='16 2 32' some='4 4 64' one='1 8 64'
  base_option=(--small) society=(--set users=8 --set training.iterations=4 --set evaluation.every=4) society_shape='8 4 64'
  short=(--set training.iterations=4 --set evaluation.every=4 --set data.test_tokens=200 --set collaboration.every=2
    --set 'baselines=[local]') turns=100
  cell=(--set users=2 --set training.batch_size=2 --set training.accumulation_steps=2 --set training.context=64)
else
  model=124m precision=bfloat16 many='64 2 128' some='8 8 512' one='1 50 512'
  base_option=() society=() society_shape='64 4 128'
  short=() turns=1000
  cell=()
fi
apart='' again='' base=${COTERIE_BASE:-$temporary/base}

# A part that is stopped has five seconds to end.
left() { echo $((budget - 10 - ($(date +%s) - began))); }

noted() { # name, what became of it
  echo "$1: $2"
  printf '%s\t%s\n' "$1" "$2" >>"$out/parts.txt"
}

written() {
  results >"$out/results.tmp" && mv "$out/results.tmp" "$out/results.md"
}

# Runs a command within the time that is left; its output is the part's log.
part() { # name, seconds that it needs at least, percent of the budget that it may take, command
  local name=$1 least=$2 most=$((budget * $3 / 100)) start code seconds
  shift 3
  if [ "$(left)" -lt "$least" ]; then
    noted "$name" 'left out, the budget does not suffice'
    return 1
  fi
  [ "$most" -lt "$least" ] && most=$least
  [ "$(left)" -lt "$most" ] && most=$(left)
  start=$(date +%s)
  timeout -k 5 "$most" "$@" >"$out/logs/$name.log" 2>&1
  code=$?
  seconds=$(($(date +%s) - start))
  if [ $code = 0 ]; then
    noted "$name" "$seconds s"
  elif [ $code = 124 ] || { [ $code = 137 ] && [ "$seconds" -ge "$most" ]; }; then
    failed=1
    noted "$name" "STOPPED after $seconds s"
  else
    failed=1
    noted "$name" "FAILED ($code): $(grep -v '^[[:space:]]*$' "$out/logs/$name.log" | tail -n 1 | tr -d '|\t' | cut -c1-300)"
  fi
  written
  return $code
}

simulated() { # name, seconds at least, percent of the budget, scenario, options
  local name=$1 least=$2 most=$3 scenario=$4
  shift 4
  part "$name" "$least" "$most" "$home/coterie" run "$scenario" --out "$out/runs/$name" --overwrite --quiet "$@"
}

# The same with a base of the large shape, whose adapters and checkpoints take hundreds of megabytes.
large() {
  simulated "$@"
  rm -rf "$out/runs/$1/adapters" "$out/runs/$1/checkpoints"
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

# From the middle of the run to its end: both have warmed up, and the end itself frees memory. Medians of a tenth each.
growth() { # column of memory.txt
  awk -v c="$1" '
    function median(from, to,  n, i, j, t, s) {
      for (i = from; i <= to; i++) s[++n] = x[i]
      for (i = 2; i <= n; i++) for (j = i; j > 1 && s[j - 1] > s[j]; j--) { t = s[j]; s[j] = s[j - 1]; s[j - 1] = t }
      return s[int((n + 1) / 2)]
    }
    $c ~ /^[0-9.]+$/ { x[++m] = $c }
    END { if (m >= 20) printf "%+.1f", median(int(m * 0.85), int(m * 0.95)) - median(int(m * 0.5), int(m * 0.6)) }
  ' "$out/memory.txt" 2>/dev/null
}

results() { # all that is known so far, in Markdown
  local perplexity adapters trace shape name s step c p t
  echo "# Coterie on $device"
  echo
  echo "$(date -u +%F), budget $budget s, $(($(date +%s) - began)) s used; $precision, shape $model. – where a part was left out, was stopped or failed."
  echo
  echo '```'
  cat "$out/logs/devices.log" 2>/dev/null
  echo '```'
  echo
  row 'what' 'found' 'wanted' 'met'
  row '---' '---:' '---:' '---'
  read -r _ perplexity _ adapters _ _ <<<"$apart"
  read -r _ _ _ _ _ trace <<<"$again"
  row 'perplexity, the CPU against the device, 40 iterations in float32 (relative)' "${perplexity:-}" '1e-4' "$(within "${perplexity:-}" 1e-4)"
  row 'adapters, likewise (largest difference of two numbers)' "${adapters:-}" '1e-3' "$(within "${adapters:-}" 1e-3)"
  row 'trace of two equal runs' "${trace:-}" equal "$(case ${trace:-} in equal) echo yes ;; different) echo NO ;; *) echo – ;; esac)"
  row "growth of the process over the second half of $turns turns, MB" "$(growth 2)" '' ''
  row 'growth on the GPU, likewise, MB' "$(growth 3)" '' ''
  echo
  row 'users × batch × context' 'Coterie, tokens/s' 'transformers + PEFT' 'PyTorch' 'Coterie over PEFT' 'Coterie over PyTorch'
  row '---' '---:' '---:' '---:' '---:' '---:'
  for shape in many some one; do
    c=$(tokens "bench-$shape") p=$(tokens "peft-$shape") t=$(tokens "torch-$shape")
    row "$(sed 's/ / × /g' <<<"${!shape}"), all users in one pass" "$c" "$p" "$t" "$(ratio "$c" "$p")" "$(ratio "$c" "$t")"
  done
  c=$(tokens recomputed)
  row "$(sed 's/ / × /g' <<<"$one"), activations recomputed" "$c" '' '' "$(ratio "$c" "$(tokens peft-one)")" "$(ratio "$c" "$(tokens torch-one)")"
  echo
  row 'run' 'seconds' 'tokens/s' 'over the step alone' 'perplexity' 'peak memory of the process, GB'
  row '---' '---:' '---:' '---:' '---:' '---:'
  for name in quickstart cell society; do
    s=$(field $name tokens_per_second)
    step=
    [ $name = society ] && step=$(ratio "$s" "$(tokens society-step)")
    perplexity=$(sed -n 's/^    "mean" : \([0-9.]*\),*$/\1/p' "$out/runs/$name/summary.json" 2>/dev/null | head -n 1)
    row $name "$(field $name wall_seconds | cut -c1-6)" "${s%.*}" "$step" "$(cut -c1-8 <<<"$perplexity")" \
      "$(awk -v b="$(field $name peak_memory_bytes)" 'BEGIN {if (b) printf "%.2f", b / 1e9}')"
  done
  echo
  row 'part' 'seconds, or what became of it'
  row '---' '---'
  while IFS=$'\t' read -r name s; do row "$name" "$s"; done <"$out/parts.txt"
}

# --- what is run, the most wanted first

# On first use this builds it.
part program 1 50 "$home/coterie" --version || exit 1
part devices 1 10 "$home/coterie" devices && cat "$out/logs/devices.log"

simulated quickstart 20 15 "$home/scenarios/quickstart.yaml" --device "$device" "${short[@]}" &&
  part quickstart-verify 5 5 "$home/coterie" verify "$out/runs/quickstart"

scenario parity "name: parity
users: 4
model: {base: 'builtin:tiny', lora: {rank: 4, alpha: 32}}
data: {source: 'builtin:languages', arrangement: grouped, train_tokens: 1500, test_tokens: 1000, shared_tokens: 2000}
training: {iterations: 40, batch_size: 4, context: 64}
collaboration: {strategy: prediction-similarity, start_after: 10, every: 10}
topology: {kind: full}
time: {mode: synchronous, compute: {model: constant}, latency: {model: constant, ms: 0}}
evaluation: {every: 20}"
compared() { # name of the part, run, run that is compared with it
  part "$1" 5 5 "$python" "$home/bench/compare_runs.py" "$out/runs/$2" "$out/runs/$3"
}
simulated parity-device 20 12 "$out/parity.yaml" --device "$device" &&
  simulated parity-again 20 12 "$out/parity.yaml" --device "$device" &&
  compared repeatability parity-device parity-again &&
  again=$(tail -n 1 "$out/logs/repeatability.log")
[ -f "$out/runs/parity-device/summary.json" ] &&
  simulated parity-cpu 20 12 "$out/parity.yaml" --device cpu &&
  compared parity parity-cpu parity-device &&
  apart=$(tail -n 1 "$out/logs/parity.log")

# Each shape: Coterie with all users in one pass, and what PEFT and PyTorch do for one user after the other.
low=()
[ "$precision" = bfloat16 ] && low=(--bfloat16)
stepped() { # name, percent of the budget, users, batch, context, repetitions
  part "$1" 20 "$2" "$home/coterie" bench --model $model --precision $precision --device "$device" \
    --users "$3" --batch "$4" --context "$5" --stack "$3" --steps 4 --repeat "$6"
}
torch_step() { # name, batch, context, options
  local name=$1 batch=$2 context=$3
  shift 3
  part "$name" 15 8 "$python" "$home/bench/torch_step.py" --model $model --batch "$batch" --context "$context" \
    --device "$device" --steps 20 "${low[@]}" "$@"
}
for shape in many some one; do
  read -r users batch context <<<"${!shape}"
  stepped "bench-$shape" 15 "$users" "$batch" "$context" 5
  torch_step "peft-$shape" "$batch" "$context" --peft
done

if [ ! -f "$base/config.json" ]; then
  part base 5 8 "$python" "$home/bench/random_base.py" "$base" "${base_option[@]}"
fi
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
large cell 40 25 "$out/cell.yaml" --device "$device" "${cell[@]}"

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

watched() { # file, number of the GPU or -, command: runs it and notes seconds, megabytes of the process, megabytes in use on the GPU
  local file=$1 number=$2 process gpu start
  shift 2
  : >"$file"
  start=$(date +%s%N)
  COTERIE_JAVA_OPTS="${COTERIE_JAVA_OPTS:-} -Xms256m -Xmx256m -XX:+AlwaysPreTouch" MALLOC_TRIM_THRESHOLD_=0 MALLOC_TOP_PAD_=0 "$@" &
  process=$!
  trap 'kill $process 2>/dev/null' TERM
  while kill -0 $process 2>/dev/null; do
    gpu=
    [ "$number" = - ] || gpu=$(timeout 2 nvidia-smi -i "$number" --query-gpu=memory.used --format=csv,noheader,nounits 2>/dev/null)
    awk -v t="$((($(date +%s%N) - start) / 100000000))" -v gpu="${gpu:-–}" '/^VmRSS/ {print t / 10, $2 / 1024, gpu}' \
      /proc/$process/status 2>/dev/null >>"$file"
    sleep 0.1
  done
  wait $process
}
export -f watched
case $device in
  cpu) gpu=- ;;
  *:*) gpu=${device##*:} ;;
  *) gpu=0 ;;
esac
part memory 30 20 bash -c 'watched "$@"' _ "$out/memory.txt" "$gpu" \
  "$home/coterie" run "$out/turns.yaml" --out "$out/runs/turns" --overwrite --quiet --device "$device"

# Many users end to end, and their step alone.
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
large society 40 25 "$out/society.yaml" --device "$device" "${society[@]}"
read -r users batch context <<<"$society_shape"
stepped society-step 15 "$users" "$batch" "$context" 3

for shape in many some one; do
  read -r _ batch context <<<"${!shape}"
  torch_step "torch-$shape" "$batch" "$context"
done
read -r users batch context <<<"$one"
COTERIE_JAVA_OPTS="${COTERIE_JAVA_OPTS:-} -Dcoterie.recompute=always" stepped recomputed 15 "$users" "$batch" "$context" 3

noted all "$(($(date +%s) - began)) s"
written
echo "results: $out/results.md"
grep -q '| NO |$' "$out/results.md" && failed=1
exit $failed
