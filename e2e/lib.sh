# What ./e2e/test and ./e2e/demo have in common. Sourced by bash, with the repository's top in $top.

# A service of the machine may start this without it, and Go and Helm insist.
[ "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
export HOME
# Names of files are UTF-8 in the images, and so they are in the tests, whatever the machine has.
export LC_ALL=C.UTF-8
cache=${WHARFINGER_CACHE:-$HOME/.cache/wharfinger}
cluster=$top/e2e/cluster/cluster
own_cluster=yes
[ -z "${KUBECONFIG:-}" ] || own_cluster=
durations=()

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# step NAME USUAL COMMAND...: runs one step, and remembers how long it took for the summary.
step() {
  local name=$1 usual=$2 start=$SECONDS code=0
  shift 2
  say "$name (usually $usual)"
  "$@" || code=$?
  if [ "$code" = 0 ]; then
    durations+=("$(printf '%5d s  %s' $((SECONDS - start)) "$name")")
  else
    durations+=("$(printf '%5d s  %s: FAILED (%d)' $((SECONDS - start)) "$name" "$code")")
  fi
  return "$code"
}

# at_once NAME USUAL COMMAND NAME USUAL COMMAND ...: single-word commands side by side, each with its
# output marked by its name; fails when one of them does.
at_once() {
  local names=() index code=0
  while [ $# -gt 0 ]; do
    say "$1 (usually $2)"
    # A process group of its own, which can be ended as a whole.
    set -m
    ( set -o pipefail; "$3" 2>&1 </dev/null | sed -u "s/^/[$1] /" ) &
    set +m
    beside+=($!)
    names+=("$1")
    shift 3
  done
  for index in "${!beside[@]}"; do
    wait "${beside[$index]}" || { code=1; echo "FAILED: ${names[$index]}" >&2; }
  done
  beside=()
  return "$code"
}
beside=()

# Ends what at_once began, when the script ends in the middle of it.
end_beside() {
  local group
  for group in "${beside[@]}"; do
    kill -TERM -- "-$group" 2>/dev/null
  done
  [ ${#beside[@]} = 0 ] || wait "${beside[@]}" 2>/dev/null
  beside=()
}

# packages PROGRAM=PACKAGE...: installs the Debian packages of programs that the machine lacks.
packages() {
  local pair missing=() no_server=/etc/postgresql-common/createcluster.d/wharfinger.conf
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || [ -x "${pair%%=*}" ] || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] ||
    fail "needs ${missing[*]}: install them, or run this as root on Debian 12"
  echo "installing from Debian: ${missing[*]} (about a minute)"
  apt-get update -q >/dev/null
  # A server that is only needed for its programs must not start by itself.
  mkdir -p "$(dirname "$no_server")"
  echo 'create_main_cluster = false' >"$no_server"
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null || { rm -f "$no_server"; return 1; }
  rm -f "$no_server"
}

# Chooses the JDK that runs Maven, so that the format check runs too; with an older one Maven still
# compiles with a JDK 25 that it finds by itself.
java_home() {
  JAVA_HOME=$("$top/e2e/jdk")
  export JAVA_HOME
  echo "Java: $JAVA_HOME"
}

maven() {
  (cd "$top" && mvn --batch-mode --no-transfer-progress "$@")
}

operator_jar() { maven -pl crds,operator package -DskipTests --quiet; }

cluster_binaries() { "$cluster" binaries >/dev/null; }

# Puts kubectl and helm on the PATH: the cluster's own, or for another cluster those of the machine.
cluster_tools() {
  if [ "$own_cluster" ]; then
    PATH=$("$cluster" binaries):$PATH
    KUBECONFIG=$("$cluster" kubeconfig)
    KUBECACHEDIR=$(dirname "$KUBECONFIG")/kubectl
    export PATH KUBECONFIG KUBECACHEDIR
  else
    command -v kubectl >/dev/null && command -v helm >/dev/null || PATH=$("$cluster" binaries):$PATH
    echo "using the cluster of KUBECONFIG=$KUBECONFIG; it must have or reach the registry.local images"
  fi
}

# In somebody else's cluster: whether the CRDs were there before, and their end if they were not and
# nobody uses them.
remember_crds() {
  local all
  [ -z "$own_cluster" ] || return 0
  all=$(kubectl get crds -o name) && crds_before=$(grep 'wharfinger\.dev$' <<<"$all" || true)
}
crds_before=unknown
remove_crds() {
  [ -z "$own_cluster" ] && [ -z "$crds_before" ] || return 0
  if [ "$(kubectl get storageinstances,storagemigrations,storagebackups,storagerestores -A -o name 2>&1)" ]; then
    echo "the CRDs stay, because there are StorageInstances, StorageMigrations or StorageBackups"
  else
    kubectl delete --ignore-not-found -f "$top/charts/wharfinger/crds" --timeout=1m
  fi
}

# load ARCHIVE...: loads images that this cluster has not got yet; an archive's name has its hash.
load() {
  local loaded missing=() archive
  [ "$own_cluster" ] || return 0
  loaded=$(dirname "$KUBECONFIG")/loaded-images
  for archive in "$@"; do
    grep -qxF "$archive" "$loaded" 2>/dev/null || missing+=("$archive")
  done
  [ ${#missing[@]} -gt 0 ] || { echo "all images are loaded already"; return 0; }
  "$cluster" load "${missing[@]}" && printf '%s\n' "${missing[@]}" >>"$loaded"
}

how_to_use() {
  say "the cluster stays up"
  echo "  export KUBECONFIG=$KUBECONFIG"
  echo "  export PATH=$(dirname "$(command -v kubectl)"):\$PATH"
  [ -z "$own_cluster" ] || echo "  $cluster down   # removes it"
}

# What somebody needs who was not there.
diagnose() {
  command -v kubectl >/dev/null && kubectl version >/dev/null 2>&1 || return 0
  say "pods"
  kubectl get pods -A -o wide
  say "last events"
  kubectl get events -A --sort-by=.lastTimestamp | tail -40
  say "instances and migrations"
  kubectl get storageinstances,storagemigrations,storagebackups,storagerestores -A 2>&1
  kubectl get pods -A -l app.kubernetes.io/name=wharfinger \
    -o jsonpath='{range .items[*]}{.metadata.namespace} {.metadata.name}{"\n"}{end}' |
    while read -r namespace pod; do
      say "the operator's log in $namespace"
      kubectl logs -n "$namespace" "$pod" --tail=60 </dev/null
    done
}

summary() {
  [ ${#durations[@]} -gt 0 ] || return 0
  say "durations"
  printf '%s\n' "${durations[@]}"
  printf '%5d s  altogether\n' "$SECONDS"
}
