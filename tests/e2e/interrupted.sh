#!/usr/bin/env bash
# A comparison with the real worker gives the same curves for any number of workers, and after any interruption.
#
#   tests/e2e/interrupted.sh FOLDER-OF-PROGRAMS      basin and own_problem are in it
set -euo pipefail
bin=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# 8 trials of some seconds.
command=("$bin/basin" compare own-spirals --worker "$bin/own_problem" --optimizers sgd,adam --lr 0.01,0.1 --seeds 2
  --epochs 300 --train-size 1500 --checkpoint-every 0.1)

compare() {  # OUT [option...]
  local out=$1
  shift
  "${command[@]}" --out "$out" "$@" >"$out.txt" 2>"$out.log"
}
begin() {  # OUT: it is in the middle of its work when this returns
  "${command[@]}" --out "$1" --jobs 2 >"$1.txt" 2>"$1.log" &
  parent=$!
  until grep -q 'complete' "$1.log"; do
    kill -0 "$parent" 2>/dev/null || fail 'ended before anything was complete'
    sleep 0.1
  done
}
fail() {
  echo "interrupted.sh: $*"
  tail -n 5 ./*.log
  exit 1
}
without_times() { rev "$1/curves.csv" | cut -d, -f2- | rev; }  # seconds are the last column
same() { diff <(without_times straight) <(without_times "$1") >difference || fail "$2: $(head -n 3 difference)"; }

compare straight --jobs 1
compare two --jobs 2
same two 'two workers give other curves than one'

begin killed
workers=$(pgrep -P "$parent" own_problem) || fail 'no workers'
kill -KILL "$parent"
wait "$parent" 2>/dev/null && fail 'a killed parent ended well'
for _ in {1..100}; do  # they write a checkpoint first
  kill -0 $workers 2>/dev/null || break
  sleep 0.1
done
kill -0 $workers 2>/dev/null && fail 'a worker outlived its parent'
grep -qs '"position"' killed/checkpoints/trial-*/*.json || fail 'the workers of a killed parent left no checkpoint'
compare killed --jobs 2 --resume
same killed 'resumed after SIGKILL of the parent'

begin stopped
kill -TERM "$parent"  # as Ctrl-C, which a shell that is not interactive has its background commands ignore
status=0
wait "$parent" || status=$?
[[ $status == 130 ]] || fail "exit status $status after SIGTERM, wanted 130"
ls stopped/checkpoints/trial-*/*.json >/dev/null || fail 'SIGTERM left no checkpoint'
grep -q -- '--resume' stopped.log || fail 'SIGTERM does not say how to go on'
compare stopped --jobs 2 --resume
same stopped 'resumed after SIGTERM'
[[ ! -e stopped/checkpoints ]] || fail 'finished trials left their checkpoints'

begin robbed
pkill -KILL -n -P "$parent" own_problem || fail 'no worker to kill'
status=0
wait "$parent" || status=$?
[[ $status == 1 ]] || fail "exit status $status after the death of a worker, wanted 1"
[[ -e robbed/report.html ]] || fail 'the death of a worker ended the comparison'
[[ $(grep -c 'failed: .*SIGKILL' robbed.txt) == 1 ]] || fail "the death of a worker is not told once: $(cat robbed.txt)"
compare robbed --jobs 2 --resume
same robbed 'resumed after the death of a worker'
echo 'the same curves, whatever happened'
