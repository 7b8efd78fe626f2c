#!/usr/bin/env bash
# clang-format and clang-tidy over the project's own code; needs a configured release build.
#
#   scripts/lint.sh [--fix] [FILES…]     default: every .cpp of the project
set -euo pipefail
cd "$(dirname "$0")/.."

fix=()
if [ "${1:-}" = --fix ]; then fix=(--fix); shift; fi
mapfile -t files < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else git ls-files 'core/*.cpp' 'plugins/*.cpp' 'widgets/*.cpp' 'views/*.cpp' 'app/*.cpp'; fi)

if [ ${#fix[@]} -gt 0 ]; then
    git ls-files '*.cpp' '*.h' | xargs clang-format -i
else
    git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
fi

# clang-tidy knows GCC's precompiled headers and its flags for them as little as it can ignore those: it reads copies of
# the headers, with nothing precompiled beside.
mkdir -p build/lint
while read -r header; do
    cp "$header" "build/lint/$(basename "$(dirname "$header")").hxx"
done < <(find build/release -name cmake_pch.hxx)
sed -E "s/-fpch-preprocess//g; s/-Winvalid-pch//g; s#-include [^ ]*/([^/ ]+)/cmake_pch.hxx#-include $PWD/build/lint/\\1.hxx#g" \
    build/release/compile_commands.json >build/lint/compile_commands.json
printf '%s\n' "${files[@]}" | xargs -P 2 -n 4 clang-tidy -p build/lint --quiet "${fix[@]}" 2>/dev/null
