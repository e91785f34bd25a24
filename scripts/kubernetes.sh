#!/usr/bin/env bash
# Prints a folder that holds etcd, kube-apiserver, kube-controller-manager and kubectl of a Kubernetes release, for the
# end-to-end tests:
#
#   KUBEBUILDER_ASSETS="$(scripts/kubernetes.sh 1.36.3)" make e2e
#
# The first call for a release builds them with Go from its modules, which takes about ten minutes; every later call
# answers at once. Progress goes to stderr. setup-envtest fetches the same as binaries, where their host can be reached.
set -euo pipefail

version="${1:?expected a release of Kubernetes, such as 1.36.3}"
etcd=3.6.16
folder="${XDG_CACHE_HOME:-$HOME/.cache}/aloft/kubernetes/$version-etcd-$etcd"

if [[ ! -d "$folder" ]]; then
  command -v go >/dev/null || { echo "$0: needs Go to build Kubernetes" >&2; exit 1; }
  mkdir -p "$(dirname "$folder")"
  build="$(mktemp -d "$folder.XXXXXX")"
  trap 'rm -rf "$build"' EXIT
  mkdir "$build/kubernetes" "$build/etcd" "$build/bin"

  # The release names its own modules by folders of its repository: elsewhere, each has a version of its own.
  cd "$build/kubernetes"
  go mod init e2e/kubernetes 2>/dev/null
  sources="$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"GoMod": "\(.*\)",*$/\1/p')"
  sed -n "s|^\t*\(k8s.io/[a-z-]*\) => ./staging/.*|-replace=\1=\1@v0.${version#1.}|p" "$sources" |
    xargs go mod edit -require="k8s.io/kubernetes@v$version"
  programs=(kube-apiserver kube-controller-manager kubectl)
  { echo 'package main'; for program in "${programs[@]}"; do echo "import _ \"k8s.io/kubernetes/cmd/$program\""; done; } >imports.go
  echo "building Kubernetes $version" >&2
  go mod tidy >&2
  package=k8s.io/component-base/version
  minor="${version#1.}"
  flags="-s -w -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
  for program in "${programs[@]}"; do
    CGO_ENABLED=0 go build -ldflags "$flags" -o "$build/bin/$program" "k8s.io/kubernetes/cmd/$program" >&2
  done

  cd "$build/etcd"
  go mod init e2e/etcd 2>/dev/null
  go mod edit -require="go.etcd.io/etcd/server/v3@v$etcd"
  printf 'package main\nimport ("os"; "go.etcd.io/etcd/server/v3/etcdmain")\nfunc main() { etcdmain.Main(os.Args) }\n' >main.go
  echo "building etcd $etcd" >&2
  go mod tidy >&2
  CGO_ENABLED=0 go build -o "$build/bin/etcd" . >&2
  mv "$build/bin" "$folder"
fi

echo "$folder"
