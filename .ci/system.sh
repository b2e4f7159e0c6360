# What the scripts of CI share: how the system is started on data of its own, and ended.
# To be sourced from the root of the repository.

work=$(mktemp -d)
started='' # the node process, as it says itself; npm hands signals on in its own way
groups=()
finish() {
  for group in "${groups[@]}"; do kill -9 -- "-$group" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

# Runs a command in the background, in a process group of its own: in_background <output> <command …>
in_background() {
  local output=$1
  shift
  set -m
  "$@" >"$output" 2>&1 &
  groups+=($!)
  set +m
}

# Waits until a command succeeds: within <seconds> <what is awaited> <command …>
within() {
  local tries=$(($1 * 5)) what=$2
  shift 2
  for ((; tries > 0; tries--)); do
    "$@" && return
    sleep 0.2
  done
  cat "$work"/*.out
  echo "$what did not come" >&2
  exit 1
}

# Starts the system on its own data: begin <name> <command …>
begin() {
  export ENSEMBLE_DATA="$work/$1"
  read -r GATEWAY_PORT TICKET_PORT MONITOR_PORT OPS_PORT PROVIDER_PORT \
    < <(node tools/free-ports.mjs 5)
  export GATEWAY_PORT TICKET_PORT MONITOR_PORT OPS_PORT PROVIDER_PORT
  in_background "$work/$1.out" "${@:2}"
  within 60 "$1: the address of the operations" test -s "$ENSEMBLE_DATA/ops.json"
  within 60 "$1: readiness" curl -sf -o "$work/ready" "http://127.0.0.1:$OPS_PORT/readyz"
  started=$(<"$ENSEMBLE_DATA/pid")
}

is_gone() { ! kill -0 "$1" 2>/dev/null; }

# Ends it in order.
end() {
  kill -TERM "$started"
  within 5 'the end after SIGTERM' is_gone "$started"
}
