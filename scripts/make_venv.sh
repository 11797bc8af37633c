#!/bin/sh
# Makes .venv with the first Python of this machine that is new enough.
set -eu

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$("$python" --version) cannot make environments: install its venv package (Debian: python3-venv)." >&2
    exit 1
  fi
  echo "Making .venv with $("$python" --version)"
  exec "$python" -m venv .venv
done
echo "The site needs Python 3.11 or newer: install one, or name it, as in PYTHON=/opt/python/bin/python3 make run." >&2
exit 1
