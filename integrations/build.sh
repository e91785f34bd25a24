#!/usr/bin/env bash
# Builds aloft in a checkout that a tool has made, once, with the Node.js that it pins: the machine's may be older.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ -f dist/.complete ]] && exit
npm ci --ignore-scripts --no-audit --no-fund
npm rebuild node
npm run --silent build
touch dist/.complete
