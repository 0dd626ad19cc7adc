"""One real Kubernetes node on this machine: containerd, kubelet, proxy, scheduler, DNS; no Docker, no image registry.

`Node` starts and stops it; everything runs below one temporary folder and one bridge, and `down` leaves no trace.
Pods reach the API server, the DNS server and what tests start beside them at the bridge's address; nothing further.
"""
