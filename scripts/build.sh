#!/usr/bin/env bash
# Configures and builds a preset (default: release) with what scripts/setup.sh installed.
#
#   scripts/build.sh [PRESET] [CMAKE OPTIONS…]
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
shift || true
env_dir=${SQIL_ENV:-${XDG_CACHE_HOME:-$HOME/.cache}/sqil-studio/env}
libtorch=${LIBTORCH_ROOT:-$(echo "$env_dir"/lib/python3*/site-packages/torch)}
python=
[ -f "$env_dir/installed-requirements.txt" ] && python=$env_dir/bin/python

cmake --preset "$preset" -DLIBTORCH_ROOT="$libtorch" -DSQIL_PYTHON="$python" "$@" >"/tmp/sqil-configure.$$.log" 2>&1 || {
    cat "/tmp/sqil-configure.$$.log" >&2
    exit 1
}
rm -f "/tmp/sqil-configure.$$.log"
cmake --build --preset "$preset"
