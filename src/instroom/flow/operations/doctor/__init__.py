"""`instroom doctor`: looks at all that a site stands on, says what is wrong and what to do, and changes nothing.

A module a subject. Each has a `look`, which gives what it finds, and stands alone: also where others break.
"""
