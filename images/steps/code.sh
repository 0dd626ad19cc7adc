# code.sh IMAGE: trimtab's own package, and the bill of materials of the whole image, under /own.
set -euo pipefail

/opt/tools/bin/pip --no-cache-dir wheel --no-build-isolation --no-deps --no-index --quiet --wheel-dir /tmp /src
/opt/tools/bin/pip --no-cache-dir --python /opt/trimtab/bin/python install --no-index --no-deps --no-compile --quiet \
    --prefix /own/opt/trimtab /tmp/trimtab-*.whl
rm -r /own/opt/trimtab/bin  # the command line is for the people's machines
/opt/trimtab/bin/python -m compileall -q --invalidation-mode unchecked-hash -s /own -p / /own/opt/trimtab/lib

cp -a /own/opt/trimtab/. /opt/trimtab/
mkdir -p /own/usr/share/sbom
/opt/tools/bin/python /src/images/steps/sbom.py "$1" > /own/usr/share/sbom/trimtab.cdx.json
