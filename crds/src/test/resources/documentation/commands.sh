# The commands of the documentation, as a test runs them: in the repository's top directory, against an API server that
# has no nodes and no controllers. A command that is no function here fails.
# Given: KUBECTL, NAMESPACE, and SKIPPED, the file that gets the commands which are left out.
set -euo pipefail
no_other_commands=$(mktemp -d)
trap '/bin/rm -rf "$no_other_commands"' EXIT
helm=$(command -v helm)
PATH=$no_other_commands

wrong() {
  echo "$*" >&2
  exit 1
}

# Only what stands, with its reason, in only-on-a-cluster.txt may be left out.
skip() {
  echo "$*" >>"$SKIPPED"
}

# Changes are tried by the API server and not made, so that each snippet finds what the first one found.
kubectl() {
  local word
  for word; do
    case $word in -w | --watch) skip kubectl "$@"; return ;; esac
  done
  case $1 in
    apply | create | replace) "$KUBECTL" --namespace "$NAMESPACE" "$@" --dry-run=server --validate=strict ;;
    annotate | delete | label | patch | scale) "$KUBECTL" --namespace "$NAMESPACE" "$@" --dry-run=server ;;
    get | explain | api-resources) "$KUBECTL" --namespace "$NAMESPACE" "$@" ;;
    *) skip kubectl "$@" ;;
  esac
}

helm() {
  "$helm" "$@"
}

# Reads the arguments only; what it would run is run by the build itself.
mvn() {
  local module name
  while [ $# -gt 0 ]; do
    case $1 in
      -q | -o) ;;
      -pl)
        for module in ${2//,/ }; do [ -f "$module/pom.xml" ] || wrong "mvn: no module $module"; done
        shift
        ;;
      -Dtest=* | -Dit.test=*)
        name=$(/usr/bin/find crds operator e2e -name "${1#*=}.java")
        [ "$name" ] || wrong "mvn: no test ${1#*=}"
        ;;
      -Dcrds.refresh=true | -DskipTests) ;;
      test | package | verify | install | spotless:apply | spotless:check) ;;
      *) wrong "mvn: $1 is not known here" ;;
    esac
    shift
  done
}

# Reads the options only, against those the runner declares; the stories run it.
java() {
  local word
  [ "$1 $2" = "-jar operator/target/wharfinger.jar" ] || wrong "java: $1 $2"
  shift 2
  for word; do
    case $word in
      --*) /bin/grep -qF "\"$word\"" operator/src/main/java/dev/wharfinger/runner/*.java || wrong "java: no option $word" ;;
    esac
  done
  /bin/grep -qF "\"$1\"" operator/src/main/java/dev/wharfinger/runner/RunnerMain.java || wrong "java: no command $1"
}

# A program of the repository exists and knows the words it is given.
program() {
  local file=$1 sources=$2 word
  shift 2
  [ -x "$file" ] || wrong "$file cannot be run"
  for word; do
    /bin/grep -rqwFe "$word" $sources || wrong "$file does not know $word"
  done
}
function ./e2e/demo { program e2e/demo e2e/demo "$@"; }
function ./e2e/test {
  local word
  for word; do
    case $word in
      -*) program e2e/test e2e/test "$word" ;;
      *) [ "$(/usr/bin/find e2e/src/test/java -name "$word.java")" ] || wrong "no story $word" ;;
    esac
  done
}
function e2e/cluster/cluster { program e2e/cluster/cluster e2e/cluster "$@"; }
function e2e/jdk { program e2e/jdk e2e/jdk "$@"; }
function e2e/images/build {
  local name
  [ -x e2e/images/build ] || wrong "e2e/images/build cannot be run"
  for name; do /bin/grep -rqF "${name%%-*}" e2e/images/imagebuild || wrong "no image $name"; done
}
kind() { skip kind "$@"; }
docker() { skip docker "$@"; }
git() { skip git "$@"; }
