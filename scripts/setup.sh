#!/usr/bin/env bash
# Installs what is missing to build SQIL Studio on Debian 12 and says what it installs.
#
#   scripts/setup.sh          what building and running needs
#   scripts/setup.sh tests    also what the tests need (PyTorch with its Python side, h5py, …)
#
# Safe to run twice. Debian packages are installed as root or with sudo; Python packages go into a
# private environment, ${SQIL_ENV:-~/.cache/sqil-studio/env}. Set LIBTORCH_ROOT to use a LibTorch of
# your own instead of the pinned one.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-run}
env_dir=${SQIL_ENV:-${XDG_CACHE_HOME:-$HOME/.cache}/sqil-studio/env}

packages=(
    g++ cmake ninja-build ccache pkg-config git ca-certificates
    python3 python3-venv
    qt6-base-dev qt6-svg-dev libqcustomplot-dev libqcustomplot2.1-qt6 libgl-dev libvtk9-dev
    libsqlite3-dev libhdf5-dev libzip-dev nlohmann-json3-dev libcli11-dev libspdlog-dev libexpected-dev
    fonts-dejavu-core fonts-inter
)
if [ "$what" = tests ]; then
    packages+=(qt6-l10n-tools xvfb xauth poppler-utils libgl1-mesa-dri libegl1 slurmctld slurmd slurm-client munge)
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else echo "setup: root is needed for: $*" >&2; exit 1
    fi
}

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "setup: installing Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# A stamp per requirements file holds its checksum: pip runs only when the file has changed.
install_python() {
    local requirements=$1; shift
    local stamp="$env_dir/installed-$(basename "$requirements")"
    local sum; sum=$(sha256sum <"$requirements")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
        echo "setup: installing Python packages of $requirements into $env_dir"
        "$env_dir/bin/pip" install --quiet --disable-pip-version-check "$@" -r "$requirements"
        echo "$sum" >"$stamp"
    fi
}

if [ "$what" = tests ] || [ -z "${LIBTORCH_ROOT:-}" ]; then
    if [ ! -x "$env_dir/bin/python" ]; then
        echo "setup: making the Python environment $env_dir"
        mkdir -p "$env_dir"
        /usr/bin/python3 -m venv "$env_dir"
    fi
    # LibTorch is the C++ half of the PyTorch wheel; its Python half is left out unless the tests need it.
    install_python scripts/requirements-libtorch.txt --no-deps
    if [ "$what" = tests ]; then
        install_python tests/reference/requirements.txt
    fi
fi
