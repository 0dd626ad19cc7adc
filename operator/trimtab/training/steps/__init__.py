"""The five steps of a run, each called by one thin pipeline component.

A step gets the run's folder and the files of the steps before it, and imports only what it needs itself: every step is
a fresh process, and scikit-learn alone takes seconds to import.
"""
