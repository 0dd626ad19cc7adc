# os.sh DEBS: Debian's Python from packages that lie in a folder; the user that everything runs as.
# No file makes its user root, and nothing is left that changes from one build to the next.
set -euo pipefail

apt-get install --yes --quiet --no-install-recommends --option Dpkg::Options::=--force-unsafe-io "$1"/*.deb
groupadd --gid 1000 trimtab
useradd --uid 1000 --gid 1000 --home-dir /tmp --no-create-home --shell /usr/sbin/nologin trimtab

find / -xdev -type f -perm /6000 -exec chmod a-s {} +
rm -rf /usr/share/doc/* /usr/share/man/* /var/lib/dpkg/*-old /var/cache/debconf/*-old /etc/*-
find /var/log /var/cache/apt /var/cache/ldconfig -type f -delete
