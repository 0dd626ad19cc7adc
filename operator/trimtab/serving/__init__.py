"""What runs inside Ray Serve: the model's host, the protocol it speaks, the shadow beside it and the monitor behind it.

    request ─► Host (champion, asgi.py + protocol.py) ─► answer
                 └─ after the answer: tee.py ─► Shadow (candidate) ─┐
                                        └────────────────────────► Monitor (store.py: SQLite) ─► GET …/monitor

Words: a *stream* is what one version answered, named by version and artifact; a *pair* is what champion and candidate
answered side by side; a *window* is the block of rows that counts as one observation.
"""
