# packages.sh IMAGE: what the image's lock names, in /opt/trimtab, without what the image never reads (lean/IMAGE.txt).
# Bytecode is written now and trusted by hash: at run time the root may not be written, and times are all the same.
set -euo pipefail

python3 -m venv --without-pip /opt/trimtab
/opt/tools/bin/pip --no-cache-dir --python /opt/trimtab/bin/python install --no-index --find-links /wheels \
    --no-deps --no-compile --require-hashes --quiet --requirement "/requirements/$1.lock"

cd /opt/trimtab/lib/python3.11/site-packages
compile() { /opt/trimtab/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash "$@"; }

drop() { rm -r "${1:?}"; }

# Generated code that nobody reads in a traceback: the bytecode stands where the source stood.
bytecode() { compile -b "$1"; find "$1" -name '*.py' -delete; }

find . -type d -name tests -prune -exec rm -r {} +
while read -r how path; do "$how" "$path"; done < "/steps/lean/$1.txt"
compile .
