"""A stand-in for the KFP API server: `python -m tests.support.kfp_server <port> <folder>`, in the runtime environment.

What comes in is held to the real models (`kfp_server_api`), to the IR's own protobufs and to those of kfp.kubernetes; a
run is carried out by kfp.local in a process of its own. It has the real server's traps: names are not unique, a second
POST is a second run, an ended run cannot be terminated, outputs are told nowhere.
"""
