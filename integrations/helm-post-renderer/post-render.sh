#!/bin/sh
# For Helm 3 as --post-renderer, and for the plugin of Helm 4 beside it: manifests in, manifests with the changes out.
# Arguments are those of `aloft review`: --policy, --namespace, --fail-on …

# Some charts render nothing, or nothing but comments, which is no fault. But aloft takes an input without an object for
# one, and Helm 4 an empty output: the marker of a document is neither. The point keeps the new lines before it.
manifests=$(cat && echo .)
manifests=${manifests%.}
if printf '%s' "$manifests" | grep -qvE '^(---)?[[:space:]]*(#.*)?$'; then
  { echo --- && printf '%s' "$manifests"; } | aloft review - --output yaml "$@"
else
  echo --- && printf '%s' "$manifests"
fi
