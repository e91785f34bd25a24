#!/bin/sh
# For Helm 3 as --post-renderer, and for the plugin of Helm 4 beside it: manifests in, manifests with the changes out.
# Arguments are those of `aloft review`: --policy, --namespace, --fail-on …

# Some charts render nothing, which is no fault. But aloft takes an empty input for one, and Helm 4 an empty output: the
# marker of a document is neither.
{ echo --- && cat; } | aloft review - --output yaml "$@"
