"""The demonstration: the flights of 2013 replayed against the loop, with nobody at the wheel.

It stands outside of trimtab, as a user does: it starts the sandbox by its command, applies two manifests with kubectl,
sends requests and labels to the endpoint, lands files in a folder, and reads the three kinds from the API server.

    replayed day      a calendar day of 2013, which takes `Settings.pace` real seconds
    standing still    replayed time does not go on: a training takes real seconds, not replayed weeks
    due               what may be known on a replayed day: nothing else is sent, landed or scored
"""
