# tools.sh: an environment in /opt/tools that installs, builds and lists; no image carries it.
set -euo pipefail

python3 -m venv --without-pip /opt/tools
pip=$(echo /wheels/pip-*.whl)  # runs from the wheel: Debian splits its bootstrap off
/opt/tools/bin/python "$pip/pip" --no-cache-dir install --no-index --find-links /wheels \
    --no-deps --require-hashes --quiet --requirement /build.lock
