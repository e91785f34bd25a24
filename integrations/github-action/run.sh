#!/usr/bin/env bash
# Reviews manifests in a job of GitHub Actions: annotations at lines, a report in the job summary, SARIF in a file.
# Its settings are the inputs of action.yml as INPUT_*; the other variables are those that GitHub documents.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
reports=$(mktemp -d "$RUNNER_TEMP/aloft.XXXXXX")
sarif=$reports/aloft.sarif
markdown=$reports/aloft.md

args=(--output github --output "sarif=$sarif" --output "markdown=$markdown" --fail-on "${INPUT_FAIL_ON:-violation}")
[[ -z ${INPUT_POLICY:-} ]] || args+=("--policy=$INPUT_POLICY")
while IFS= read -r path; do
  [[ -z $path ]] || args+=("--filename=$path")
done <<<"${INPUT_PATHS:-}"
while IFS= read -r arg; do
  [[ -z $arg ]] || args+=("$arg")
done <<<"${INPUT_ARGS:-}"

code=0
"$root/node_modules/.bin/node" "$root/dist/main.js" review "${args[@]}" || code=$?

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [[ -f $sarif && -f $markdown ]]; then
  printf '%s\n' "sarif-file=$sarif" "markdown-file=$markdown" >>"$GITHUB_OUTPUT"
  # A report for a comment is never as long as the summary of a step may be.
  cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
else
  # With a wrong policy nothing is reviewed; why stands in the log only.
  echo "::error title=aloft::nothing was reviewed (exit code $code): the log of this step says why"
fi
exit "$code"
