#!/usr/bin/env bash
# Prints a folder that holds helm and kustomize, with which the end-to-end tests render `manifests/`:
#
#   PATH="$(scripts/renderers.sh):$PATH" npm run test:e2e
#
# The first call on a machine builds them with Go, which takes some minutes; every later call answers at once. Progress
# goes to stderr.
set -euo pipefail

tools=(helm.sh/helm/v3/cmd/helm@v3.19.0 sigs.k8s.io/kustomize/kustomize/v5@v5.7.1)
# One folder for these versions, so that others are built when they change here.
folder="${XDG_CACHE_HOME:-$HOME/.cache}/aloft/renderers/$(echo "${tools[*]}" | cksum | cut -d' ' -f1)"

for tool in "${tools[@]}"; do
  case "$tool" in helm.sh/*) name=helm ;; *) name=kustomize ;; esac
  [[ -x "$folder/$name" ]] && continue
  command -v go >/dev/null || { echo "$0: needs Go to build $tool" >&2; exit 1; }
  echo "building $tool" >&2
  mkdir -p "$folder"
  GOBIN="$folder" go install "$tool" >&2
done

echo "$folder"
