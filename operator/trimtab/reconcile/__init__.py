"""What the operator decides: for each kind observe → decide → effects → status, and the loop that runs the passes.

Each kind has its room: `observe` reads the world, everything else there is pure. `passes` puts the parts together,
`loop` says when. Nothing here knows kopf or a client.
"""
